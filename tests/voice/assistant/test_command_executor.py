"""Errands: the library's answers and failures come back as events, and a change is never torn apart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import voice.assistant.command_executor
from catalogue_client.errors import Locked, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.library import Library
from catalogue_client.values.accounts import Hold
from catalogue_client.values.bibliographic import Query, Results
from voice.assistant.command_executor import CommandExecutor
from voice.dialogue import commands
from voice.dialogue.events import Answered, Failed
from voice.dialogue.reading_room import reading_commands

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOLD = Hold("1", "r1", "Абай жолы", "Мұхтар Әуезов", "p1", "№ 14", "ready", expires=date(2026, 11, 27))


class FaultyLibrary:
    """Does what a real library cannot be made to do on demand: refuses, hangs, breaks."""

    def __init__(self, outcome: Any, delay: float = 0) -> None:
        self.outcome = outcome
        self.delay = delay
        self.keys: list[str] = []
        self.done = 0

    async def search(self, query: Any) -> Any:
        return await self._answer()

    async def identify(self, ticket: str, pin: str, caller: str) -> Any:
        return await self._answer()

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Any:
        self.keys.append(key)
        return await self._answer()

    async def holds(self, ticket: str) -> Any:
        return await self._answer()

    async def courier_phone(self, ticket: str, delivery_id: str) -> Any:
        return await self._answer()

    async def _answer(self) -> Any:
        await asyncio.sleep(self.delay)
        self.done += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def whole(fake: Any) -> Library:
    """The fake in every part of a library."""
    return Library(fake, fake, fake, fake, fake, fake, fake, fake, fake)


def errands(library: Any) -> CommandExecutor:
    async def nobody(ask: commands.HandOver) -> bool:
        return False

    return CommandExecutor(whole(library), nobody, lambda: NOW, name="call-1", caller="line")


async def test_a_courier_is_connected_where_the_line_can_and_named_where_it_cannot() -> None:
    called = []

    async def connect(phone: str) -> bool:
        called.append(phone)
        return phone.startswith("+7701")

    async def nobody(ask: commands.HandOver) -> bool:
        return False

    for phone, told in (("+77010000099", ""), ("+77270000000,4712", "+77270000000,4712")):
        mine = CommandExecutor(
            whole(FaultyLibrary(phone)), nobody, lambda: NOW, name="c", caller="line", connect=connect
        )
        assert await mine.do(commands.CourierPhone("100001", "1")) == Answered(
            commands.CourierPhone("100001", "1"), told
        )
    assert called == ["+77010000099", "+77270000000,4712"]


SEARCH = commands.Search(query=Query(words="абай"))
HOLDING = commands.PlaceHold("100001", "r1", "p1")


async def test_an_answer_comes_back_with_its_ask() -> None:
    results = Results((), 0)
    assert await errands(FaultyLibrary(results)).do(SEARCH) == Answered(SEARCH, results)


async def test_a_refusal_carries_the_rule_and_its_values() -> None:
    event = await errands(FaultyLibrary(Refused("too_many_holds", limit=5))).do(HOLDING)
    assert event == Failed(HOLDING, "refused_too_many_holds", (("limit", 5),))


async def test_a_lock_says_until_when() -> None:
    ask = commands.Identify("1", "2")
    assert await errands(FaultyLibrary(Locked(NOW))).do(ask) == Failed(ask, "locked", (("time", "10:00"),))


async def test_a_wrong_pin_says_how_many_tries_are_left_where_it_is_known() -> None:
    ask = commands.Identify("100001", "0000")
    for left, values in ((3, (("count", 3),)), (0, (("count", 0),)), (None, ())):
        failed = await errands(FaultyLibrary(WrongTicketOrPin("wrong", left))).do(ask)
        assert failed == Failed(ask, "wrong_ticket_or_pin", values)


async def test_only_holds_with_a_copy_are_used_up_by_a_delivery() -> None:
    queued = replace(HOLD, id="2", record_id="r2", status="waiting", position=1)
    others = replace(HOLD, id="3", record_id="r3")
    ask = commands.UsedHolds("100001", ("r1", "r2"))
    assert await errands(FaultyLibrary((HOLD, queued, others))).do(ask) == Answered(ask, (HOLD,))


async def test_a_fault_of_ours_becomes_an_apology() -> None:
    event = await errands(FaultyLibrary(ZeroDivisionError())).do(SEARCH)
    assert event == Failed(SEARCH, "library_error")


def test_every_command_can_be_carried_out() -> None:
    named = (*vars(commands).values(), *vars(reading_commands).values())
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, commands.Command)}
    mine = errands(FaultyLibrary(None))
    assert mine.known == kinds - {commands.Command, commands.ChangeCommand}


async def test_a_slow_search_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.Search, "deadline_s", 0.01)
    library = FaultyLibrary(Results((), 0), delay=0.05)
    mine = errands(library)
    assert await mine.do(SEARCH) == Failed(SEARCH, Unavailable.prompt)
    assert library.done == 0
    await mine.finish()


async def test_a_slow_change_goes_on_and_its_outcome_is_called_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.PlaceHold, "deadline_s", 0.01)
    library = FaultyLibrary(HOLD, delay=0.05)
    mine = errands(library)
    assert await mine.do(HOLDING) == Failed(HOLDING, "outcome_unknown")
    await mine.finish()
    assert library.done == 1


class StuckLibrary:
    """Never answers, and tells when a question is given up."""

    def __init__(self) -> None:
        self.given_up = asyncio.Event()

    async def search(self, query: Any) -> Any:
        await self.place_hold()

    async def place_hold(self, *_: str, key: str = "") -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()


async def test_a_question_that_nobody_waits_for_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.Search, "deadline_s", 0.01)
    library = StuckLibrary()
    mine = errands(library)
    assert await mine.do(SEARCH) == Failed(SEARCH, Unavailable.prompt)
    await library.given_up.wait()


async def test_a_conversation_ends_although_a_change_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.PlaceHold, "deadline_s", 0.01)
    monkeypatch.setattr(voice.assistant.command_executor, "FINISH_S", 0.01)
    library = StuckLibrary()
    mine = errands(library)
    assert await mine.do(HOLDING) == Failed(HOLDING, "outcome_unknown")
    assert not library.given_up.is_set()
    await mine.finish()
    assert library.given_up.is_set()


async def test_every_change_has_a_key_of_its_own() -> None:
    library = FaultyLibrary(HOLD)
    mine = errands(library)
    await mine.do(HOLDING)
    await mine.do(HOLDING)
    assert len(set(library.keys)) == 2
    assert all(key.startswith("call-1:") for key in library.keys)

"""A session whose parts fail: step, a command, the way back. Somebody always answers, and the count is right."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest

from languages.codes import LANGUAGES
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.dialogue import commands
from voice.dialogue.context import DialogueContext, Profile, begin
from voice.dialogue.events import Answered, Began, Broke, Event, Failed, NotUnderstood, Said
from voice.dialogue.prompts import text_of
from voice.dialogue.step import step
from voice.dialogue.turn import Turn
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.intents import Intent

SEARCH = Said(Intent("search", {"words": "абай"}, "ru", "найди абая"))


class Fragile(CommandExecutor):
    """A library that raises for these commands."""

    def __init__(self, *broken: type[commands.Command]) -> None:
        self.library = SmallLibrary()
        self.broken = broken

    async def do(self, ask: commands.Command) -> Answered | Failed:
        if isinstance(ask, self.broken):
            raise KeyError("100001")
        return self.library.do(ask)

    async def finish(self) -> None:
        pass


class Held:
    """A session and what it counted."""

    def __init__(
        self, *broken: type[commands.Command], kind: ChannelKind = ChannelKind.DESK, language: str = "ru"
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.session = DialogueSession(
            begin(Profile(CAPABILITIES[kind], True, NOW, language)),
            Fragile(*broken),
            cast(Phrasebook, None),
            lambda: NOW,
            count=lambda kind: self.counts.update([kind]),
        )

    async def take(self, event: Event) -> Exchange:
        return await self.session.exchange(Understood(event))


def breaking(monkeypatch: pytest.MonkeyPatch, *broken: type[Event]) -> None:
    def fragile(context: DialogueContext, event: Event, now: Any = None) -> Turn:
        if isinstance(event, broken):
            raise KeyError("100001")
        return step(context, event, now)

    monkeypatch.setattr("voice.assistant.dialogue_session.step", fragile)


@pytest.mark.parametrize("kind", ChannelKind)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_sorry_is_said_in_the_readers_language_at_the_last_place(
    kind: ChannelKind, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(kind=kind, language=language)
    before = (await held.take(SEARCH)).context
    breaking(monkeypatch, NotUnderstood)
    after = await held.take(NotUnderstood("э"))
    assert after.lines[0].text == text_of(before.language, "error.broke")
    assert len(after.lines) > 1, "and what can be done there"
    assert after.context.state == before.state
    assert held.counts == {"handler": 1}


@pytest.mark.parametrize("broken", [(NotUnderstood, Broke), (NotUnderstood, Said, Broke)])
async def test_when_even_the_way_back_is_broken_it_is_said_and_begun_again(
    broken: tuple[type[Event], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held()
    await held.take(SEARCH)
    breaking(monkeypatch, *broken)
    for _ in range(3):
        after = await held.take(NotUnderstood("э"))
        assert after.lines and after.context.name == "start"


async def test_the_second_fault_of_a_conversation_calls_a_librarian(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held()
    await held.take(Began())
    breaking(monkeypatch, NotUnderstood)
    await held.take(NotUnderstood("э"))
    await held.take(SEARCH)
    second = await held.take(NotUnderstood("э"))
    assert any(isinstance(turn.command, commands.HandOver) for turn in second.turns)
    assert second.lines[0].text == text_of("ru", "error.broke_again")


async def test_a_command_that_breaks_is_told_counted_and_the_second_time_handed_over() -> None:
    held = Held(commands.Search)
    first, second = await held.take(SEARCH), await held.take(SEARCH)
    assert first.lines and not any(isinstance(turn.command, commands.HandOver) for turn in first.turns)
    assert any(isinstance(turn.command, commands.HandOver) for turn in second.turns)
    assert held.counts == {"command": 2}


async def test_a_hand_over_that_breaks_is_told_and_not_tried_without_end() -> None:
    held = Held(commands.Search, commands.HandOver)
    for _ in range(3):
        exchange = await held.take(SEARCH)
        assert exchange.lines
        assert sum(isinstance(turn.command, commands.HandOver) for turn in exchange.turns) <= 1


async def test_a_conversation_that_asks_without_end_is_ended_with_sorry(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(context: DialogueContext, event: Event, now: Any = None) -> Turn:
        return Turn(context, (), commands.FindPlace(""))

    monkeypatch.setattr("voice.assistant.dialogue_session.step", endless)
    held = Held()
    assert (await held.take(SEARCH)).lines[-1].text == text_of("ru", "error.broke")
    assert held.counts == {"handler": 1}

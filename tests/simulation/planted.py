"""Bugs that are put into the product on purpose, one at a time: a simulator that does not find them proves nothing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncTransaction

import catalogue_client.circulation.holds as holds_module
import catalogue_client.circulation.loans as loans_module
import catalogue_client.store.database as database
import voice.assistant.spoken_session as spoken_session
import voice.dialogue.confirmation as confirmation
import voice.synthesis.speaker as speaker
from catalogue_client.circulation.holds import HoldService
from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.errors import Unavailable
from catalogue_client.store.schema import copies, loans
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.spoken_session import SpokenSession

Plant = Callable[[], Any]
"""Makes a context in which the product has the bug."""
PLANTED: dict[str, Plant] = {}


def planted(function: Callable[[], Iterator[None]]) -> Callable[[], Iterator[None]]:
    """Enter a bug into the list under the name of its function."""
    PLANTED[function.__name__] = contextmanager(function)
    return function


def _patched(owner: Any, name: str, value: Any) -> Any:
    return mock.patch.object(owner, name, value)


@planted
def a_returned_loan_keeps_its_ticket() -> Iterator[None]:
    original = LoanService.take_back

    async def take_back(self: LoanService, connection: Any, loan_id: str, place_id: str) -> None:
        row = (await connection.execute(loans.select().where(loans.c.id == int(loan_id)))).one()
        await original(self, connection, loan_id, place_id)
        await connection.execute(update(loans).where(loans.c.id == int(loan_id)).values(ticket=row.ticket))

    with _patched(LoanService, "take_back", take_back):
        yield


@planted
def a_closed_hold_keeps_its_ticket() -> Iterator[None]:
    def closed(status: str) -> dict[str, Any]:
        return {"status": status, "copy_id": None}

    with _patched(holds_module, "closed_hold", closed), _patched(loans_module, "closed_hold", closed):
        yield


@planted
def a_copy_that_comes_back_passes_by_who_waits() -> Iterator[None]:
    async def put_back(self: ItemStore, connection: Any, copy_id: int, record: str, place_id: str, today: Any) -> None:
        await self.set_status(connection, copy_id, "shelf", place_id)

    with _patched(ItemStore, "put_back", put_back):
        yield


@planted
def a_copy_that_is_kept_stays_on_the_shelf() -> Iterator[None]:
    original = ItemStore.take

    async def take(self: ItemStore, connection: Any, *arguments: Any) -> Any:
        taken = await original(self, connection, *arguments)
        if taken:
            await connection.execute(update(copies).where(copies.c.id == taken[0]).values(status="shelf"))
        return taken

    with _patched(ItemStore, "take", take):
        yield


@planted
def the_same_key_acts_twice() -> Iterator[None]:
    async def once(connection: Any, encryption: Any, key: str, request: Any, answers: Any, act: Any, at: Any) -> Any:
        return await act()

    with _patched(holds_module, "once", once), _patched(loans_module, "once", once):
        yield


@planted
def any_yes_is_sure_enough() -> Iterator[None]:
    with mock.patch.dict(confirmation.LEAST_CONFIDENCE, {"confirming": 0.0}):
        yield


@planted
def a_key_counts_for_what_was_not_heard_yet() -> Iterator[None]:
    with _patched(spoken_session, "is_too_early", lambda *acts: False):
        yield


@planted
def a_voice_that_fails_is_silence() -> Iterator[None]:
    with _patched(speaker, "earcon", lambda name, rate: b""):
        yield


@planted
def a_long_answer_is_silence() -> Iterator[None]:
    with _patched(spoken_session, "WORKING_S", 3600.0):
        yield


@planted
def a_commit_that_fails_is_taken_for_done() -> Iterator[None]:
    original = AsyncTransaction.commit

    async def commit(self: AsyncTransaction) -> None:
        with suppress(DBAPIError):
            await original(self)

    with _patched(AsyncTransaction, "commit", commit):
        yield


@planted
def a_commit_that_fails_stays_open() -> Iterator[None]:
    async def give_up(connection: Any) -> None:
        pass

    with _patched(database, "_give_up", give_up):
        yield


@planted
def a_recogniser_that_fails_ends_the_call() -> Iterator[None]:
    def not_heard(self: SpokenSession, error: Exception) -> None:
        raise error

    with _patched(SpokenSession, "_not_heard", not_heard):
        yield


@planted
def a_hold_that_was_made_is_told_as_not_made() -> Iterator[None]:
    original = HoldService.place_hold

    async def place_hold(self: HoldService, ticket: str, record_id: str, place_id: str, *, key: str) -> Any:
        await original(self, ticket, record_id, place_id, key=key)
        raise Unavailable("after the fact")

    with _patched(HoldService, "place_hold", place_hold):
        yield


@planted
def the_log_names_who_asks() -> Iterator[None]:
    original: Callable[..., Awaitable[Any]] = CommandExecutor.do

    async def do(self: CommandExecutor, ask: Any) -> Any:
        logging.getLogger("voice.assistant.command_executor").info("%s", ask)
        return await original(self, ask)

    with _patched(CommandExecutor, "do", do):
        yield

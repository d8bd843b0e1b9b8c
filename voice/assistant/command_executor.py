"""Does what a conversation asks of the library and brings the outcome back as an event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar, cast

from catalogue_client.errors import (
    LibraryError,
    Locked,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    WrongTicketOrPin,
)
from catalogue_client.library import Library
from catalogue_client.search.matching import language_apart, matched_by
from catalogue_client.values.accounts import RenewOutcome
from catalogue_client.values.bibliographic import Results
from voice.assistant.reading.reading_room_commands import reading_room_commands
from voice.assistant.reading.shelf_work import shelf_commands
from voice.dialogue import commands
from voice.dialogue.commands import Answer, AnyCommand, ChangeCommand
from voice.dialogue.events import Answered, Failed

log = logging.getLogger(__name__)

FINISH_S = 10.0
"""A conversation that has ended waits no longer for what is still going on."""


HandOver = Callable[[commands.HandOver], Awaitable[bool]]
"""Brings a person on the line (True) or leaves a call-back request (False)."""
Connect = Callable[[str], Awaitable[bool]]
"""Connects the reader with a telephone number, an extension after a comma; False where this line cannot."""


async def not_connected(phone: str) -> bool:
    """On a line that cannot be connected with another."""
    return False


C = TypeVar("C", bound=AnyCommand)


class CommandRegistry:
    """How each command is carried out, by its type."""

    def __init__(
        self,
        library: Library,
        hand_over: HandOver,
        clock: Callable[[], datetime],
        *,
        caller: str,
        connect: Connect,
    ) -> None:
        self._library = library
        self._clock = clock
        self._connect = connect
        self._works: dict[type[AnyCommand], Callable[[Any, str], Awaitable[Answer]]] = {}
        on, circulation, deliveries = self._on, library.circulation, library.deliveries
        on(commands.Search, self._search)
        on(commands.ListNewBooks, lambda ask, key: library.catalogue.new_records(language=ask.language))
        on(commands.FindSimilar, lambda ask, key: library.catalogue.similar(ask.record_id))
        on(commands.FindSeries, lambda ask, key: library.catalogue.series(ask.record_id))
        on(commands.FindHoldings, lambda ask, key: library.catalogue.shelves(ask.record_id, ask.near))
        on(commands.FindPlace, self._find_place)
        on(commands.AskLibrary, lambda ask, key: library.knowledge.answer(ask.topic))
        on(commands.NoteQuestion, lambda ask, key: library.knowledge.note_question(ask.question))
        on(commands.Identify, lambda ask, key: circulation.identify(ask.ticket, ask.pin, caller))
        on(commands.ListHistory, lambda ask, key: circulation.history(ask.ticket))
        on(commands.ListLoans, lambda ask, key: circulation.loans(ask.ticket))
        on(commands.ListHolds, lambda ask, key: circulation.holds(ask.ticket))
        on(commands.UsedHolds, self._used_holds)
        on(commands.ListDeliveries, lambda ask, key: deliveries.deliveries(ask.ticket))
        on(
            commands.AcknowledgeDeliveryNews,
            lambda ask, key: deliveries.news_heard(ask.ticket, dict(ask.heard)),
        )
        on(commands.ListRequestOutcomes, lambda ask, key: circulation.request_outcomes(ask.ticket))
        on(commands.AcknowledgeRequestOutcomes, lambda ask, key: circulation.acknowledge_outcomes(ask.keys))
        on(commands.DeliverySlots, lambda ask, key: deliveries.delivery_slots(ask.ticket, ask.record_ids))
        on(commands.CollectionSlots, lambda ask, key: deliveries.collection_slots(ask.ticket, ask.loan_ids))
        on(commands.CourierPhone, self._courier_phone)
        on(
            commands.SavePreferences,
            lambda ask, key: circulation.save_preferences(ask.ticket, ask.preferences, key=key),
        )
        on(commands.HandOver, lambda ask, key: hand_over(ask))
        on(
            commands.PlaceHold,
            lambda ask, key: circulation.place_hold(ask.ticket, ask.record_id, ask.place_id, key=key),
        )
        on(commands.CancelHold, lambda ask, key: circulation.cancel_hold(ask.ticket, ask.hold_id, key=key))
        on(commands.Renew, lambda ask, key: circulation.renew(ask.ticket, ask.loan_id, key=key))
        on(commands.RenewAll, self._renew_all)
        on(commands.FindRecord, lambda ask, key: library.catalogue.record(ask.record_id))
        on(
            commands.LeaveForStaff,
            lambda ask, key: self._leave_for_staff(ask, caller, key),
        )
        self._works |= reading_room_commands(library.reading_room)
        on(commands.BookDelivery, self._book_delivery)
        on(commands.BookCollection, self._book_collection)
        on(commands.MoveSlots, lambda ask, key: deliveries.move_slots(ask.ticket))
        on(
            commands.MoveDelivery,
            lambda ask, key: deliveries.move_delivery(ask.ticket, ask.delivery_id, ask.slot_id, key=key),
        )
        on(
            commands.CancelDelivery,
            lambda ask, key: deliveries.cancel_delivery(ask.ticket, ask.delivery_id, key=key),
        )
        on(commands.SetAddress, lambda ask, key: deliveries.set_address(ask.ticket, ask.address, key=key))
        on(
            commands.SuspendHold,
            lambda ask, key: circulation.suspend_hold(ask.ticket, ask.hold_id, ask.until, key=key),
        )
        on(commands.KeepHistory, lambda ask, key: circulation.keep_history(ask.ticket, ask.wanted, key=key))
        self._works |= shelf_commands(library)
        on(commands.ChangePin, lambda ask, key: circulation.change_pin(ask.ticket, ask.pin, key=key))
        on(commands.ChangePhone, lambda ask, key: circulation.change_phone(ask.ticket, ask.phone, key=key))
        on(commands.BarTicket, lambda ask, key: circulation.bar_ticket(ask.ticket, key=key))
        on(commands.Register, lambda ask, key: circulation.register(ask.newcomer, key=key))

    @property
    def known(self) -> frozenset[type[AnyCommand]]:
        """The commands that can be carried out."""
        return frozenset(self._works)

    async def __call__(self, ask: AnyCommand, key: str) -> Answer:
        """Return the library's answer to `ask`; `key` makes a change idempotent. Raises LibraryError."""
        return await self._works[type(ask)](ask, key)

    def _on(self, kind: type[C], work: Callable[[C, str], Awaitable[Answer]]) -> None:
        self._works[kind] = work

    async def _search(self, ask: commands.Search, key: str) -> Answer:
        if topic := await self._topic(ask.text):
            return Results((), 0, topic=topic)
        results = await self._library.catalogue.search(ask.query)
        if ask.purpose is commands.SearchPurpose.BARE_TITLE:
            return replace(results, matched_by=matched_by(ask.query.words, results))
        if ask.said:
            return replace(results, language_apart=language_apart(ask.said, ask.query.words, ask.beside))
        return results

    async def _topic(self, text: str) -> str:
        """Return the topic for which staff have given these words as an example; books are found without it too."""
        try:
            return await self._library.knowledge.topic_of(text) if text else ""
        except LibraryError as error:
            log.info("no topic is looked for: %s", type(error).__name__)
            return ""

    async def _find_place(self, ask: commands.FindPlace, key: str) -> Answer:
        if not ask.name:
            return await self._library.places.places(self._clock())
        return await self._library.places.find_place(ask.name, self._clock(), ask.said)

    async def _used_holds(self, ask: commands.UsedHolds, key: str) -> Answer:
        mine = await self._library.circulation.holds(ask.ticket)
        # One that waits in the queue has no copy: it stays there until the book has been brought.
        return tuple(hold for hold in mine if hold.record_id in ask.record_ids and not hold.position)

    async def _renew_all(self, ask: commands.RenewAll, key: str) -> Answer:
        circulation = self._library.circulation
        if not ask.loan_ids:
            return await circulation.renew_all(ask.ticket, key=key)
        chosen = [loan for loan in await circulation.loans(ask.ticket) if loan.id in ask.loan_ids]
        outcomes = []
        for loan in chosen:
            try:
                renewed = await circulation.renew(ask.ticket, loan.id, key=f"{key}:{loan.id}")
                outcomes.append(RenewOutcome(renewed, True))
            except (Refused, NotFound) as error:
                why = error.rule if isinstance(error, Refused) else "not_renewable"
                outcomes.append(RenewOutcome(replace(loan, renewable=False, why_not=why), False))
        return tuple(outcomes)

    async def _leave_for_staff(self, ask: commands.LeaveForStaff, caller: str, key: str) -> Answer:
        await self._library.callbacks.request_callback(ask.ticket, caller, ask.context, key=key)
        return None

    async def _courier_phone(self, ask: commands.CourierPhone, key: str) -> Answer:
        phone = await self._library.deliveries.courier_phone(ask.ticket, ask.delivery_id)
        return "" if await self._connect(phone) else phone

    async def _book_delivery(self, ask: commands.BookDelivery, key: str) -> Answer:
        return await self._library.deliveries.book_delivery(
            ask.ticket,
            ask.record_ids,
            ask.slot_id,
            note=ask.note,
            may_tell=ask.may_tell,
            address=ask.address,
            key=key,
        )

    async def _book_collection(self, ask: commands.BookCollection, key: str) -> Answer:
        return await self._library.deliveries.book_collection(
            ask.ticket, ask.loan_ids, ask.slot_id, note=ask.note, may_tell=ask.may_tell, key=key
        )


class CommandExecutor:
    """Runs the errands of one reader. `name` makes the idempotency keys of this reader's session unique."""

    def __init__(
        self,
        library: Library,
        hand_over: HandOver,
        clock: Callable[[], datetime],
        *,
        name: str,
        caller: str,
        connect: Connect = not_connected,
    ) -> None:
        self._library = library
        self._work = CommandRegistry(library, hand_over, clock, caller=caller, connect=connect)
        self._name = name
        self._count = 0
        self._unfinished: set[asyncio.Task[Answer]] = set()

    @property
    def known(self) -> frozenset[type[AnyCommand]]:
        """The commands that can be carried out."""
        return self._work.known

    async def do(self, ask: AnyCommand) -> Answered | Failed:
        """Carry out `ask`. Never raises: what goes wrong comes back as Failed and is logged with its cause."""
        self._count += 1
        key = f"{self._name}:{self._count}"
        work = asyncio.ensure_future(self._work(ask, key))
        changes = isinstance(ask, ChangeCommand)
        try:
            async with asyncio.timeout(ask.deadline_s):
                # No change is torn apart by our own deadline or by a hang-up: it finishes by itself.
                return Answered(ask, await self._sheltered(work))
        except TimeoutError:
            log.warning("%s took longer than its deadline", type(ask).__name__)
            if not ask.outlives_deadline:
                work.cancel()  # nobody waits for the answer, and others need its place
            if changes:
                await self._note_unsure(ask, key)
            return _failed(ask, OutcomeUnknown() if changes else Unavailable())
        except LibraryError as error:
            if isinstance(error, OutcomeUnknown):
                await self._note_unsure(ask, key)
            log.info("%s: %s (%s)", type(ask).__name__, type(error).__name__, error.prompt)
            return _failed(ask, error)
        except Exception:
            log.exception("%s failed", type(ask).__name__)
            return _failed(ask, LibraryError())

    async def finish(self) -> None:
        """Wait for what outlived its deadline, at most FINISH_S; what is still going on then is broken off: the library
        keeps a change whole or not at all."""
        if not self._unfinished:
            return
        _, late = await asyncio.wait(self._unfinished, timeout=FINISH_S)
        for task in late:
            log.warning("an errand is broken off: it did not end within %g s of the conversation", FINISH_S)
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=FINISH_S)

    async def _note_unsure(self, ask: AnyCommand, key: str) -> None:
        try:
            match ask:
                case commands.PlaceHold(ticket, record_id):
                    await self._library.circulation.note_unknown_outcome(ticket, "hold", record_id, key=key)
                case commands.Renew(ticket, loan_id):
                    await self._library.circulation.note_unknown_outcome(ticket, "renew", loan_id, key=key)
                case commands.BookDelivery(ticket) | commands.BookCollection(ticket):
                    await self._library.circulation.note_unknown_outcome(ticket, "delivery", "", key=key)
        except Exception:
            log.exception("%s: nobody will tell what became of it", type(ask).__name__)

    async def _sheltered(self, work: asyncio.Future[Answer]) -> Answer:
        task = cast("asyncio.Task[Answer]", work)
        self._unfinished.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Answer]) -> None:
        """One that nobody waits for any more may fail too; whoever still waits hears of it from the task itself."""
        self._unfinished.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.debug("a command has ended with %s", type(error).__name__)


def _failed(ask: AnyCommand, error: LibraryError) -> Failed:
    values: dict[str, str | int] = {}
    if isinstance(error, Refused):
        values = error.values
    elif isinstance(error, Locked):
        values = {"time": f"{error.until:%H:%M}"}
    elif isinstance(error, WrongTicketOrPin) and error.left is not None:
        values = {"count": error.left}
    return Failed(ask, error.prompt, tuple(values.items()))

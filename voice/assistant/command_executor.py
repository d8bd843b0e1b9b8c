"""Does what a conversation asks of the library and brings the outcome back as an event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import cast

from catalogue_client.errors import LibraryError, Locked, OutcomeUnknown, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.library import Library
from voice.dialogue import commands
from voice.dialogue.events import Answer, Answered, Failed

log = logging.getLogger(__name__)

READ_DEADLINE_S = 4.0
"""A reader on the telephone waits no longer than this for an answer that changes nothing."""
CHANGE_DEADLINE_S = 10.0
"""After this a change goes on by itself and the reader hears that its outcome is not known yet."""
FINISH_S = 10.0
"""A conversation that has ended waits no longer for what is still going on."""
RING_DEADLINE_S = 25.0
"""Another telephone has to ring and be answered meanwhile."""
RINGS = (commands.HandOver, commands.CourierPhone)
LASTING = (
    *commands.CHANGES,
    commands.HandOver,
    commands.SavePreferences,
    commands.AcknowledgeDeliveryNews,
    commands.AcknowledgeRequestOutcomes,
    commands.Identify,
)
"""What goes on by itself after its deadline; a wrong PIN counts although nobody waits for the answer."""
HandOver = Callable[[commands.HandOver], Awaitable[bool]]
"""Brings a person on the line (True) or leaves a call-back request (False)."""
Connect = Callable[[str], Awaitable[bool]]
"""Connects the reader with a telephone number, an extension after a comma; False where this line cannot."""


async def not_connected(phone: str) -> bool:
    """On a line that cannot be connected with another."""
    return False


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
        self._hand_over = hand_over
        self._connect = connect
        self._clock = clock
        self._name = name
        self._caller = caller
        self._count = 0
        self._unfinished: set[asyncio.Task[Answer]] = set()

    async def do(self, ask: commands.Command) -> Answered | Failed:
        """Carry out `ask`. Never raises: what goes wrong comes back as Failed and is logged with its cause."""
        self._count += 1
        key = f"{self._name}:{self._count}"
        work = asyncio.ensure_future(self._carry_out(ask, key))
        changes = isinstance(ask, commands.CHANGES)
        try:
            async with asyncio.timeout(_deadline_s(ask)):
                # No change is torn apart by our own deadline or by a hang-up: it finishes by itself.
                return Answered(ask, await self._sheltered(work))
        except TimeoutError:
            log.warning("%s took longer than its deadline", type(ask).__name__)
            if not isinstance(ask, LASTING):
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

    async def _note_unsure(self, ask: commands.Command, key: str) -> None:
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
        task.add_done_callback(self._unfinished.discard)
        return await asyncio.shield(task)

    async def _carry_out(self, ask: commands.Command, key: str) -> Answer:
        library = self._library
        match ask:
            case commands.Search(query):
                return await library.catalogue.search(query)
            case commands.ListNewBooks(language):
                return await library.catalogue.new_records(language=language)
            case commands.FindHoldings(record_id, near):
                return await library.catalogue.shelves(record_id, near)
            case commands.FindPlace(""):
                return await library.places.places(self._clock())
            case commands.FindPlace(name, said):
                return await library.places.find_place(name, self._clock(), said)
            case commands.Identify(ticket, pin):
                return await library.circulation.identify(ticket, pin, self._caller)
            case commands.ListHistory(ticket):
                return await library.circulation.history(ticket)
            case commands.ListLoans(ticket):
                return await library.circulation.loans(ticket)
            case commands.ListHolds(ticket):
                return await library.circulation.holds(ticket)
            case commands.UsedHolds(ticket, record_ids):
                mine = await library.circulation.holds(ticket)
                # One that waits in the queue has no copy: it stays there until the book has been brought.
                return tuple(hold for hold in mine if hold.record_id in record_ids and not hold.position)
            case commands.ListDeliveries(ticket):
                return await library.deliveries.deliveries(ticket)
            case commands.AcknowledgeDeliveryNews(ticket, heard):
                await library.deliveries.news_heard(ticket, dict(heard))
                return None
            case commands.ListRequestOutcomes(ticket):
                return await library.circulation.request_outcomes(ticket)
            case commands.AcknowledgeRequestOutcomes(keys):
                await library.circulation.acknowledge_outcomes(keys)
                return None
            case commands.DeliverySlots(ticket, record_ids):
                return await library.deliveries.delivery_slots(ticket, record_ids)
            case commands.CollectionSlots(ticket, loan_ids):
                return await library.deliveries.collection_slots(ticket, loan_ids)
            case commands.CourierPhone(ticket, delivery_id):
                phone = await library.deliveries.courier_phone(ticket, delivery_id)
                return "" if await self._connect(phone) else phone
            case commands.SavePreferences(ticket, preferences):
                await library.circulation.save_preferences(ticket, preferences, key=key)
                return None
            case commands.HandOver():
                return await self._hand_over(ask)
            case _:
                return await self._change(ask, key)

    async def _change(self, ask: commands.Command, key: str) -> Answer:
        library = self._library
        match ask:
            case commands.PlaceHold(ticket, record_id, place_id):
                return await library.circulation.place_hold(ticket, record_id, place_id, key=key)
            case commands.CancelHold(ticket, hold_id):
                return await library.circulation.cancel_hold(ticket, hold_id, key=key)
            case commands.Renew(ticket, loan_id):
                return await library.circulation.renew(ticket, loan_id, key=key)
            case commands.RenewAll(ticket):
                return await library.circulation.renew_all(ticket, key=key)
            case commands.BookDelivery(ticket, record_ids, slot_id, note, told):
                return await library.deliveries.book_delivery(
                    ticket, record_ids, slot_id, note=note, may_tell=told, key=key
                )
            case commands.BookCollection(ticket, loan_ids, slot_id, note, told):
                return await library.deliveries.book_collection(
                    ticket, loan_ids, slot_id, note=note, may_tell=told, key=key
                )
            case commands.CancelDelivery(ticket, delivery_id):
                return await library.deliveries.cancel_delivery(ticket, delivery_id, key=key)
            case commands.SetAddress(ticket, address):
                return await library.deliveries.set_address(ticket, address, key=key)
            case commands.Register(newcomer):
                return await library.circulation.register(newcomer, key=key)
        raise AssertionError(f"no errand for {type(ask).__name__}")


def _deadline_s(ask: commands.Command) -> float:
    if isinstance(ask, RINGS):
        return RING_DEADLINE_S
    return CHANGE_DEADLINE_S if isinstance(ask, commands.CHANGES) else READ_DEADLINE_S


def _failed(ask: commands.Command, error: LibraryError) -> Failed:
    values: dict[str, str | int] = {}
    if isinstance(error, Refused):
        values = error.values
    elif isinstance(error, Locked):
        values = {"time": f"{error.until:%H:%M}"}
    elif isinstance(error, WrongTicketOrPin) and error.left is not None:
        values = {"count": error.left}
    return Failed(ask, error.prompt, tuple(values.items()))

"""Loans and holds on a library system; while it is away, requests are accepted, sent later and their outcome kept.

PINs cannot be checked without the system, so only a reader who was identified before it went away can request
something. What a change's outcome is unknown of is not queued: the connector has looked, and says so.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from catalogue_client.connectors.circuit_breaker import CircuitBreaker
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.errors import BadAnswer, LibraryError, NotFound, OutcomeUnknown, Refused, Unavailable
from catalogue_client.protocols import Lending
from catalogue_client.values.accounts import (
    Hold,
    Loan,
    Newcomer,
    PendingRequest,
    PendingRequestKind,
    Preferences,
    Reader,
    RenewOutcome,
)
from catalogue_client.values.bibliographic import Record

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""Between two looks at what waits, while the system answers."""
LONGEST_WAIT = timedelta(days=3)
"""After this a request is given up and its reader asked to repeat it."""
SENT_S = 20.0
"""Longest time for one request to be sent and answered."""


class ResilientCirculation:
    """Implements the protocol Circulation: `lending` in front, `pending` behind."""

    def __init__(
        self,
        lending: Lending,
        pending: PendingRequestStore,
        record: Callable[[str], Awaitable[Record]],
        breaker: CircuitBreaker,
        place_name: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`record`: record id -> record, also while the library system is away. `place_name`: place id -> its name in
        the nominative, for the read-back of an accepted hold."""
        self._lending = lending
        self._pending = pending
        self._record = record
        self._breaker = breaker
        self._place_name = place_name
        self._clock = clock
        self._loans: dict[str, tuple[Loan, ...]] = {}
        """Of readers that were asked for since the start, for the titles of renewals that must wait."""

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Raises Unavailable while the system is away: it alone checks PINs."""
        return await self._breaker.ask(lambda: self._lending.identify(ticket, pin, caller))

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return loans, `accepted` where a renewal waits to be sent. Raises Unavailable."""
        loans = await self._breaker.ask(lambda: self._lending.loans(ticket))
        self._loans[ticket] = loans
        waiting = {request.subject for request in await self._pending.waiting(ticket) if request.kind == "renew"}
        return tuple(replace(loan, accepted=loan.id in waiting) for loan in loans)

    async def history(self, ticket: str) -> tuple[Loan, ...] | None:
        """Return what the system keeps of it."""
        return await self._lending.history(ticket)

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds, with those that are only accepted yet; these alone while the system is away.

        Raises Unavailable.
        """
        accepted = tuple(_hold(request) for request in await self._pending.waiting(ticket) if request.kind == "hold")
        try:
            return (*await self._breaker.ask(lambda: self._lending.holds(ticket)), *accepted)
        except (Unavailable, BadAnswer):
            if not accepted:
                raise
            return accepted

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Return a hold, with the status "accepted" while the system is away."""
        try:
            return await self._breaker.ask(lambda: self._lending.place_hold(ticket, record_id, place_id, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            log.info("a hold waits for the library system: %s", error)
        record = await self._record(record_id)
        request = PendingRequest(
            key,
            ticket,
            "hold",
            record_id,
            record.title,
            record.author,
            place_id,
            self._place_name(place_id),
            self._clock(),
        )
        return _hold(await self._pending.add(request))

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """What only waits to be sent is taken back at once. Raises NotFound, Unavailable."""
        for request in await self._pending.waiting(ticket):
            if (
                request.kind == "hold"
                and request.key == hold_id
                and await self._pending.settle(request.key, "taken_back")
            ):
                await self._pending.forget([request.key])
                return replace(_hold(request), status="cancelled")
        return await self._breaker.ask(lambda: self._lending.cancel_hold(ticket, hold_id, key=key))

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Return the loan, `accepted` for renewal while the system is away."""
        try:
            return await self._breaker.ask(lambda: self._lending.renew(ticket, loan_id, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            loan = next((loan for loan in self._loans.get(ticket, ()) if loan.id == loan_id), None)
            if loan is None:
                raise
            log.info("a renewal waits for the library system: %s", error)
        await self._pending.add(self._renewal(ticket, loan, key))
        return replace(loan, accepted=True)

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Return what became of each loan; while the system is away every renewable one becomes a request."""
        try:
            return await self._breaker.ask(lambda: self._lending.renew_all(ticket, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable:
            known = self._loans.get(ticket, ())
            if not known:
                raise
        outcomes = []
        for loan in known:
            if loan.renewable:
                await self._pending.add(self._renewal(ticket, loan, f"{key}:{loan.id}"[-128:]))
            outcomes.append(RenewOutcome(replace(loan, accepted=loan.renewable), False))
        return tuple(outcomes)

    def _renewal(self, ticket: str, loan: Loan, key: str) -> PendingRequest:
        return PendingRequest(key, ticket, "renew", loan.id, loan.title, loan.author, "", "", self._clock(), loan.due)

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Raises Unavailable."""
        return await self._breaker.ask(lambda: self._lending.register(newcomer, key=key))

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """Raises Unavailable."""
        await self._breaker.ask(lambda: self._lending.save_preferences(ticket, preferences, key=key))

    async def suspend_hold(self, ticket: str, hold_id: str, until: date | None, *, key: str) -> Hold:
        """Raises NotFound, Refused, Unavailable."""
        return await self._breaker.ask(lambda: self._lending.suspend_hold(ticket, hold_id, until, key=key))

    async def keep_history(self, ticket: str, wanted: bool, *, key: str) -> None:
        """Raises Refused, Unavailable."""
        await self._breaker.ask(lambda: self._lending.keep_history(ticket, wanted, key=key))

    async def change_pin(self, ticket: str, pin: str, *, key: str) -> None:
        """Raises Refused, Unavailable."""
        await self._breaker.ask(lambda: self._lending.change_pin(ticket, pin, key=key))

    async def change_phone(self, ticket: str, phone: str, *, key: str) -> None:
        """Raises Refused, Unavailable."""
        await self._breaker.ask(lambda: self._lending.change_phone(ticket, phone, key=key))

    async def bar_ticket(self, ticket: str, *, key: str) -> None:
        """Raises Refused, Unavailable."""
        await self._breaker.ask(lambda: self._lending.bar_ticket(ticket, key=key))

    async def note_unknown_outcome(self, ticket: str, kind: PendingRequestKind, subject: str, *, key: str) -> None:
        """Nothing is kept: what became of a change in the library system is seen in its own lists."""

    async def request_outcomes(self, ticket: str) -> tuple[PendingRequest, ...]:
        """Return what became of requests since the reader's last contact."""
        return await self._pending.settled(ticket)

    async def acknowledge_outcomes(self, keys: Sequence[str]) -> None:
        """Forget these: the reader has heard them."""
        await self._pending.forget(keys)

    async def send_pending(self) -> None:
        """Send what waits whenever the system answers, for ever."""
        while True:
            try:
                await self.send_once()
            except LibraryError:
                log.exception("pending requests cannot be sent now")
            await asyncio.sleep(EVERY_S * random.uniform(0.75, 1.25))

    async def send_once(self) -> None:
        """Try every request once; the first that meets a silent system ends the round."""
        if not self._pending.try_acquire_sender_lock():
            return
        for request in await self._pending.waiting():
            if self._clock() - request.made > LONGEST_WAIT:
                await self._pending.settle(request.key, "refused", "unavailable")
                continue
            try:
                async with asyncio.timeout(SENT_S):
                    await self._breaker.ask(partial(self._send, request))
            except (Unavailable, BadAnswer, TimeoutError) as error:
                log.info("a request waits on: %s", error)
                return

    async def _send(self, request: PendingRequest) -> None:
        try:
            if request.kind == "hold":
                await self._lending.place_hold(request.ticket, request.subject, request.place_id, key=request.key)
            elif not await self._is_renewed(request):
                await self._lending.renew(request.ticket, request.subject, key=request.key)
        except Refused as error:
            # After a crash between the sending and the note, the hold is there already: that was the request.
            there = error.rule == "already_held"
            await self._pending.settle(request.key, "done" if there else "refused", "" if there else error.rule)
        except NotFound:
            await self._pending.settle(request.key, "refused", "not_found")
        else:
            await self._pending.settle(request.key, "done")

    async def _is_renewed(self, request: PendingRequest) -> bool:
        """By a try whose answer was lost, or at a desk meanwhile."""
        now = next((loan for loan in await self._lending.loans(request.ticket) if loan.id == request.subject), None)
        return now is not None and now.is_due_later_than(request.due)


def _hold(request: PendingRequest) -> Hold:
    return Hold(
        request.key, request.subject, request.title, request.author, request.place_id, request.place, "accepted"
    )

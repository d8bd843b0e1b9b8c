"""Loans and holds on a library system; while it is away, wishes are accepted, sent later and their outcome told.

PINs cannot be checked without the system, so only a reader who was identified before it went away can wish for
something. What a change's outcome is unknown of is not queued: the connector has looked, and says so.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from catalogue_client.connectors.circuit_breaker import CircuitBreaker
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.errors import BadAnswer, LibraryError, NotFound, OutcomeUnknown, Refused, Unavailable
from catalogue_client.protocols import Circulation
from catalogue_client.values.accounts import Hold, Loan, Newcomer, PendingRequest, Preferences, Reader, RenewOutcome
from catalogue_client.values.bibliographic import Record

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""Between two looks at what waits, while the system answers."""
LONGEST_WAIT = timedelta(days=3)
"""After this a wish is given up and its reader told to ask again."""
SENT_S = 20.0
"""Longest time for one wish to be sent and answered."""


class ResilientCirculation:
    """Implements the protocol Circulation: `circulation` in front, `wishes` behind."""

    def __init__(
        self,
        circulation: Circulation,
        wishes: PendingRequestStore,
        record: Callable[[str], Awaitable[Record]],
        breaker: CircuitBreaker,
        place_name: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`record`: record id -> record, also while the library system is away. `place_name`: place id -> its name in
        the nominative, for the read-back of an accepted hold."""
        self._circulation = circulation
        self._wishes = wishes
        self._record = record
        self._breaker = breaker
        self._place_name = place_name
        self._clock = clock
        self._loans: dict[str, tuple[Loan, ...]] = {}
        """Of readers that were asked for since the start, for the titles of renewals that must wait."""

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        return await self._breaker.ask(lambda: self._circulation.identify(ticket, pin, caller))

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        loans = await self._breaker.ask(lambda: self._circulation.loans(ticket))
        self._loans[ticket] = loans
        wished = {wish.subject for wish in await self._wishes.waiting(ticket) if wish.kind == "renew"}
        return tuple(replace(loan, accepted=loan.id in wished) for loan in loans)

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """With those that are only accepted yet; these alone while the system is away. Raises Unavailable."""
        accepted = tuple(_hold(wish) for wish in await self._wishes.waiting(ticket) if wish.kind == "hold")
        try:
            return (*await self._breaker.ask(lambda: self._circulation.holds(ticket)), *accepted)
        except (Unavailable, BadAnswer):
            if not accepted:
                raise
            return accepted

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """A hold with the status "accepted" while the system is away."""
        try:
            return await self._breaker.ask(lambda: self._circulation.place_hold(ticket, record_id, place_id, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            log.info("a hold waits for the library system: %s", error)
        record = await self._record(record_id)
        wish = PendingRequest(
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
        return _hold(await self._wishes.add(wish))

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """What only waits to be sent is taken back at once. Raises NotFound, Unavailable."""
        for wish in await self._wishes.waiting(ticket):
            if wish.kind == "hold" and wish.key == hold_id and await self._wishes.settle(wish.key, "taken_back"):
                await self._wishes.told([wish.key])
                return replace(_hold(wish), status="cancelled")
        return await self._breaker.ask(lambda: self._circulation.cancel_hold(ticket, hold_id, key=key))

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """A loan that is `accepted` for renewal while the system is away."""
        try:
            return await self._breaker.ask(lambda: self._circulation.renew(ticket, loan_id, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable as error:
            loan = next((loan for loan in self._loans.get(ticket, ()) if loan.id == loan_id), None)
            if loan is None:
                raise
            log.info("a renewal waits for the library system: %s", error)
        await self._wishes.add(self._renewal(ticket, loan, key))
        return replace(loan, accepted=True)

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """While the system is away every renewable loan becomes a wish of its own."""
        try:
            return await self._breaker.ask(lambda: self._circulation.renew_all(ticket, key=key))
        except OutcomeUnknown:
            raise
        except Unavailable:
            known = self._loans.get(ticket, ())
            if not known:
                raise
        outcomes = []
        for loan in known:
            if loan.renewable:
                await self._wishes.add(self._renewal(ticket, loan, f"{key}:{loan.id}"[-128:]))
            outcomes.append(RenewOutcome(replace(loan, accepted=loan.renewable), False))
        return tuple(outcomes)

    def _renewal(self, ticket: str, loan: Loan, key: str) -> PendingRequest:
        return PendingRequest(key, ticket, "renew", loan.id, loan.title, loan.author, "", "", self._clock(), loan.due)

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        return await self._breaker.ask(lambda: self._circulation.register(newcomer, key=key))

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        await self._breaker.ask(lambda: self._circulation.save_preferences(ticket, preferences, key=key))

    async def wish_news(self, ticket: str) -> tuple[PendingRequest, ...]:
        """What became of wishes since the reader's last contact."""
        return await self._wishes.news(ticket)

    async def wish_news_heard(self, keys: Sequence[str]) -> None:
        """The reader has heard these (keys of wishes)."""
        await self._wishes.told(keys)

    async def send_wishes(self) -> None:
        """Send what waits whenever the system answers, for ever."""
        while True:
            try:
                await self.send_once()
            except LibraryError:
                log.exception("the wishes of readers cannot be sent now")
            await asyncio.sleep(EVERY_S * random.uniform(0.75, 1.25))

    async def send_once(self) -> None:
        """Try every wish once; the first that meets a silent system ends the round."""
        if not self._wishes.try_acquire_sender_lock():
            return
        for wish in await self._wishes.waiting():
            if self._clock() - wish.made > LONGEST_WAIT:
                await self._wishes.settle(wish.key, "refused", "unavailable")
                continue
            try:
                async with asyncio.timeout(SENT_S):
                    await self._breaker.ask(partial(self._send, wish))
            except (Unavailable, BadAnswer, TimeoutError) as error:
                log.info("a wish waits on: %s", error)
                return

    async def _send(self, wish: PendingRequest) -> None:
        try:
            if wish.kind == "hold":
                await self._circulation.place_hold(wish.ticket, wish.subject, wish.place_id, key=wish.key)
            elif not await self._is_renewed(wish):
                await self._circulation.renew(wish.ticket, wish.subject, key=wish.key)
        except Refused as error:
            # After a crash between the sending and the note, the hold is there already: that was the wish.
            there = error.rule == "already_held"
            await self._wishes.settle(wish.key, "done" if there else "refused", "" if there else error.rule)
        except NotFound:
            await self._wishes.settle(wish.key, "refused", "not_found")
        else:
            await self._wishes.settle(wish.key, "done")

    async def _is_renewed(self, wish: PendingRequest) -> bool:
        """By a try whose answer was lost, or at a desk meanwhile."""
        now = next((loan for loan in await self._circulation.loans(wish.ticket) if loan.id == wish.subject), None)
        return now is not None and wish.due is not None and now.due > wish.due


def _hold(wish: PendingRequest) -> Hold:
    return Hold(wish.key, wish.subject, wish.title, wish.author, wish.place_id, wish.place, "accepted")

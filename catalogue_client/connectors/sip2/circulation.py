"""Readers, loans and holds of a library system over SIP2.

A record id is here the bar code of any copy of the record unless a look-up is given, a loan id the bar code of the copy
that was lent; where the server lists titles only, a title. The PIN is passed on by `identify` and forgotten; later
requests go without it, on the word of this service's own login, unless the settings say that the server wants it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from catalogue_client.connectors.idempotency_cache import IdempotencyCache, idempotent
from catalogue_client.connectors.left_to_staff import LeftToStaff
from catalogue_client.connectors.sip2.account import TO_CHANGE, TO_COMPARE, AccountEntry, Faults, Sip2Account
from catalogue_client.connectors.sip2.answers import date_of, is_reader, refusal
from catalogue_client.connectors.sip2.client import Sip2Client
from catalogue_client.connectors.sip2.kept_pins import KeptPins
from catalogue_client.connectors.sip2.messages import Sip2Message
from catalogue_client.connectors.sip2.pool import Pool
from catalogue_client.connectors.sip2.requests import RequestWriter
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import (
    BadAnswer,
    LibraryError,
    NotFound,
    Refused,
    Unavailable,
    WrongTicketOrPin,
)
from catalogue_client.values.accounts import Hold, Loan, Newcomer, Preferences, Reader, RenewOutcome

DONE = "1"


class Sip2Circulation(LeftToStaff):
    """Implements the protocol Lending. Made by `sip2_circulation`."""

    def __init__(
        self,
        line: Sip2Client,
        sender: RequestWriter,
        account: Sip2Account,
        pins: KeptPins,
        answered: IdempotencyCache,
        barcode: Callable[[str], Awaitable[str]] | None = None,
    ) -> None:
        """`barcode`: record id -> bar code of a copy; None where a record id is a bar code already."""
        self._line = line
        self._sender = sender
        self._account = account
        self._pins = pins
        self._answered = answered
        self._barcode = barcode

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Raises WrongTicketOrPin. Wrong tries are counted by the library system."""
        if not ticket or not pin:
            raise WrongTicketOrPin("ticket and PIN are both needed")
        try:
            answer = await self._line.ask(self._sender.patron(ticket, pin))
        except NotFound as error:
            raise WrongTicketOrPin("no ticket or PIN can be written like this") from error
        if not is_reader(answer):
            raise WrongTicketOrPin("the SIP2 server does not confirm ticket and PIN")
        self._pins.keep(ticket, pin)
        return Reader(ticket, answer.get("AE"))

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return what the reader has at home. Raises Unavailable, BadAnswer."""
        return await self._account.loans(ticket)

    async def history(self, ticket: str) -> None:
        """None: SIP2 has no request for what was given back."""

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds. Raises Unavailable, BadAnswer."""
        return await self._account.holds(ticket)

    @idempotent
    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Raises Refused, also when the reader has the hold already; NotFound for an unknown bar code."""
        barcode = await self._barcode(record_id) if self._barcode else record_id
        item = await self._account.item(barcode)
        before = await self._account.entries(ticket, TO_CHANGE)
        if any(entry.barcode in (barcode, item.title) for entry in before):
            raise Refused("already_held")
        known = {entry.barcode for entry in before}

        async def placed() -> AccountEntry | None:
            now = await self._account.entries(ticket, TO_COMPARE)
            return next((entry for entry in now if entry.barcode not in known and entry.is_for(item)), None)

        answer = await self._line.change(self._sender.hold(ticket, self._pins.of(ticket), barcode, place_id), placed)
        if isinstance(answer, AccountEntry):
            return self._account.hold(answer, place_id)
        if answer.fixed[:1] != DONE:
            raise refusal(answer, await self._account.flags(ticket), "no_copy")
        # "Available" in this answer means a copy on the open shelf: nobody has laid it aside yet.
        queue = answer.get("BR")
        position = max(1, int(queue)) if queue.isdecimal() else 1
        return self._account.hold(AccountEntry(barcode, item, ready=False), place_id, position)

    @idempotent
    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Raises NotFound when there is no such hold."""

        async def there(spared: Faults) -> AccountEntry | None:
            entries = await self._account.entries(ticket, spared)
            return next((entry for entry in entries if entry.barcode == hold_id), None)

        async def gone() -> bool | None:
            return None if await there(TO_COMPARE) else True

        entry = await there(TO_CHANGE)
        if entry is None:
            raise NotFound("no such hold")
        answer = await self._line.change(
            self._sender.cancel(ticket, self._pins.of(ticket), hold_id, entry.named_by), gone
        )
        # "No such hold" after a repeat is what was asked for.
        if isinstance(answer, Sip2Message) and answer.fixed[:1] != DONE and not await self._line.seen(gone):
            raise refusal(answer, await self._account.flags(ticket), "ask_staff")
        return self._account.hold(entry, status="cancelled")

    @idempotent
    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Raises NotFound when there is no such loan, Refused."""
        loan = await self._account.loan(ticket, loan_id, TO_CHANGE)

        async def later() -> Loan | None:
            now = await self._account.loan(ticket, loan_id, TO_COMPARE)
            if loan.due is None or now.due is None:
                raise BadAnswer("no due dates to tell by whether it was renewed")
            return now if now.is_due_later_than(loan.due) else None

        named_by = "AB" if loan.record_id else "AJ"
        answer = await self._line.change(self._sender.renew(ticket, self._pins.of(ticket), loan_id, named_by), later)
        if isinstance(answer, Loan):
            return answer
        if answer.fixed[:1] != DONE:
            raise refusal(answer, await self._account.flags(ticket), "not_renewable")
        # It is renewed whatever the list says now: the server has said so, and perhaps until when.
        said = date_of(answer.get("AH"), self._sender.settings.month_first)
        try:
            now = await self._account.loan(ticket, loan_id)
        except LibraryError:
            return replace(loan, due=said, overdue_days=0)
        return now if now.due else replace(now, due=said)

    @idempotent
    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Return what became of each loan."""
        before = {loan.id: loan.due for loan in await self._account.loans(ticket, TO_CHANGE)}
        if not before:
            return ()

        async def any_later() -> tuple[Loan, ...] | None:
            now = await self._account.loans(ticket, TO_COMPARE)
            if any(loan.is_due_later_than(before.get(loan.id)) for loan in now):
                return now
            if None in before.values() or any(loan.due is None for loan in now):
                raise BadAnswer("not every loan has a due date to tell by whether it was renewed")
            return None

        answer = await self._line.change(self._sender.renew_all(ticket, self._pins.of(ticket)), any_later)
        renewed = answer.all("BM") if isinstance(answer, Sip2Message) else ()

        async def listed() -> tuple[Loan, ...]:
            return await self._account.loans(ticket)

        now = await self._line.seen(listed) if isinstance(answer, Sip2Message) else answer
        after = [loan for loan in now if loan.id in before]
        # A loan renewed on the day it was lent may keep its date: there the server's own list counts.
        return tuple(
            RenewOutcome(loan, loan.is_due_later_than(before[loan.id]) or loan.id in renewed or loan.title in renewed)
            for loan in after
        )

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """SIP2 has no way to do this: raises Unavailable."""
        raise Unavailable("SIP2 cannot register readers")

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """SIP2 has no way to do this: raises Unavailable."""
        raise Unavailable("SIP2 cannot keep preferences")


@asynccontextmanager
async def sip2_circulation(
    settings: Sip2Settings, barcode: Callable[[str], Awaitable[str]] | None = None
) -> AsyncIterator[Sip2Circulation]:
    """Yield a circulation over a pool of connections, closed at the end. `barcode` as in Sip2Circulation.

    Raises OSError when the file of the certificate authority is unreadable.
    """
    pool = Pool(settings, settings.context())
    answered = IdempotencyCache()
    line, sender = Sip2Client(pool), RequestWriter(settings)
    try:
        account = Sip2Account(line, sender, settings, date.today)
        yield Sip2Circulation(line, sender, account, KeptPins(settings.sends_pin), answered, barcode)
    finally:
        await answered.close()
        await pool.close()

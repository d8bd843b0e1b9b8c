"""Readers, loans and holds of the embedded store, joined to one protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogue_client.circulation.holds import HoldService
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.unknown_outcomes import UnknownOutcomes
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


@dataclass(frozen=True, slots=True)
class EmbeddedCirculation:
    """Implements the protocol Circulation; the services that do the work are the store's."""

    _readers: ReaderAccounts
    _loans: LoanService
    _holds: HoldService
    _unknown: UnknownOutcomes

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Raises WrongTicketOrPin, Locked."""
        return await self._readers.identify(ticket, pin, caller)

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Raises Refused for a telephone number or PIN that cannot be."""
        return await self._readers.register(newcomer, key=key)

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """Keep them with the reader's account."""
        await self._readers.save_preferences(ticket, preferences, key=key)

    async def suspend_hold(self, ticket: str, hold_id: str, until: date | None, *, key: str) -> Hold:
        """Raises NotFound, Refused."""
        return await self._holds.suspend_hold(ticket, hold_id, until, key=key)

    async def keep_history(self, ticket: str, wanted: bool, *, key: str) -> None:
        """The same again changes nothing. Raises NotFound."""
        await self._readers.keep_history(ticket, wanted, actor=self._readers.pseudonym(ticket))

    async def change_pin(self, ticket: str, pin: str, *, key: str) -> None:
        """Raises NotFound, Refused for a PIN that is too simple."""
        await self._readers.change_pin(ticket, pin, key=key)

    async def change_phone(self, ticket: str, phone: str, *, key: str) -> None:
        """Raises NotFound, Refused for a number that cannot be."""
        await self._readers.change_phone(ticket, phone, key=key)

    async def bar_ticket(self, ticket: str, *, key: str) -> None:
        """Raises NotFound."""
        await self._readers.bar_ticket(ticket, key=key)

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return the open loans."""
        return await self._loans.loans(ticket)

    async def history(self, ticket: str) -> tuple[Loan, ...] | None:
        """Return ended loans, the latest first; None for a reader who has not agreed to a history."""
        return await self._loans.history(ticket)

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Raises NotFound, Refused."""
        return await self._loans.renew(ticket, loan_id, key=key)

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Return what became of each loan."""
        return await self._loans.renew_all(ticket, key=key)

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds."""
        return await self._holds.holds(ticket)

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Raises Refused, NotFound."""
        return await self._holds.place_hold(ticket, record_id, place_id, key=key)

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Raises NotFound."""
        return await self._holds.cancel_hold(ticket, hold_id, key=key)

    async def note_unknown_outcome(self, ticket: str, kind: PendingRequestKind, subject: str, *, key: str) -> None:
        """Never raises for the store: the reader has heard already that the outcome is unknown."""
        await self._unknown.note(ticket, kind, subject, key=key)

    async def request_outcomes(self, ticket: str) -> tuple[PendingRequest, ...]:
        """Raises Unavailable."""
        return await self._unknown.news(ticket)

    async def acknowledge_outcomes(self, keys: Sequence[str]) -> None:
        """Forget these."""
        await self._unknown.heard(keys)

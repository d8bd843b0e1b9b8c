"""A reader's account: loans, holds, preferences, pending requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from languages.codes import Language


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a reader wants to be answered; remembered for a ticket only with consent."""

    language: Language | None = None
    rate: int | None = None
    """Words a minute, 80 to 450."""
    volume: int | None = None
    """Percent, 10 to 200."""
    brief: bool | None = None
    capitals: bool | None = None
    """Show capital signs in Braille."""
    grade: Literal[1, 2] | None = None
    """English Braille grade."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader who has been identified. Holds nothing secret: no PIN, no full address, no phone."""

    ticket: str
    name: str
    category: str = "adult"
    deliveries: bool = False
    """May have home delivery today."""
    has_address: bool = False
    address_hint: str = ""
    """The address masked for reading back: street and the last digits only."""
    temporary: bool = False
    preferences: Preferences = Preferences()


@dataclass(frozen=True, slots=True)
class Loan:
    """A book that a reader has at home."""

    id: str
    record_id: str
    title: str
    author: str
    due: date | None
    """None where a library system does not say it, or in no way that can be read."""
    renewals_left: int
    renewable: bool
    why_not: str = ""
    """When not renewable: the reason, one of the rule keys in errors.py (`no_renewals_left`, `waited_for`, …)."""
    overdue_days: int = 0
    accepted: bool = False
    """A renewal waits for the library system, which is away: wished for, not done."""
    renewed: date | None = None
    """The day of the last renewal, where it is known."""

    def is_due_later_than(self, before: date | None) -> bool:
        """Return whether it was renewed since it was due at `before`, as far as both dates are known."""
        return self.due is not None and before is not None and self.due > before


HoldStatus = Literal["accepted", "waiting", "ready", "collected", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Hold:
    """A book kept for a reader, or a place in its queue."""

    id: str
    record_id: str
    title: str
    author: str
    place_id: str
    place: str
    status: HoldStatus
    """`accepted`: queued while the library system is away, not yet confirmed by it."""
    position: int = 0
    """Place in the queue, 1-based; 0 when a copy is already kept."""
    expires: date | None = None
    suspended_until: date | None = None
    """No copy is given to it until the end of this day; None for a hold that is not suspended."""


PendingRequestKind = Literal["hold", "renew", "delivery"]


PendingRequestState = Literal["waiting", "done", "refused", "taken_back"]


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """One hold or renewal that the library system is yet to be asked for."""

    key: str
    """Idempotency key of the reader's request; names the pending request."""
    ticket: str
    kind: PendingRequestKind
    subject: str
    """Record id of a hold, loan id of a renewal; "" of a delivery."""
    title: str
    """Of a delivery that was booked its number."""
    author: str
    place_id: str
    place: str
    made: datetime
    due: date | None = None
    """Of a renewal: until when the loan was lent then. A later date shows that it was renewed already."""
    state: PendingRequestState = "waiting"
    rule: str = ""
    """Why it was refused: a rule of Refused, "not_found", or "unavailable" when the system stayed away too long."""


@dataclass(frozen=True, slots=True)
class FollowedAuthor:
    """An author whose new books a reader wants to hear of."""

    author: str
    known: tuple[str, ...] = ()
    """Ids of the records that are no news to her."""


@dataclass(frozen=True, slots=True)
class RenewOutcome:
    """What became of one loan when all were renewed."""

    loan: Loan
    renewed: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a new reader keys or says to get a temporary ticket."""

    phone: str
    name: str = ""
    pin: str = ""

"""What a library knows: records, copies on shelves, places, readers, loans, holds, deliveries. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

Language = Literal["kk", "ru", "en"]


class Format(StrEnum):
    """How an edition is read."""

    PRINT = "print"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Copies of one record that can be taken now, at one place."""

    place_id: str
    place: str
    """The place's name in the nominative, as the library writes it."""
    copies: int


@dataclass(frozen=True, slots=True)
class Record:
    """One work as the catalogue describes it, with where it stands now."""

    id: str
    title: str
    author: str
    """"" when there is none; several joined by ", "."""
    language: str
    """ISO 639-1 code of the text: kk, ru, en, or another."""
    year: int | None = None
    formats: tuple[Format, ...] = (Format.PRINT,)
    subjects: tuple[str, ...] = ()
    annotation: str = ""
    """A few sentences in the record's language; "" when there is none."""
    reading_room_only: bool = False
    available: tuple[Shelf, ...] = ()
    """Nearest or fullest place first; empty when every copy is out."""
    standing_known: bool = True
    """False while the database is away: where copies stand cannot be told."""
    barcodes: tuple[str, ...] = ()
    """Of copies, where a library system tells them: over SIP2 a book is asked for by one of these."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader looks for. Empty fields do not restrict; text is as heard, in any spelling."""

    words: str = ""
    title: str = ""
    author: str = ""
    subject: str = ""
    language: str | None = None
    spoken: str = ""
    """The language in which the reader asks: of books that fit alike, those in it come first. "" for no difference."""
    format: Format | None = None
    place_id: str | None = None
    years: tuple[int, int] | None = None
    """First and last year, both included."""
    new: bool = False
    alternatives: tuple[str, ...] = ()
    """Other hypotheses of the recogniser for `words`, best first."""
    limit: int = 30


@dataclass(frozen=True, slots=True)
class Results:
    """Records in order of fit."""

    records: tuple[Record, ...]
    total: int
    """How many fit in all; `records` may hold fewer."""
    did_you_mean: str = ""
    """A better spelling of what was asked, when nothing or little fits; "" otherwise."""
    sure: bool = False
    """The first record stands out so clearly that it may be offered alone."""
    as_of: datetime | None = None
    """Set when the answer comes from the offline copy: the time it was true."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one weekday, local time in minutes after midnight; 0 to 1440 is round the clock."""

    weekday: int
    """0 is Monday."""
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, a book station or a partner place."""

    id: str
    kind: Literal["branch", "station", "partner"]
    names: Mapping[str, str]
    """Language code -> name in the nominative."""
    located: Mapping[str, str] = field(default_factory=dict)
    """Language code -> "in the … library", with the right case ending, to end a sentence with; may lack a language."""
    hours: tuple[Hours, ...] = ()
    """Empty when the hours are not known."""
    round_the_clock: bool = False
    equipped: bool = False
    """Has Braille displays and sound interfaces for blind readers."""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    district: str = ""

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("kk") or next(iter(self.names.values()))


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
    due: date
    renewals_left: int
    renewable: bool
    why_not: str = ""
    """When not renewable: the reason, one of the rule keys in errors.py (`no_renewals_left`, `waited_for`, …)."""
    overdue_days: int = 0
    accepted: bool = False
    """A renewal waits for the library system, which is away: wished for, not done."""


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


WishKind = Literal["hold", "renew", "delivery"]
WishState = Literal["waiting", "done", "refused", "taken_back"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One hold or renewal that the library system is yet to be asked for."""

    key: str
    """Idempotency key of the reader's request; names the wish."""
    ticket: str
    kind: WishKind
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
    state: WishState = "waiting"
    rule: str = ""
    """Why it was refused: a rule of Refused, "not_found", or "unavailable" when the system stayed away too long."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A delivery window that is offered."""

    id: str
    starts: datetime
    ends: datetime


DeliveryStatus = Literal[
    "requested",
    "confirmed",
    "preparing",
    "on_the_way",
    "arrived",
    "delivered",
    "returning",
    "failed",
    "cancelled",
    "with_staff",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Books on their way to a reader's home (`delivery`) or from it (`collection`)."""

    id: str
    """Short and speakable: digits only."""
    kind: Literal["delivery", "collection"]
    status: DeliveryStatus
    record_ids: tuple[str, ...]
    titles: tuple[str, ...]
    slot: Slot
    address_hint: str
    undo_until: datetime | None = None
    """Until then the reader may take it back without a reason."""
    cancellable: bool = True
    expected: datetime | None = None
    courier: str = ""
    """The courier's name and car, once known."""
    code: str = ""
    """What the reader tells the courier at the door; "" when none is asked."""
    late: bool = False
    note: str = ""
    """What the courier is told beside name, telephone and address."""
    news: Literal["", "late", "failed", "with_staff"] = ""
    """What has gone wrong and was not told to the reader yet."""
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that it uses up; they are open again when it is cancelled."""


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

"""What a conversation asks of the world outside it. The session does it; the outcome comes back as an event.

A command carries why it was issued, as `purpose` or `then`, so that an answer which comes late is taken for no other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import ClassVar, Generic, TypeVar

from catalogue_client.values.accounts import Hold, Loan, Newcomer, PendingRequest, Preferences, Reader, RenewOutcome
from catalogue_client.values.bibliographic import Availability, Query, Record, Results
from catalogue_client.values.books import ReadingRoomAnswer
from catalogue_client.values.knowledge import AskedQuestion, LibraryAnswer
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Delivery, Slot
from catalogue_client.values.works import BookSeries, SimilarRecord
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line
from voice.values.refusals import RefusalReason

READ_DEADLINE_S = 4.0
"""A reader on the telephone waits no longer than this for an answer that changes nothing."""
CHANGE_DEADLINE_S = 10.0
"""After this a change goes on by itself and the reader hears that its outcome is not known yet."""
RING_DEADLINE_S = 25.0
"""Another telephone has to ring and be answered meanwhile."""

Answer = (
    Results
    | Record
    | Reader
    | Hold
    | Loan
    | Delivery
    | LibraryAnswer
    | str
    | bool
    | None
    | BookSeries
    | ReadingRoomAnswer
    | tuple[SimilarRecord, ...]
    | tuple[Availability, ...]
    | tuple[Place, ...]
    | tuple[Loan, ...]
    | tuple[Hold, ...]
    | tuple[Delivery, ...]
    | tuple[Slot, ...]
    | tuple[RenewOutcome, ...]
    | tuple[PendingRequest, ...]
)

A = TypeVar("A", covariant=True)


@dataclass(frozen=True, slots=True)
class Command(Generic[A]):
    """Something asked of the library, answered with an A."""

    deadline_s: ClassVar[float] = READ_DEADLINE_S
    """Seconds after which the reader hears that no answer came."""
    outlives_deadline: ClassVar[bool] = False
    """Goes on by itself after the deadline; a wrong PIN counts although nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class ChangeCommand(Command[A]):
    """Changes the world: reachable only through a confirmed read-back, or as undo of what was just done."""

    deadline_s = CHANGE_DEADLINE_S
    outlives_deadline = True
    looked_up: ClassVar[str] = ""
    """Where a reader finds out what became of it: ending of the prompt error.outcome_unknown; "" are the deliveries."""


AnyCommand = Command[Answer]


class SearchPurpose(Enum):
    """Why a search is made; what an answer means depends on it."""

    NEW = auto()
    NARROW = auto()
    """The search at hand with one more condition."""
    BARE_TITLE = auto()
    """Words without an intent: the catalogue decides whether they are a title."""
    WIDER = auto()
    """Without the language, format or place with which nothing was found."""
    LANGUAGE_OR_TITLE = auto()
    """Words beside a language: a book, or talk."""
    TO_THE_LETTER = auto()
    """Words that seem to be talk, unless a title is written just so."""


@dataclass(frozen=True, slots=True)
class Search(Command[Results]):
    """Answered with Results."""

    query: Query
    purpose: SearchPurpose = SearchPurpose.NEW
    beside: str | None = None
    """LANGUAGE_OR_TITLE: the language that was said beside the words."""
    said: str = ""
    """LANGUAGE_OR_TITLE: the whole utterance."""
    text: str = field(default="", compare=False)
    """The whole utterance: it may be a question for which staff have written an answer."""
    refused: RefusalReason | None = None
    """TO_THE_LETTER: why the words are refused when they are no title."""


@dataclass(frozen=True, slots=True)
class ListNewBooks(Command[Results]):
    """Answered with Results."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class FindSimilar(Command[tuple[SimilarRecord, ...]]):
    """Books like this one. Answered with tuple[SimilarRecord, ...], the likest first."""

    record_id: str


@dataclass(frozen=True, slots=True)
class FindSeries(Command[BookSeries | None]):
    """The series or the volumes of a book. Answered with BookSeries, None when it is in none."""

    record_id: str


@dataclass(frozen=True, slots=True)
class FindHoldings(Command[tuple[Availability, ...]]):
    """Where a record stands now. Answered with tuple[Availability, ...]."""

    record_id: str
    near: str | None = None
    """Place id; nearest first."""


@dataclass(frozen=True, slots=True)
class FindPlace(Command[tuple[Place, ...]]):
    """Answered with tuple[Place, ...], best first; all places when the name is ""."""

    name: str
    said: str = ""
    """The whole utterance: it may say that a library is meant, or a station."""
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class AskLibrary(Command[LibraryAnswer]):
    """What is known about a topic. Answered with LibraryAnswer."""

    topic: str
    """"" for a question that belongs to none."""
    asked: str = ""
    """The whole utterance."""


@dataclass(frozen=True, slots=True)
class NoteQuestion(Command[None]):
    """Count what nobody here knows; with its words where the reader wants it passed on. Answered with None."""

    outlives_deadline = True
    question: AskedQuestion
    asked: str = ""
    """The whole utterance, to be passed on if the reader wants that."""
    known: tuple[Line, ...] = ()
    """What is said of it all the same."""


@dataclass(frozen=True, slots=True)
class Identify(Command[Reader]):
    """Answered with Reader."""

    outlives_deadline = True
    ticket: str
    pin: str


@dataclass(frozen=True, slots=True)
class ListHistory(Command[tuple[Loan, ...] | None]):
    """Answered with tuple[Loan, ...], what was given back, the latest first; None when the reader keeps no history."""

    ticket: str


@dataclass(frozen=True, slots=True)
class ListLoans(Command[tuple[Loan, ...]]):
    """Answered with tuple[Loan, ...]."""

    ticket: str
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class ListHolds(Command[tuple[Hold, ...]]):
    """Answered with tuple[Hold, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class UsedHolds(Command[tuple[Hold, ...]]):
    """The reader's own holds that a delivery of these records uses up. Answered with tuple[Hold, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListDeliveries(Command[tuple[Delivery, ...]]):
    """Answered with tuple[Delivery, ...]."""

    ticket: str
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class AcknowledgeDeliveryNews(Command[None]):
    """The reader has heard what went wrong with deliveries. Answered with None."""

    outlives_deadline = True
    ticket: str
    heard: tuple[tuple[str, str], ...]
    """(delivery id, what was heard: Delivery.news)."""
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class ListRequestOutcomes(Command[tuple[PendingRequest, ...]]):
    """What became of requests that had to wait; `then` goes on. Answered with tuple[PendingRequest, ...]."""

    ticket: str
    then: Intent | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeRequestOutcomes(Command[None]):
    """The reader has heard these outcomes; `then` goes on. Answered with None."""

    outlives_deadline = True
    keys: tuple[str, ...]
    then: Intent | None = None


@dataclass(frozen=True, slots=True)
class PlaceHold(ChangeCommand[Hold]):
    """Answered with Hold."""

    looked_up = "_holds"
    ticket: str
    record_id: str
    place_id: str


@dataclass(frozen=True, slots=True)
class CancelHold(ChangeCommand[Hold]):
    """Also as undo. Answered with Hold."""

    looked_up = "_holds"
    ticket: str
    hold_id: str


@dataclass(frozen=True, slots=True)
class Renew(ChangeCommand[Loan]):
    """Answered with Loan."""

    looked_up = "_loans"
    ticket: str
    loan_id: str


@dataclass(frozen=True, slots=True)
class RenewAll(ChangeCommand[tuple[RenewOutcome, ...]]):
    """Renew these, or all loans where none are named. Answered with tuple[RenewOutcome, ...]."""

    looked_up = "_loans"
    ticket: str
    loan_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliverySlots(Command[tuple[Slot, ...]]):
    """Answered with tuple[Slot, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionSlots(Command[tuple[Slot, ...]]):
    """Answered with tuple[Slot, ...]. Empty loan_ids means all loans."""

    ticket: str
    loan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookDelivery(ChangeCommand[Delivery]):
    """Answered with Delivery."""

    ticket: str
    record_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""


@dataclass(frozen=True, slots=True)
class BookCollection(ChangeCommand[Delivery]):
    """Answered with Delivery."""

    ticket: str
    loan_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""


@dataclass(frozen=True, slots=True)
class CancelDelivery(ChangeCommand[Delivery]):
    """Also as undo. Answered with Delivery."""

    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class CourierPhone(Command[str]):
    """Connect the reader with the courier. Answered with str: "" when the call was connected, else the number to dial,
    with an extension to key after a comma."""

    deadline_s = RING_DEADLINE_S
    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Register(ChangeCommand[Reader]):
    """Answered with Reader."""

    looked_up = "_later"
    newcomer: Newcomer


@dataclass(frozen=True, slots=True)
class SetAddress(ChangeCommand[Reader]):
    """Answered with Reader."""

    looked_up = "_later"
    ticket: str
    address: str


@dataclass(frozen=True, slots=True)
class SavePreferences(Command[None]):
    """Answered with None."""

    outlives_deadline = True
    ticket: str
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class LeaveForStaff(Command[None]):
    """A line on the staff's list, with what they read as `context`; `about` is said back. Answered with None."""

    outlives_deadline = True
    kind: IntentName
    context: str
    ticket: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class FindRecord(Command[Record]):
    """The book that a hold or a loan is of. Answered with Record."""

    record_id: str


@dataclass(frozen=True, slots=True)
class HandOver(Command[bool]):
    """Bring a person on the line, or leave a call-back request with the context. Answered with bool: True when the call
    was transferred, False when a call-back request was left."""

    outlives_deadline = True
    deadline_s = RING_DEADLINE_S
    context: str
    ticket: str = ""

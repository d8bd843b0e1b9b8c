"""What every command has: what it is answered with, and how long a reader waits for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from catalogue_client.values.accounts import Hold, Loan, PendingRequest, Reader, RenewOutcome
from catalogue_client.values.bibliographic import Availability, Record, Results
from catalogue_client.values.books import ReadingRoomAnswer
from catalogue_client.values.knowledge import LibraryAnswer
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Delivery, Slot
from catalogue_client.values.works import BookSeries, SimilarRecord
from voice.reading.book_map import BookToRead
from voice.reading.book_moves import TextFound

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
    | tuple[Record, ...]
    | BookToRead
    | TextFound
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
"""What a command is answered with."""


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
"""A command, whatever its answer."""

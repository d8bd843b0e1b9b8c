"""What a library can do for a reader, whoever does it: the embedded store, SRU, SIP2, Koha or a courier.

Every changing call takes `key`, an idempotency key of 1 to 128 characters: the same key with the same request returns
the first answer again, with another request it raises KeyReused. All methods raise the errors of errors.py only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from catalogue_client.values.accounts import (
    FollowedAuthor,
    Hold,
    Loan,
    Newcomer,
    PendingRequest,
    PendingRequestKind,
    Preferences,
    Reader,
    RenewOutcome,
)
from catalogue_client.values.bibliographic import Availability, Query, Record, Results
from catalogue_client.values.books import HeldBook, OpenBook, ReadingPlace
from catalogue_client.values.knowledge import AskedQuestion, LibraryAnswer
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Delivery, Slot
from catalogue_client.values.vocabulary import VocabularyWord
from catalogue_client.values.works import BookSeries, SimilarRecord


class Catalogue(Protocol):
    """Finds records and where their copies stand."""

    async def search(self, query: Query) -> Results:
        """Return the records that fit, best first; without any when nothing does."""

    async def record(self, record_id: str) -> Record:
        """Return one record. Raises NotFound."""

    async def shelves(self, record_id: str, near: str | None = None) -> tuple[Availability, ...]:
        """Return the places with a copy on the shelf now; nearest to the place `near` first when it is given."""

    async def new_records(self, limit: int = 30, language: str | None = None) -> Results:
        """Return what the library got lately, newest first. `language` is an ISO 639-1 code."""

    async def expressions(self, record_id: str) -> tuple[Record, ...]:
        """Return every record of the work, this one first: translations, editions, volumes. Raises NotFound."""

    async def similar(self, record_id: str, limit: int = 10) -> tuple[SimilarRecord, ...]:
        """Return books of other works that share something with this one, the likest first. Raises NotFound."""

    async def series(self, record_id: str) -> BookSeries | None:
        """Return the volumes of the record's work, or else its series; None when it is in none. Raises NotFound."""

    async def next_in_series(self, record_id: str) -> Record | None:
        """Return the volume after this one, in its language if there is one; None at the end, and where the order of
        the series is not known. Raises NotFound."""


class Places(Protocol):
    """The branches, stations and partner places as they are at a moment."""

    async def places(self, at: datetime) -> tuple[Place, ...]:
        """Return all places with their opening hours at `at`."""

    async def find_place(self, name: str, at: datetime, said: str = "") -> tuple[Place, ...]:
        """Return the places whose name or alias fits what was said, best first; empty when none does."""


class Lending(Protocol):
    """Readers, loans and holds, as a library's own system knows them."""

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """Return who has this ticket and PIN. Raises WrongTicketOrPin, Locked.

        `caller` is an opaque name of the line or device, for the lock after wrong tries.
        """

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return what the reader has at home."""

    async def history(self, ticket: str) -> tuple[Loan, ...] | None:
        """Return what the reader has given back, the latest first; None where no history is kept."""

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the reader's open holds."""

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """Keep a copy for the reader, or a place in its queue. Raises Refused, NotFound."""

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold:
        """Give up a hold. Raises NotFound, Refused."""

    async def suspend_hold(self, ticket: str, hold_id: str, until: date | None, *, key: str) -> Hold:
        """Let a hold wait until the end of a day without losing its place; None ends that. Raises NotFound, Refused."""

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan:
        """Lengthen one loan. Raises NotFound, Refused."""

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]:
        """Lengthen all loans that can be; return what became of each."""

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Issue a temporary ticket, completed at a branch or with the first delivery."""

    async def keep_history(self, ticket: str, wanted: bool, *, key: str) -> None:
        """Keep from now on what the reader gives back, since she agrees; or stop, and forget what was kept. Raises
        NotFound, Refused."""

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None:
        """Keep how the reader likes to be spoken to."""

    async def change_pin(self, ticket: str, pin: str, *, key: str) -> None:
        """Set another PIN for a reader who has just given the old one. Raises Refused, NotFound."""

    async def change_phone(self, ticket: str, phone: str, *, key: str) -> None:
        """Keep another telephone number, in E.164 form. Raises Refused, NotFound."""

    async def bar_ticket(self, ticket: str, *, key: str) -> None:
        """Let nobody in with a ticket that is lost; what belongs to it stays. Raises Refused, NotFound."""


class RequestOutcomes(Protocol):
    """What became of changes whose outcome the reader has not heard."""

    async def note_unknown_outcome(self, ticket: str, kind: PendingRequestKind, subject: str, *, key: str) -> None:
        """Remember that nobody knows yet whether this change was made. `key` is the idempotency key it had, `subject`
        a record id or loan id, "" of a delivery."""

    async def request_outcomes(self, ticket: str) -> tuple[PendingRequest, ...]:
        """Return the settled requests of which the reader has not heard, the oldest first."""

    async def acknowledge_outcomes(self, keys: Sequence[str]) -> None:
        """The reader has heard these (PendingRequest.key): they are not returned again."""


class Circulation(Lending, RequestOutcomes, Protocol):
    """Readers, loans and holds, with what became of requests that had to wait."""


class HomeDelivery(Protocol):
    """Books to a reader's home and back."""

    async def delivery_slots(self, ticket: str, record_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return every free window, the earliest first. Raises Refused when reader, books or address forbid it."""

    async def collection_slots(self, ticket: str, loan_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return every free window for fetching these loans, the earliest first. Raises Refused."""

    async def book_delivery(
        self,
        ticket: str,
        record_ids: Sequence[str],
        slot_id: str,
        *,
        note: str = "",
        may_tell: bool = False,
        address: str = "",
        key: str,
    ) -> Delivery:
        """Book a delivery. Raises Refused.

        `may_tell`: the reader agrees that the courier learns why books are brought; without it a note is kept without
        the parts that say so. `address`: where this one goes; "" for the one on file.
        """

    async def book_collection(
        self, ticket: str, loan_ids: Sequence[str], slot_id: str, *, note: str = "", may_tell: bool = False, key: str
    ) -> Delivery:
        """Book the fetching of loans; see `book_delivery`."""

    async def move_slots(self, ticket: str) -> tuple[Slot, ...]:
        """Return every free window for a delivery or collection that is booked already, the earliest first."""

    async def move_delivery(self, ticket: str, delivery_id: str, slot_id: str, *, key: str) -> Delivery:
        """Give another window to what is booked. Raises NotFound, Refused."""

    async def set_address(self, ticket: str, address: str, *, key: str) -> Reader:
        """Keep where the reader lives, as the reader has read it back. Raises Refused("outside_city")."""

    async def deliveries(self, ticket: str) -> tuple[Delivery, ...]:
        """Return the open ones and those that ended in the last fortnight, newest first."""

    async def news_heard(self, ticket: str, heard: Mapping[str, str]) -> None:
        """The reader has heard these news (delivery id -> Delivery.news): they are not announced again."""

    async def cancel_delivery(self, ticket: str, delivery_id: str, *, key: str) -> Delivery:
        """Cancel a delivery or collection. Raises NotFound, Refused."""

    async def courier_phone(self, ticket: str, delivery_id: str) -> str:
        """Return a number that reaches the courier now, in E.164 form, an extension to key after a comma.

        Raises Refused (courier_not_on_the_way, no_courier_phone).
        """


class CallbackRequest(Protocol):
    """A call-back that a librarian is to make."""

    @property
    def id(self) -> int:
        """Its number on the staff's list."""

    @property
    def context(self) -> str:
        """What the reader was doing when a person was asked for."""


class Callbacks(Protocol):
    """Readers whom a librarian calls back."""

    async def request_callback(self, ticket: str, caller: str, context: str, *, key: str) -> CallbackRequest:
        """Note that a librarian is to call this reader back. `ticket` is "" for a caller who was not identified.

        Raises Refused("no_number") where there is neither a ticket nor a number to call.
        """


class Vocabulary(Protocol):
    """The words that readers will say, for the speech models."""

    async def words(self, limit: int) -> Sequence[VocabularyWord]:
        """Return the `limit` most read words of titles and authors."""

    async def titles(self, limit: int) -> Sequence[VocabularyWord]:
        """Return the `limit` most read titles of two words and more."""

    async def author_names(self, limit: int) -> Sequence[VocabularyWord]:
        """Return the `limit` most read authors, each with the whole name."""


class Knowledge(Protocol):
    """What the library can say about itself."""

    async def answer(self, topic: str) -> LibraryAnswer:
        """Return what is known about a topic: the rules in force, and texts where somebody has written any."""

    async def topic_of(self, words: str) -> str:
        """Return the topic for which staff have given these words as an example; "" for none."""

    async def note_question(self, question: AskedQuestion) -> None:
        """Count what nobody here could answer; staff see it, without who asked."""


class ReadingRoom(Protocol):
    """The electronic reading room: books that are read by voice and under the fingers."""

    async def find_books(self, words: str, language: str) -> tuple[HeldBook, ...]:
        """Return the books that `words` name, the likest first, those in `language` first; all without words."""

    async def copies_of(self, record_id: str) -> tuple[HeldBook, ...]:
        """Return the books that are copies of a record of the catalogue."""

    async def open_book(self, book_id: str, ticket: str, *, at_library: bool) -> OpenBook:
        """Return a book with the reader's place in it; `ticket` is "" where nobody has said who they are.

        Raises NotFound, and Refused for who may not read it.
        """

    async def books_begun(self, ticket: str) -> tuple[HeldBook, ...]:
        """Return the books in which a place of the reader's is kept and that are still there, the last read first."""

    async def allow_places(self, ticket: str, *, key: str) -> None:
        """The reader agrees that places and bookmarks are kept with the ticket."""

    async def keep_place(self, ticket: str, book_id: str, place: ReadingPlace) -> None:
        """Keep where a reader is; nothing is kept of one who has not agreed."""

    async def forget_places(self, ticket: str) -> None:
        """Forget the reader's places and bookmarks, and that she had agreed."""


class ReaderLists(Protocol):
    """What a reader has put aside for later, and the authors whose new books she wants to hear of."""

    async def shelf(self, ticket: str) -> tuple[str, ...]:
        """Return the ids of the records that the reader has put aside, the latest first."""

    async def put_aside(self, ticket: str, record_id: str, *, key: str) -> None:
        """Put a record aside for later; twice is once."""

    async def take_off(self, ticket: str, record_id: str, *, key: str) -> None:
        """Put a record aside no more; one that was not is no fault."""

    async def followed_authors(self, ticket: str) -> tuple[FollowedAuthor, ...]:
        """Return the authors whose new books the reader wants to hear of."""

    async def follow_author(self, ticket: str, author: str, known: Sequence[str], *, key: str) -> None:
        """Let the reader hear of books of this author but `known`, the record ids that she knows of."""

    async def unfollow_author(self, ticket: str, author: str, *, key: str) -> None:
        """No more of this author."""

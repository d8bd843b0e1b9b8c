"""The places of the dialogue. Each holds what is talked about there and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Hold, Loan
from catalogue_client.values.bibliographic import Availability, Record
from catalogue_client.values.shipments import Slot
from catalogue_client.values.works import SimilarRecord
from voice.dialogue.commands import AnyCommand, BookCollection, BookDelivery, MoveDelivery, PlaceHold
from voice.dialogue.dialogue_state import ChoiceList, DetailState, DialogueState, DigitEntry, ListState
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

GETTING_BOOKS = "getting_books"
"""DialogueState.request of a hold, a delivery or a collection: one takes the place of another."""


@dataclass(frozen=True, slots=True)
class Start(DialogueState):
    """Nothing is on the table; anything may be said."""

    name = "start"
    takes_titles = True


@dataclass(frozen=True, slots=True)
class Goodbye(DialogueState):
    """The conversation is over; another word begins it again."""

    name = "goodbye"
    takes_titles = True
    kept = False


@dataclass(frozen=True, slots=True)
class ResultList(ListState[Record]):
    """Results of a search, three at a time."""

    name = "results"
    takes_titles = True
    total: int
    """How many fit in all; `items` may hold fewer."""
    sure: bool = False
    """The first one stands out so clearly that it is offered alone."""
    guessed: bool = False
    """Nothing was called so, and something like it was found: it may not be what was meant."""
    like: tuple[SimilarRecord, ...] = ()
    """Of books like another one, what each shares with it."""

    @property
    def question(self) -> str:
        if len(self.items) == 1:
            return "results_only"
        return "results_sure" if self.sure and self.first == 0 else "results"


@dataclass(frozen=True, slots=True)
class RecordDetail(DetailState[Record]):
    """One record of the results, with the places where it stands."""

    name = "record"
    takes_titles = True
    total: int
    """How many results there are in all; `items` may hold fewer."""
    sure: bool = False
    """The first result stands out."""
    shelves: tuple[Availability, ...] = ()
    offer: str = IntentName.DELIVER
    """What `yes` would do here: deliver, reserve or none."""
    read: int = 0
    """Sentences of the annotation that have been read."""

    @property
    def question(self) -> str:
        return f"record_{self.offer}"


@dataclass(frozen=True, slots=True)
class Confirm(DialogueState):
    """A read-back waits for yes or no. The only place from which the world is changed."""

    name = "confirm"
    expects = ExpectedInput.CONFIRMATION
    kept = False
    books_nothing = True
    over_results = True
    command: AnyCommand
    """What yes will do."""
    titles: tuple[str, ...] = ()
    place: str = ""
    slot: Slot | None = None
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that a delivery uses up, or gives back when it is cancelled."""
    again: tuple[str, ...] = ()
    """Titles of loans that were renewed in this conversation already."""
    windows: tuple[Slot, ...] = ()
    """Other times that are offered for a delivery or collection."""
    loans: tuple[Loan, ...] = ()
    """The reader's loans when all are renewed, numbered as she heard them."""
    record_id: str = ""
    """The book that a cancelled hold is for."""
    position: int = 0
    """Place in the queue that the cancelling of a hold gives up; 0 when there is none."""

    @property
    def request(self) -> str:
        getting = isinstance(self.command, PlaceHold | BookDelivery | BookCollection | MoveDelivery)
        return GETTING_BOOKS if getting else type(self.command).__name__


@dataclass(frozen=True, slots=True)
class SlotList(ChoiceList[Slot]):
    """Delivery or collection windows are offered under numbers, the earliest first."""

    name = "slots"
    expects = ExpectedInput.SLOT
    kept = False
    resumed = True
    books_nothing = True
    over_results = True
    titles: tuple[str, ...]
    ids: tuple[str, ...]
    """Records of a delivery, loans of a collection."""
    collection: bool = False
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that the delivery uses up."""
    note: str = ""
    """A note for the courier that was given before the window was changed."""
    may_tell: bool = False
    """The reader has agreed that the note says why books are brought."""
    address: str = ""
    """Where this delivery goes, when it was said before the window was changed; "" for the address on file."""
    windows: int = 2
    """Windows said at a time."""
    moves: str = ""
    """Id of the delivery or collection that gets another window; "" for one that is to be booked."""

    @property
    def page(self) -> int:
        return self.windows

    @property
    def request(self) -> str:
        return GETTING_BOOKS


@dataclass(frozen=True, slots=True)
class Booked(DialogueState):
    """Something has just been done."""

    name = "booked"
    takes_titles = True
    over_results = True
    undoable: bool = False
    """It can be taken back."""

    @property
    def question(self) -> str:
        return "booked" if self.undoable else "booked_for_good"


@dataclass(frozen=True, slots=True)
class Doubt(DialogueState):
    """Something was heard badly or has to be offered: is it meant?"""

    name = "doubt"
    between = True
    expects = ExpectedInput.CONFIRMATION
    kept = False
    intent: Intent
    prompt: str = "doubt"
    """Under `ask`."""

    @property
    def question(self) -> str:
        return self.prompt

    @property
    def about(self) -> str:
        return self.intent.text


@dataclass(frozen=True, slots=True)
class Which(ChoiceList[Intent]):
    """Words may have meant one of two things, offered under numbers."""

    name = "which"
    between = True
    kept = False


@dataclass(frozen=True, slots=True)
class LoanList(ListState[Loan]):
    """The reader's loans, three at a time."""

    name = "loans"
    takes_titles = True
    overdue: bool = False
    """Only those overdue."""


@dataclass(frozen=True, slots=True)
class LoanDetail(DetailState[Loan]):
    """One loan."""

    name = "loan"
    takes_titles = True

    @property
    def question(self) -> str:
        return "loan_renew" if self.item.renewable else "loan"


@dataclass(frozen=True, slots=True)
class HoldList(ListState[Hold]):
    """The reader's holds, three at a time."""

    name = "holds"
    undo_cancels = True


@dataclass(frozen=True, slots=True)
class HoldDetail(DetailState[Hold]):
    """One hold."""

    name = "hold"
    undo_cancels = True


@dataclass(frozen=True, slots=True)
class ListNumberEntry(DigitEntry):
    """The number of a list entry is being keyed."""

    name = "number"
    expects = ExpectedInput.NUMBER
    over_results = True
    most = 3


@dataclass(frozen=True, slots=True)
class Ticket(DigitEntry):
    """The ticket's number is being keyed."""

    name = "ticket"
    expects = ExpectedInput.TICKET
    most = 14
    then: Intent
    """What the reader wanted when the ticket was asked for."""


@dataclass(frozen=True, slots=True)
class Pin(DigitEntry):
    """The PIN is being keyed."""

    name = "pin"
    expects = ExpectedInput.PIN
    most = 8
    then: Intent
    ticket: str

    @property
    def before(self) -> Ticket:
        return Ticket(self.then)


@dataclass(frozen=True, slots=True)
class Menu(ChoiceList[str]):
    """Names of intents offered three at a time under numbers, for those who key."""

    name = "menu"
    expects = ExpectedInput.NUMBER
    over_results = True

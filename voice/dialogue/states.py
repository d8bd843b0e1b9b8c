"""The places of the dialogue. Each holds what is talked about there and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Hold, Loan
from catalogue_client.values.bibliographic import Availability, Record, Results
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Delivery, Slot
from languages.codes import LANGUAGES
from voice.dialogue.commands import AnyCommand, BookCollection, BookDelivery
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.entry_states import (
    Entry,
    Flat,
    House,
    Letters,
    ListNumberEntry,
    Name,
    NewPin,
    Phone,
    Pin,
    Spelt,
    Street,
    Ticket,
)
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName

__all__ = [
    "Booked",
    "Confirm",
    "CourierNotes",
    "DeliveryDetail",
    "DeliveryList",
    "DialogueState",
    "Doubt",
    "Entry",
    "Flat",
    "Goodbye",
    "HoldDetail",
    "HoldList",
    "House",
    "LanguageList",
    "Letters",
    "ListNumberEntry",
    "LoanDetail",
    "LoanList",
    "Menu",
    "Name",
    "NewPin",
    "Phone",
    "Pin",
    "PlaceList",
    "RecordDetail",
    "ResultList",
    "SlotList",
    "Spelt",
    "Start",
    "Street",
    "Ticket",
    "Which",
]


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
class Menu(DialogueState):
    """Intents offered three at a time under numbers, for those who key."""

    name = "menu"
    expects = ExpectedInput.NUMBER
    items: tuple[str, ...] = ()
    """Names of intents."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class ResultList(DialogueState):
    """Results of a search, three at a time."""

    name = "results"
    takes_titles = True
    results: Results
    first: int = 0

    @property
    def question(self) -> str:
        if len(self.items) == 1:
            return "results_only"
        return "results_sure" if self.results.sure and self.first == 0 else "results"

    @property
    def items(self) -> tuple[Record, ...]:
        return self.results.records


@dataclass(frozen=True, slots=True)
class RecordDetail(DialogueState):
    """One record of the results, with the places where it stands."""

    name = "record"
    takes_titles = True
    results: Results
    n: int
    """0-based position in the results."""
    shelves: tuple[Availability, ...] = ()
    offer: str = IntentName.DELIVER
    """What `yes` would do here: deliver, reserve or none."""
    read: int = 0
    """Sentences of the annotation that have been read."""

    @property
    def question(self) -> str:
        return f"record_{self.offer}"

    @property
    def record(self) -> Record:
        return self.results.records[self.n]


@dataclass(frozen=True, slots=True)
class SlotList(DialogueState):
    """Delivery or collection windows are offered under numbers, the earliest first."""

    name = "slots"
    expects = ExpectedInput.SLOT
    kept = False
    resumed = True
    items: tuple[Slot, ...]
    titles: tuple[str, ...]
    ids: tuple[str, ...]
    """Records of a delivery, loans of a collection."""
    collection: bool = False
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that the delivery uses up."""
    page: int = 2
    """Windows said at a time."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Confirm(DialogueState):
    """A read-back waits for yes or no. The only place from which the world is changed."""

    name = "confirm"
    expects = ExpectedInput.CONFIRMATION
    kept = False
    command: AnyCommand
    """What yes will do."""
    titles: tuple[str, ...] = ()
    place: str = ""
    slot: Slot | None = None
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that a delivery uses up, or gives back when it is cancelled."""
    again: tuple[str, ...] = ()
    """Titles of loans that were renewed in this conversation already."""
    position: int = 0
    """Place in the queue that the cancelling of a hold gives up; 0 when there is none."""


@dataclass(frozen=True, slots=True)
class CourierNotes(DialogueState):
    """A note for the courier is being chosen or dictated."""

    name = "notes"
    takes_words = True
    expects = ExpectedInput.NUMBER
    kept = False
    confirm: Confirm
    books: BookDelivery | BookCollection
    """What `confirm` will book, and the note goes with."""
    items: tuple[str, ...] = ()
    """Prompts of the ready notes."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Booked(DialogueState):
    """Something has just been done."""

    name = "booked"
    takes_titles = True
    undoable: bool = False
    """It can be taken back."""

    @property
    def question(self) -> str:
        return "booked" if self.undoable else "booked_for_good"


@dataclass(frozen=True, slots=True)
class PlaceList(DialogueState):
    """Branches and stations, three at a time."""

    name = "places"
    takes_words = True
    items: tuple[Place, ...]
    first: int = 0
    then: Intent | None = None
    """What a place is looked for; None for its hours."""


@dataclass(frozen=True, slots=True)
class LanguageList(DialogueState):
    """The languages, offered under numbers, each in itself."""

    name = "languages"
    expects = ExpectedInput.NUMBER
    kept = False
    items: tuple[str, ...] = LANGUAGES
    first: int = 0


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
class Which(DialogueState):
    """Words may have meant one of two things, offered under numbers."""

    name = "which"
    between = True
    kept = False
    items: tuple[Intent, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class LoanList(DialogueState):
    """The reader's loans, three at a time."""

    name = "loans"
    items: tuple[Loan, ...]
    overdue: bool = False
    """Only those overdue."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class LoanDetail(DialogueState):
    """One loan."""

    name = "loan"
    items: tuple[Loan, ...]
    n: int

    @property
    def question(self) -> str:
        return "loan_renew" if self.items[self.n].renewable else "loan"


@dataclass(frozen=True, slots=True)
class HoldList(DialogueState):
    """The reader's holds, three at a time."""

    name = "holds"
    items: tuple[Hold, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class HoldDetail(DialogueState):
    """One hold."""

    name = "hold"
    items: tuple[Hold, ...]
    n: int


@dataclass(frozen=True, slots=True)
class DeliveryList(DialogueState):
    """The reader's deliveries and collections, three at a time."""

    name = "deliveries"
    items: tuple[Delivery, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryDetail(DialogueState):
    """One delivery or collection."""

    name = "delivery"
    items: tuple[Delivery, ...]
    n: int

    @property
    def question(self) -> str:
        delivery = self.items[self.n]
        if delivery.status in ("on_the_way", "arrived"):
            return "delivery_courier"
        return "delivery_cancel" if delivery.cancellable else "delivery"

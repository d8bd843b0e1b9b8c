"""The places of the dialogue. Each holds what is talked about there and nothing else; stage.py says what all have."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.bibliographic import Availability, Record, Results
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Slot
from languages.codes import LANGUAGES
from voice.dialogue.account_states import DeliveryDetail, DeliveryList, HoldDetail, HoldList, LoanDetail, LoanList
from voice.dialogue.commands import Command
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.entry_states import (
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
]


@dataclass(frozen=True, slots=True)
class Start(DialogueState):
    """Nothing is on the table; any wish may be said."""

    name = "start"


@dataclass(frozen=True, slots=True)
class Goodbye(DialogueState):
    """The conversation is over; another word begins it again."""

    name = "goodbye"
    kept = False


@dataclass(frozen=True, slots=True)
class Menu(DialogueState):
    """Wishes offered three at a time under numbers, for those who key."""

    name = "menu"
    expects = ExpectedInput.NUMBER
    items: tuple[str, ...] = ()
    """Names of intents."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class ResultList(DialogueState):
    """Results of a search, three at a time."""

    name = "results"
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
    ask: Command
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
    expects = ExpectedInput.NUMBER
    kept = False
    confirm: Confirm
    items: tuple[str, ...] = ()
    """Prompts of the ready notes."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Booked(DialogueState):
    """Something has just been done."""

    name = "booked"
    undoable: bool = False
    """It can be taken back."""

    @property
    def question(self) -> str:
        return "booked" if self.undoable else "booked_for_good"


@dataclass(frozen=True, slots=True)
class PlaceList(DialogueState):
    """Branches and stations, three at a time."""

    name = "places"
    items: tuple[Place, ...]
    first: int = 0


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
    expects = ExpectedInput.CONFIRMATION
    kept = False
    intent: Intent
    prompt: str = "doubt"
    """Under `ask`."""

    @property
    def question(self) -> str:
        return self.prompt

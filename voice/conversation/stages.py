"""The places of the dialogue: where a reader can be. Each holds what is talked about there and nothing else.

`name` is the state in JSON and picks the prompts ask.<name>, where.<name> and help.<name>.
`expects` is what the reader will probably give there. `kept` places are those that `back` returns to: never a
confirmation, so that nothing is booked twice, and never a half-keyed number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from catalogue_client.records import Delivery, Hold, Loan, Place, Record, Results, Shelf, Slot
from voice.conversation.asks import Ask
from voice.conversation.expects import Expects
from voice.understanding.intent import Intent


@dataclass(frozen=True, slots=True)
class Stage:
    """A place of the dialogue."""

    name: ClassVar[str]
    expects: ClassVar[Expects] = Expects.SPEECH
    kept: ClassVar[bool] = True

    @property
    def question(self) -> str:
        """The prompt, under `ask`, that ends what is said here."""
        return self.name


@dataclass(frozen=True, slots=True)
class Start(Stage):
    """Nothing is on the table; any wish may be said."""

    name = "start"


@dataclass(frozen=True, slots=True)
class Goodbye(Stage):
    """The conversation is over; another word begins it anew."""

    name = "goodbye"
    kept = False


@dataclass(frozen=True, slots=True)
class Menu(Stage):
    """Wishes offered three at a time under numbers, for those who key."""

    name = "menu"
    expects = Expects.NUMBER
    items: tuple[str, ...] = ()
    """Names of intents."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Letters(Stage):
    """Words for a search are keyed or spelled letter by letter."""

    name = "letters"
    expects = Expects.LETTERS
    kept = False
    text: str = ""
    """Letters that stand."""
    key: str = ""
    """The key whose letter is still being chosen, "" when none is."""
    taps: int = 0


@dataclass(frozen=True, slots=True)
class Found(Stage):
    """Results of a search, three at a time."""

    name = "results"
    results: Results
    first: int = 0

    @property
    def question(self) -> str:
        return "results_sure" if self.results.sure and self.first == 0 else "results"

    @property
    def items(self) -> tuple[Record, ...]:
        return self.results.records


@dataclass(frozen=True, slots=True)
class OpenedRecord(Stage):
    """One record of the results, with the places where it stands."""

    name = "record"
    results: Results
    n: int
    """0-based position in the results."""
    shelves: tuple[Shelf, ...] = ()
    offer: str = "deliver"
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
class Number(Stage):
    """The number of a list entry is being keyed."""

    name = "number"
    expects = Expects.NUMBER
    kept = False
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Ticket(Stage):
    """The ticket's number is being keyed."""

    name = "ticket"
    expects = Expects.TICKET
    kept = False
    then: Intent
    """What the reader wanted when the ticket was asked for."""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pin(Stage):
    """The PIN is being keyed."""

    name = "pin"
    expects = Expects.PIN
    kept = False
    then: Intent
    ticket: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Slots(Stage):
    """Delivery or collection windows are offered under numbers."""

    name = "slots"
    expects = Expects.SLOT
    kept = False
    items: tuple[Slot, ...]
    titles: tuple[str, ...]
    ids: tuple[str, ...]
    """Records of a delivery, loans of a collection."""
    collection: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True)
class Confirm(Stage):
    """A read-back waits for yes or no. The only place from which the world is changed."""

    name = "confirm"
    expects = Expects.CONFIRMATION
    kept = False
    ask: Ask
    """What yes will do."""
    titles: tuple[str, ...] = ()
    place: str = ""
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Notes(Stage):
    """A note for the courier is being chosen or dictated."""

    name = "notes"
    expects = Expects.NUMBER
    kept = False
    confirm: Confirm
    items: tuple[str, ...] = ()
    """Prompts of the ready notes."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Booked(Stage):
    """Something has just been done and can be taken back."""

    name = "booked"


@dataclass(frozen=True, slots=True)
class Loans(Stage):
    """The reader's loans, three at a time."""

    name = "loans"
    items: tuple[Loan, ...]
    overdue: bool = False
    """Only those overdue."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedLoan(Stage):
    """One loan."""

    name = "loan"
    items: tuple[Loan, ...]
    n: int

    @property
    def question(self) -> str:
        return "loan_renew" if self.items[self.n].renewable else "loan"


@dataclass(frozen=True, slots=True)
class Holds(Stage):
    """The reader's holds, three at a time."""

    name = "holds"
    items: tuple[Hold, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedHold(Stage):
    """One hold."""

    name = "hold"
    items: tuple[Hold, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Deliveries(Stage):
    """The reader's deliveries and collections, three at a time."""

    name = "deliveries"
    items: tuple[Delivery, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedDelivery(Stage):
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


@dataclass(frozen=True, slots=True)
class Places(Stage):
    """Branches and stations, three at a time."""

    name = "places"
    items: tuple[Place, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Phone(Stage):
    """A new reader keys a telephone number."""

    name = "phone"
    expects = Expects.PHONE
    kept = False
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Name(Stage):
    """A new reader says or types a name, or leaves it out."""

    name = "name"
    expects = Expects.ADDRESS
    kept = False
    phone: str


@dataclass(frozen=True, slots=True)
class NewPin(Stage):
    """A new reader chooses a PIN."""

    name = "new_pin"
    expects = Expects.PIN
    kept = False
    phone: str
    newcomer: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Languages(Stage):
    """The languages, offered under numbers, each in itself."""

    name = "languages"
    expects = Expects.NUMBER
    kept = False
    items: tuple[str, ...] = ("kk", "ru", "en")
    first: int = 0


@dataclass(frozen=True, slots=True)
class Doubt(Stage):
    """Something was heard badly or has to be offered: is it meant?"""

    name = "doubt"
    expects = Expects.CONFIRMATION
    kept = False
    intent: Intent
    prompt: str = "doubt"
    """Under `ask`."""

    @property
    def question(self) -> str:
        return self.prompt

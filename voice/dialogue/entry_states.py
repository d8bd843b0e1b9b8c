"""Places where a number, a name or letters are keyed, said or typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from voice.dialogue.dialogue_state import DialogueState
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent


@dataclass(frozen=True, slots=True)
class Letters(DialogueState):
    """Words for a search are keyed or spelled letter by letter."""

    name = "letters"
    expects = ExpectedInput.LETTERS
    kept = False
    takes_words = True
    text: str = ""
    """Letters that stand."""
    key: str = ""
    """The key whose letter is still being chosen, "" when none is."""
    taps: int = 0


@dataclass(frozen=True, slots=True)
class Street(DialogueState):
    """The reader's street is said, or keyed or spelled letter by letter."""

    name = "street"
    expects = ExpectedInput.ADDRESS
    kept = False
    takes_words = True
    text: str = ""
    key: str = ""
    taps: int = 0


Spelt = Letters | Street
"""Places where keys choose letters."""


@dataclass(frozen=True, slots=True)
class House(DialogueState):
    """The number of the reader's house is keyed."""

    name = "house"
    expects = ExpectedInput.ADDRESS
    kept = False
    takes_digits = True
    most: ClassVar[int] = 5
    street: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Flat(DialogueState):
    """The number of the reader's flat is keyed; there may be none."""

    name = "flat"
    expects = ExpectedInput.ADDRESS
    kept = False
    takes_digits = True
    most: ClassVar[int] = 5
    street: str
    house: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class ListNumberEntry(DialogueState):
    """The number of a list entry is being keyed."""

    name = "number"
    expects = ExpectedInput.NUMBER
    kept = False
    takes_digits = True
    most: ClassVar[int] = 3
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Ticket(DialogueState):
    """The ticket's number is being keyed."""

    name = "ticket"
    expects = ExpectedInput.TICKET
    kept = False
    takes_digits = True
    most: ClassVar[int] = 14
    then: Intent
    """What the reader wanted when the ticket was asked for."""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pin(DialogueState):
    """The PIN is being keyed."""

    name = "pin"
    expects = ExpectedInput.PIN
    kept = False
    takes_digits = True
    most: ClassVar[int] = 8
    then: Intent
    ticket: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Phone(DialogueState):
    """A new reader keys a telephone number."""

    name = "phone"
    expects = ExpectedInput.PHONE
    kept = False
    takes_digits = True
    most: ClassVar[int] = 15
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Name(DialogueState):
    """A new reader says or types a name, or leaves it out."""

    name = "name"
    expects = ExpectedInput.ADDRESS
    kept = False
    takes_words = True
    phone: str


@dataclass(frozen=True, slots=True)
class NewPin(DialogueState):
    """A new reader chooses a PIN."""

    name = "new_pin"
    expects = ExpectedInput.PIN
    kept = False
    takes_digits = True
    most: ClassVar[int] = 8
    phone: str
    newcomer: str = ""
    digits: str = ""


Entry = Ticket | Pin | Phone | NewPin | ListNumberEntry | House | Flat
"""Places where digits are keyed; `most` is the largest number of them."""

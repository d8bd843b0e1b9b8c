"""Places where a number, a name or letters are keyed, said or typed."""

from __future__ import annotations

from dataclasses import dataclass

from voice.conversation.expects import Expects
from voice.conversation.stage import Stage
from voice.understanding.intent import Intent


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
class Street(Stage):
    """The reader's street is said, or keyed or spelled letter by letter."""

    name = "street"
    expects = Expects.ADDRESS
    kept = False
    text: str = ""
    key: str = ""
    taps: int = 0


Spelt = Letters | Street
"""Places where keys choose letters."""


@dataclass(frozen=True, slots=True)
class House(Stage):
    """The number of the reader's house is keyed."""

    name = "house"
    expects = Expects.ADDRESS
    kept = False
    street: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Flat(Stage):
    """The number of the reader's flat is keyed; there may be none."""

    name = "flat"
    expects = Expects.ADDRESS
    kept = False
    street: str
    house: str
    digits: str = ""


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

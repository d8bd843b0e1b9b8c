"""What the reader will probably give next."""

from __future__ import annotations

from enum import StrEnum


class ExpectedInput(StrEnum):
    """What the reader will probably give next; hearing, time limits and privacy depend on it."""

    SPEECH = "speech"
    NUMBER = "number"
    TICKET = "ticket"
    PIN = "pin"
    PHONE = "phone"
    ADDRESS = "address"
    SLOT = "slot"
    LETTERS = "letters"
    CONFIRMATION = "confirmation"
    NOTHING = "nothing"

"""What a reader wants, as understood from words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SlotValue = str | int | bool


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a reader wants. Names and slots are listed in phrases.toml."""

    name: str
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    language: str = "kk"
    """The language of the whole utterance; a borrowed word does not change it."""
    text: str = ""
    """The words it was understood from."""
    score: float = 1.0
    """How well the words fit the phrasebook, 0 to 1."""
    alternatives: tuple[str, ...] = ()
    """The free words of the recogniser's other hypotheses of the same intent, best first."""
    agreed: bool = False
    """It was said after a yes: “yes, renew it”. What is agreed to is for the pending question to judge."""
    bare: bool = False
    """A search whose free words came without a word for finding or for a book: it may be no search at all."""

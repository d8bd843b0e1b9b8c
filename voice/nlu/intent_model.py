"""The learnt reader of sentences: one or more intents with calibrated probabilities, their slots, and where the second
begins. It knows manners of speaking that no phrase names; what is exact stays with the phrasebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voice.nlu.corpus_states import state_name
from voice.nlu.errors import IntentModelMissing
from voice.values.intents import SlotValue

__all__ = ["IntentModel", "ReadPart", "Reading", "state_name"]

MOST_INTENTS = 5
"""Intents that a part of a reading names."""


@dataclass(frozen=True, slots=True)
class ReadPart:
    """One thing asked for, out of the words that say it."""

    text: str
    intents: tuple[tuple[str, float], ...]
    """Name and calibrated probability, 0 to 1, the likeliest first, at most MOST_INTENTS. Names are those of the
    corpus; a question to the library is "library_question.fines". So are "other" and "librarian"."""
    slots: Mapping[str, SlotValue] = field(default_factory=dict)

    @property
    def intent(self) -> str:
        """The likeliest."""
        return self.intents[0][0]

    @property
    def probability(self) -> float:
        """Of the likeliest, 0 to 1."""
        return self.intents[0][1]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence asks for."""

    parts: tuple[ReadPart, ...]
    """In the order in which they were said; empty for empty text."""


class IntentModel:
    """A model file, loaded. Read-only, so one serves every call at once."""

    @classmethod
    def load(cls, path: Path | None = None) -> IntentModel:
        """Return the model of `path`, or the one that ships.

        Raises IntentModelMissing, IntentModelOutdated or IntentModelDamaged; the caller goes on with the phrasebook.
        """
        raise IntentModelMissing(f"There is no model of understanding at {path}. The phrasebook is used alone.")

    def read(self, text: str, state: str, awaited: str = "") -> Reading:
        """Return what `text` asks for when it is said at `state`, a name of corpus_states (see `state_name`).

        `awaited` is the value of ExpectedInput, "" when nothing in particular is awaited. Never fails.
        """
        raise NotImplementedError

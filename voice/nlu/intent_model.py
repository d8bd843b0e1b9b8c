"""The learnt reader of sentences: one or more intents with calibrated probabilities, their slots, and where the second
begins. It knows manners of speaking that no phrase names; what is exact stays with the phrasebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from languages.tokens import LONGEST_UTTERANCE, tokens
from voice.nlu.corpus_states import START, STATES, state_name
from voice.nlu.learnt.corpus import CORRECTION
from voice.nlu.learnt.linear_layer import Floats
from voice.nlu.learnt.model_file import LearntWeights, read_model
from voice.nlu.learnt.reader import SentenceReader
from voice.values.intents import SlotValue

__all__ = ["IntentModel", "ReadPart", "Reading", "state_name"]

SHIPPED = Path(__file__).parent / "learnt" / "understanding.model"

MIN_CORRECTION = 0.5
"""Probability from which a part counts as a correction of what was understood before."""

_AWAITED = {"ticket": "ticket", "pin": "pin", "phone": "phone", "slot": "slots", "confirmation": "doubt"}
"""ExpectedInput -> the state whose manner of speaking it brings, where the state says nothing."""

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

    def __init__(self, weights: LearntWeights) -> None:
        self._names = weights.intent_names
        self._reader = SentenceReader(weights)

    @classmethod
    def load(cls, path: Path | None = None) -> IntentModel:
        """Return the model of `path`, or the one that ships.

        Raises IntentModelMissing, IntentModelOutdated or IntentModelDamaged; the caller goes on with the phrasebook.
        """
        return cls(read_model(path or SHIPPED))

    def read(self, text: str, state: str, awaited: str = "") -> Reading:
        """Return what `text` asks for when it is said at `state`, a name of corpus_states (see `state_name`).

        `awaited` is the value of ExpectedInput, "" when nothing in particular is awaited; it counts where the state is
        unknown or the start. What is said as a correction and asks for something in the same words has a part of the
        intent "correction", without words, before it. Words beyond LONGEST_UTTERANCE are not read. Never fails.
        """
        words = tokens(text)[:LONGEST_UTTERANCE]
        if state not in STATES or state == START:
            state = _AWAITED.get(awaited, START)
        parts: list[ReadPart] = []
        for part in self._reader.parts(words, state):
            intents = self._likeliest(part.probabilities)
            if part.correction >= MIN_CORRECTION and intents[0][0] != CORRECTION:
                parts.append(ReadPart("", ((CORRECTION, round(part.correction, 4)),)))
            parts.append(ReadPart(" ".join(part.words), intents, part.slots))
        return Reading(tuple(parts))

    def _likeliest(self, probabilities: Floats) -> tuple[tuple[str, float], ...]:
        order = np.argsort(-probabilities, kind="stable")[:MOST_INTENTS]
        return tuple((self._names[at], round(float(probabilities[at]), 4)) for at in order)

"""The model of intents behind a guard: one that fails or dawdles costs a sentence of the log and no conversation."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from voice.nlu.deciding.decision_policy import DecisionPolicy
from voice.nlu.intent_model import Reading
from voice.values.errors import cause_of

log = logging.getLogger(__name__)


class LearntReader(Protocol):
    """A model of intents."""

    def read(self, text: str, state: str, awaited: str = "") -> Reading:
        """Return what `text` may mean at the dialogue state `state`."""


class GuardedModel:
    """Asks a model as long as it answers rightly and in time."""

    def __init__(self, model: LearntReader, policy: DecisionPolicy, clock: Callable[[], float] | None = None) -> None:
        """`clock` counts seconds."""
        self._model = model
        self._policy = policy
        self._clock = clock or time.perf_counter
        self._slow = 0
        self._failing = False
        self.is_set_aside = False
        """It was too slow too often: the phrasebook goes on alone."""

    def read(self, text: str, state: str, awaited: str) -> Reading | None:
        """Return what the model reads; None when it cannot be relied on."""
        if self.is_set_aside:
            return None
        began = self._clock()
        try:
            reading = self._model.read(text, state, awaited)
            _check(reading)
        except Exception as error:
            if not self._failing:
                log.error("the model of intents fails, the phrasebook goes on alone: %s", cause_of(error))
            self._failing = True
            return None
        self._failing = False
        self._time((self._clock() - began) * 1000)
        return reading

    def _time(self, elapsed_ms: float) -> None:
        self._slow = self._slow + 1 if elapsed_ms > self._policy.slow_ms else 0
        if self._slow >= self._policy.slow_in_a_row:
            self.is_set_aside = True
            log.error("the model of intents is too slow (%d ms), the phrasebook goes on alone", elapsed_ms)


def _check(reading: Reading) -> None:
    """Raises ValueError when probabilities are none."""
    for part in reading.parts:
        if not part.intents or not all(0.0 <= probability <= 1.0 for _, probability in part.intents):
            raise ValueError("probabilities must lie between 0 and 1")

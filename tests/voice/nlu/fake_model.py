"""A model of intents that reads what a test gives it, and can lie, fail and dawdle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice.nlu.intent_model import Reading, ReadPart
from voice.values.intents import SlotValue

NO_SLOTS: Mapping[str, SlotValue] = {}


@dataclass
class FakeModel:
    """Reads what it is given; `lies` about everything else. `takes_s` of a clock of its own pass with each reading."""

    knows: dict[str, Reading] = field(default_factory=dict)
    lies: Reading = field(default_factory=lambda: likely(("other", 0.97)))
    raises: bool = False
    takes_s: float = 0.0
    now: float = 0.0
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def read(self, text: str, state: str, awaited: str = "") -> Reading:
        self.asked.append((text, state, awaited))
        self.now += self.takes_s
        if self.raises:
            raise RuntimeError(text)
        return self.knows.get(text, self.lies)

    def clock(self) -> float:
        return self.now


def likely(*intents: tuple[str, float], slots: Mapping[str, SlotValue] = NO_SLOTS, text: str = "") -> Reading:
    return Reading((ReadPart(text, intents, slots),))


def several(*parts: tuple[str, str, float]) -> Reading:
    return Reading(tuple(ReadPart(text, ((name, probability),), {}) for name, text, probability in parts))

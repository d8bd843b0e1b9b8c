"""Asks the decision what it makes of some words, with a model that is made up."""

from __future__ import annotations

from tests.voice.nlu.fake_model import FakeModel
from voice.nlu.deciding.acts import Decision, Do, Situation
from voice.nlu.deciding.decision import Decider
from voice.nlu.intent_model import Reading
from voice.nlu.phrasebook import Phrasebook
from voice.values.utterances import Hypothesis

READ_BACK = Situation("confirm_renew", "confirmation", "ru", confirms=True)


def heard(*readings: tuple[str, float]) -> tuple[Hypothesis, ...]:
    return tuple(Hypothesis(text, "ru", confidence) for text, confidence in readings)


def decide(
    phrasebook: Phrasebook, text: str, reading: Reading | None, situation: Situation | None = None, title: float = 0.0
) -> Decision:
    model = FakeModel({text: reading}) if reading else None
    decision = Decider(phrasebook, model).decide(
        heard((text, 1.0)), situation or Situation(language="ru"), lambda words: title
    )
    assert decision is not None
    return decision


def names(decision: Decision) -> list[str]:
    assert isinstance(decision.act, Do), decision.act
    return [intent.name for intent in decision.act.intents]

"""What one reading of an utterance may mean, and how probable each meaning is: the phrasebook's exact reading, the
model's and the catalogue's weighed together.

The model gives a probability for each intent; a phrase makes its own intent likelier by a ratio that depends on its
kind (policy.likelihood). So a phrase that makes full sense counts unless the model is nearly certain of something else,
and a guess counts little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from languages.tokens import fold, tokens
from voice.nlu.deciding.decision_policy import DecisionPolicy
from voice.nlu.deciding.learnt_intents import dialogue_name, is_exact, is_learnt, is_refused, learnt_intent
from voice.nlu.intent_model import ReadPart
from voice.nlu.phrasebook import FULL_SENSE
from voice.values.intents import Intent, IntentName, SlotValue
from voice.values.refusals import RefusalReason

FREE = frozenset({"words", "title", "author", "subject", "note"})
"""Slots that hold any words: a phrase with one of them may have taken for a title what is none."""
EMPTY = frozenset({IntentName.SEARCH, IntentName.SELECT})
"""Intents that say nothing without a slot: "that there", "which books"."""


@dataclass(frozen=True, slots=True)
class PossibleMeaning:
    """One thing that words may mean."""

    intent: Intent
    """Its name is one of learnt_intents.toml where the words are not for the dialogue."""
    probability: float
    """0 to 1."""

    @property
    def is_refused(self) -> bool:
        """Whether it says that the words are not for the dialogue."""
        return is_refused(self.intent.name)


TALK = frozenset({RefusalReason.OTHER, RefusalReason.UNANSWERABLE})
"""Names for words that are no request at all."""


def kind_of(exact: Intent) -> str:
    """Return how far a phrase is to be believed: phrase, find, free, bare or part, as in policy.likelihood."""
    if exact.bare or (exact.name in EMPTY and not exact.slots):
        return "bare"
    if exact.score < FULL_SENSE:
        return "part"
    if FREE.isdisjoint(exact.slots):
        return "phrase"
    return "find" if exact.finds else "free"


def meanings(
    part: ReadPart | None, exact: Intent | None, title: float, text: str, language: str, policy: DecisionPolicy
) -> tuple[PossibleMeaning, ...]:
    """Return what `text` may mean, most probable first; probabilities add up to 1 or less.

    `exact` is what the phrasebook makes of it, `title` how well the catalogue knows it as a title, 0 to 1. Without a
    model (`part` None) the phrasebook's word is taken.
    """
    if part is None:
        return (PossibleMeaning(exact, 1.0),) if exact else ()
    odds: dict[str, float] = {}
    intents: dict[str, Intent] = {}
    for learnt, probability in part.intents:
        if is_exact(learnt):
            continue  # no digits were found, so there are none
        name = dialogue_name(learnt)
        odds[name] = odds.get(name, 0.0) + probability
        if name not in intents:
            intents[name] = learnt_intent(learnt, part.slots, language, text, probability)
    unseen = max(0.0, 1.0 - sum(odds.values()))
    least = max(policy.least["model"], unseen * policy.least["unseen"])
    if title:
        name = IntentName.SEARCH
        ratio = 1 + (policy.likelihood["title"] - 1) * title
        odds[name] = max(odds.get(name, 0.0), least) * ratio
        intents.setdefault(name, Intent(name, {"words": text}, language, text, bare=True))
    if exact is not None:
        kind = kind_of(exact)
        if kind == "phrase" and not is_learnt(exact.name):
            kind = "unlearnt"
        odds[exact.name] = max(odds.get(exact.name, 0.0), least) * policy.likelihood[kind]
        if kind == "phrase":  # somebody has written it down as a request
            odds |= {name: odd * policy.likelihood["talk"] for name, odd in odds.items() if name in TALK}
        intents[exact.name] = _joined(exact, intents.get(exact.name))
    whole = sum(odds.values()) + unseen
    found = [PossibleMeaning(intents[name], odd / whole) for name, odd in odds.items()] if whole else []
    return tuple(sorted(found, key=lambda each: -each.probability))


def _joined(exact: Intent, learnt: Intent | None) -> Intent:
    """The phrasebook's intent; with the learnt one's slots where the phrase left words over or only guessed."""
    if learnt is None or not learnt.slots or kind_of(exact) == "phrase":
        return exact
    if exact.name == IntentName.SEARCH:
        return replace(exact, slots=_sought(exact, learnt))
    return replace(exact, slots={**learnt.slots, **exact.slots})


def _sought(exact: Intent, learnt: Intent) -> dict[str, SlotValue]:
    """What is looked for: the words that the phrase found free, as title, author or subject where the model parts them
    so; a word of the carrier ("find") is never part of a title."""
    sure = {name: value for name, value in exact.slots.items() if name not in FREE}
    free = {name: value for name, value in exact.slots.items() if name in FREE}
    parted = {name: value for name, value in learnt.slots.items() if name in FREE}
    beside = {name: value for name, value in learnt.slots.items() if name not in FREE}
    apart = not parted.keys() <= {"words"}
    if not free or (apart and _words(parted) <= _words(free)):
        free = parted
    elif apart and not exact.finds and _words(free) <= _words(parted):
        free = parted  # the phrase took a short word of a title for a filler
    return {**beside, **free, **sure}


def _words(slots: Mapping[str, SlotValue]) -> set[str]:
    return {fold(word) for value in slots.values() for word in tokens(str(value))}

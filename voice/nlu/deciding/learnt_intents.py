"""From what the model has learnt to the intents of the dialogue; the table is learnt_intents.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from voice.nlu.learnt.corpus import labels
from voice.values.intents import Intent, SlotValue

NO_SLOTS: Mapping[str, SlotValue] = {}


@cache
def _table() -> Mapping[str, Any]:
    text = (files("voice.nlu.deciding") / "learnt_intents.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def dialogue_name(learnt: str) -> str:
    """Return the dialogue's name of a learnt intent, without its topic: "library_question" of
    "library_question.fines"."""
    name = learnt.partition(".")[0]
    return str(_table()["same"].get(name, name))


@cache
def _learnt() -> frozenset[str]:
    return frozenset(map(dialogue_name, labels().intents))


def is_learnt(name: str) -> bool:
    """Whether the model may have seen sentences of an intent of the dialogue."""
    return name in _learnt()


def is_refused(learnt: str) -> bool:
    """Whether a learnt name says that the words are not for the dialogue."""
    return dialogue_name(learnt) in _table()["kinds"]["refused"]


def is_social(name: str) -> bool:
    """Whether an intent says nothing beside another one: a greeting, thanks."""
    return name in _table()["kinds"]["social"]


def is_correction(name: str) -> bool:
    """Whether it says only that what came before was wrong; what is meant instead follows."""
    return name in _table()["kinds"]["corrections"]


def is_exact(learnt: str) -> bool:
    """Whether only an exact reader may find this intent."""
    return learnt in _table()["kinds"]["exact"]


def learnt_intent(learnt: str, slots: Mapping[str, SlotValue], language: str, text: str, probability: float) -> Intent:
    """Return the dialogue's intent for a learnt name and slots; `probability`, 0 to 1, becomes its score."""
    name = dialogue_name(learnt)
    found = {_table()["slots"].get(slot, slot): value for slot, value in slots.items() if value != ""}
    found |= _table()["adds"].get(learnt, {})
    if topic := learnt.partition(".")[2]:
        found["topic"] = topic
    if name in _table()["words"]:
        found = _searchable(found, _table()["words"][name])
        if not found:
            return Intent(name, {"words": text}, language, text, round(probability, 3), bare=True)
    return Intent(name, found, language, text, round(probability, 3))


def _searchable(slots: Mapping[str, SlotValue], order: list[str]) -> dict[str, SlotValue]:
    """Return `slots` with those that a search knows only as words joined to one; a genre beside a title says
    nothing."""
    words = [str(slots[name]) for name in order if name in slots and not (name == "genre" and "title" in slots)]
    rest = {name: value for name, value in slots.items() if name not in order}
    return rest | ({"words": " ".join(dict.fromkeys(words))} if words else {})

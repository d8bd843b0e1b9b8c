"""Words letter by letter: keyed by repeated taps, spelled by voice with example words, and read out in the same way."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Letters, RecordDetail, ResultList, Spelt, Start
from voice.dialogue.transition import Transition
from voice.dialogue.turn import Control
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LONGEST = 100
"""Letters of a spelled search."""


@cache
def tables() -> Mapping[str, Any]:
    """Letters on keys, names of letters, joining words: letters.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("letters.toml").read_text("utf-8"))


def spell(state: DialogueContext, intent: Intent) -> Transition:
    """Spell what was last said; where nothing is on the table, begin to key or spell a search."""
    stage = state.stage
    match stage:
        case Start():
            return begin(state, intent)
        case RecordDetail():
            record = stage.record
            names = [name for name in (record.title, record.author) if name]
            lines = tuple(replace(spelled(name, record.language), record=stage.n) for name in names)
            return Transition(state, lines, question=True)
        case ResultList():
            n = stage.first
            record = stage.items[n]
            return Transition(state, (replace(spelled(record.title, record.language), record=n),), question=True)
    lines = tuple(replace(line, spelled=True) for line in state.said)
    return Transition(state, lines or (prompt(state, "talk.nothing_to_spell"),), quiet=bool(lines))


def begin(state: DialogueContext, intent: Intent) -> Transition:
    return Transition(state.go(Letters()))


def current(stage: Spelt, language: str) -> str:
    """The letter that the taps so far have come to; "" when none is being chosen."""
    if not stage.key:
        return ""
    letters: str = tables()["keys"][language][stage.key]
    return letters[(stage.taps - 1) % len(letters)]


def text(stage: Spelt, language: str) -> str:
    """Everything that has been keyed, the unfinished letter included."""
    return (stage.text + current(stage, language))[:LONGEST]


def pressed(state: DialogueContext, key: str) -> Transition:
    """One key of letter entry."""
    stage = state.stage
    assert isinstance(stage, Spelt)
    if len(stage.text) >= LONGEST and key not in "*#0":
        return Transition(state, (prompt(state, "identity.too_many_letters", count=LONGEST),), quiet=True)
    match key:
        case "0":
            return Transition(state, then=Intent(IntentName.PERSON, {}, state.language))
        case "#":
            return Transition(state, then=Intent(IntentName.LETTERS_DONE, {}, state.language))
        case "*":
            return erase(state)
        case "1":
            done = text(stage, state.language)
            kept = state.stay(replace(stage, text=done if stage.key else f"{done} ".lstrip(), key="", taps=0))
            return Transition(kept, quiet=True, controls=frozenset({Control.TICK}))
    again = key == stage.key
    done = stage.text if again else text(stage, state.language)
    chosen = replace(stage, text=done, key=key, taps=stage.taps + 1 if again else 1)
    return Transition(state.stay(chosen), (spelled(current(chosen, state.language), state.language),), quiet=True)


def erase(state: DialogueContext) -> Transition:
    """Take the last letter away; with none, go back."""
    stage = state.stage
    assert isinstance(stage, Spelt)
    done = text(stage, state.language)
    if not done:
        return Transition(state, then=Intent(IntentName.BACK, {}, state.language))
    shorter = done[:-1]
    say = spelled(shorter, state.language) if shorter.strip() else prompt(state, "identity.cleared")
    return Transition(state.stay(replace(stage, text=shorter, key="", taps=0)), (say,), quiet=True)


def erased(state: DialogueContext, intent: Intent) -> Transition:
    """No: the last letter was heard or keyed wrongly."""
    return erase(state)


def search(state: DialogueContext, intent: Intent) -> Transition:
    """`#`: look for what was keyed."""
    stage = state.stage
    assert isinstance(stage, Letters)
    words = " ".join(text(stage, state.language).split())
    if not words:
        return Transition(state)
    return Transition(state.leave(), then=Intent(IntentName.SEARCH, {"words": words}, state.language, words))


def said(state: DialogueContext, intent: Intent) -> Transition:
    """Letters said one after another, with or without example words; yes searches."""
    stage = state.stage
    assert isinstance(stage, Letters)
    if intent.name == IntentName.YES:
        return search(state, intent)
    match command(intent.text):
        case "erase":
            return erase(state)
        case "search":
            return search(state, intent)
        case "space":
            return pressed(pressed(state, SPACE).state, SPACE) if stage.key else pressed(state, SPACE)
    done = text(stage, state.language)
    new = letters_of(intent.text) or ("" if done else typed_word(intent.text))
    if not new:
        # A word that is no letter was meant otherwise: nothing is added, what stands is said again.
        return Transition(state, (prompt(state, "talk.not_understood"),))
    return Transition(state.stay(Letters((done + new)[:LONGEST])))


SPACE = "1"
"""The key that lets a letter stand and then makes a space."""


def command(words: str) -> str:
    """The command that these words alone are among letters; "" for any others."""
    said = " ".join(words.lower().split())
    return next((name for name, wordings in tables()["commands"].items() if said in wordings), "")


def _parts(words: str) -> list[str]:
    """The words, those names of letters that are two words as one."""
    parts: list[str] = []
    for word in words.lower().split():
        both = f"{parts[-1]} {word}" if parts else ""
        if both in tables()["names"]:
            parts[-1] = both
        else:
            parts.append(word)
    return parts


def spells(words: str) -> bool:
    """Whether these are letters said one by one: each is a letter, the name of one, or joins one and its word."""
    parts = _parts(words)
    names, joining = tables()["names"], tables()["joining"]["words"]
    return bool(parts) and all(
        len(part) == 1 or part in names or part in joining or parts[n - 1] in joining for n, part in enumerate(parts)
    )


def wishes(intent: Intent) -> bool:
    """Whether a wish said among letters is meant as one: more than letters, and more than a word to look for."""
    if spells(intent.text) or command(intent.text):
        return False
    return intent.name != IntentName.SEARCH or len(intent.text.split()) > 1


def letters_of(words: str) -> str:
    """The letters among spoken words: themselves or their names. Other words, and what follows a joining word, only
    explain a letter and add nothing."""
    letters = ""
    skip = False
    for part in _parts(words):
        if part in tables()["joining"]["words"]:
            skip = bool(letters) and part not in ("as",)
            continue
        if not skip:
            letters += tables()["names"].get(part, part if len(part) == 1 and part.isalpha() else "")
        skip = False
    return letters


def typed_word(words: str) -> str:
    """A single word with which a search is begun, taken whole as when it is typed; "" for several."""
    parts = words.lower().split()
    return parts[0] if len(parts) == 1 and len(parts[0]) > 3 else ""


def shown(state: DialogueContext) -> tuple[Line, ...]:
    """What has been keyed so far."""
    stage = state.stage
    assert isinstance(stage, Spelt)
    done = text(stage, state.language)
    return (spelled(done, state.language),) if done else ()

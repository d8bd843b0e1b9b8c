"""Letters as they are keyed, said and typed, whatever they are for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import SpelledEntry
from voice.dialogue.phrasing import prompt
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LONGEST = 100
"""Letters of a spelled search."""


@cache
def tables() -> Mapping[str, Any]:
    """Letters on keys, names of letters, joining words: letters.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("letters.toml").read_text("utf-8"))


def current(state: SpelledEntry, language: str) -> str:
    """The letter that the taps so far have come to; "" when none is being chosen."""
    if not state.key:
        return ""
    letters: str = tables()["keys"][language][state.key]
    return letters[(state.taps - 1) % len(letters)]


def text(state: SpelledEntry, language: str) -> str:
    """Everything that has been keyed, the unfinished letter included."""
    return (state.text + current(state, language))[:LONGEST]


def erase(context: DialogueContext, state: SpelledEntry) -> Transition:
    """Take the last letter away; with none, go back."""
    done = text(state, context.language)
    if not done:
        return Transition(context, then=Intent(IntentName.BACK, {}, context.language))
    shorter = done[:-1]
    say = spelled(shorter, context.language) if shorter.strip() else prompt(context, "identity.cleared")
    return Transition(context.stay(replace(state, text=shorter, key="", taps=0)), (say,), quiet=True)


def letter_command(words: str) -> str:
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


def keyed(context: DialogueContext, state: SpelledEntry) -> tuple[Line, ...]:
    """What has been keyed so far."""
    done = text(state, context.language)
    return (spelled(done, context.language),) if done else ()


def letter_key(context: DialogueContext, state: SpelledEntry, key: str) -> Transition:
    """One key of letter entry."""
    if len(state.text) >= LONGEST and key not in "*#0":
        return Transition(context, (prompt(context, "identity.too_many_letters", count=LONGEST),), quiet=True)
    match key:
        case "0":
            return Transition(context, then=Intent(IntentName.PERSON, {}, context.language))
        case "#":
            return Transition(context, then=Intent(IntentName.LETTERS_DONE, {}, context.language))
        case "*":
            return erase(context, state)
        case "1":
            done = text(state, context.language)
            kept = context.stay(replace(state, text=done if state.key else f"{done} ".lstrip(), key="", taps=0))
            return Transition(kept, quiet=True, controls=frozenset({Control.TICK}))
    again = key == state.key
    done = state.text if again else text(state, context.language)
    chosen = replace(state, text=done, key=key, taps=state.taps + 1 if again else 1)
    return Transition(context.stay(chosen), (spelled(current(chosen, context.language), context.language),), quiet=True)

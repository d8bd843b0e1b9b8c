"""Digits and letters as they are keyed, said and typed, whatever they are for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Handler, S
from voice.dialogue.phrasing import prompt
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Spelt, Ticket
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

LONGEST = 100
"""Letters of a spelled search."""


def identify_first(context: DialogueContext, intent: Intent) -> Transition:
    """Ask for the ticket; the intent goes on when the reader is known."""
    return Transition(context.go(Ticket(intent)))


def digits_of(intent: Intent) -> str:
    """The digits in an intent: its slot, else those among its words; "" without any."""
    given = str(intent.slots.get("digits", ""))
    if not given:
        given = intent.text if any(character.isdigit() for character in intent.text) else str(intent.slots.get("n", ""))
    return "".join(character for character in given if character.isascii() and character.isdigit())


def entered(take: Callable[[DialogueContext, S, str], Transition]) -> Handler[S]:
    """Return the handler of a complete number, which `take` is given; without a digit the question stands."""

    def handler(context: DialogueContext, state: S, intent: Intent) -> Transition:
        digits = digits_of(intent)
        return take(context, state, digits) if digits else Transition(context)

    return handler


@cache
def tables() -> Mapping[str, Any]:
    """Letters on keys, names of letters, joining words: letters.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("letters.toml").read_text("utf-8"))


def current(state: Spelt, language: str) -> str:
    """The letter that the taps so far have come to; "" when none is being chosen."""
    if not state.key:
        return ""
    letters: str = tables()["keys"][language][state.key]
    return letters[(state.taps - 1) % len(letters)]


def text(state: Spelt, language: str) -> str:
    """Everything that has been keyed, the unfinished letter included."""
    return (state.text + current(state, language))[:LONGEST]


def erase(context: DialogueContext, state: Spelt) -> Transition:
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


def keyed(context: DialogueContext, state: Spelt) -> tuple[Line, ...]:
    """What has been keyed so far."""
    done = text(state, context.language)
    return (spelled(done, context.language),) if done else ()

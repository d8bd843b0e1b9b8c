"""Turns what a phrase put into its slots into the values of an intent."""

from __future__ import annotations

from collections.abc import Callable, Container

from languages.tokens import fold
from languages.year_parsing import dated
from voice.nlu.matcher import Match, Value
from voice.values.intents import SlotValue

_FREE = frozenset({"title", "author", "subject", "words", "note", "place"})


def slots_of(match: Match, edges: Container[str], in_digits: Callable[[str], str]) -> dict[str, SlotValue]:
    """Slots by name; free words lose the `edges` (folded words) at both ends, empty slots are left out.

    `in_digits` writes the years that were said, as the catalogue reads them.
    """
    slots: dict[str, SlotValue] = {}
    for name, said in match.slots.items():
        slots.update(_slot(name, said, edges))
    genre = slots.pop("genre", "")
    if words := slots.get("words"):
        slots["words"] = in_digits(str(words))
    if "words" not in slots and "title" not in slots:
        slots["words"] = genre
    elif genre and (when := dated(str(slots.get("words", "")))) and not when.rest:
        slots["words"] = f"{genre} {slots['words']}"  # beside a title a genre says nothing, beside a year it does
    return {name: value for name, value in slots.items() if value != ""}


def _slot(name: str, said: list[Value], edges: Container[str]) -> dict[str, SlotValue]:
    last = said[-1]
    match name:
        case "n" | "nth":
            return {"n": int(last) if isinstance(last, str) else last[0].value}
        case "count":
            return {name: int(str(last))}
        case "ns" if not isinstance(last, str):
            return {"ns": ",".join(str(number.value) for number in last)}
        case "digits" if not isinstance(last, str):
            digits: dict[str, SlotValue] = {"digits": "".join(number.digits for number in last)}
            return digits | ({"n": last[0].value} if len(last) == 1 else {})
        case "there":
            return {"place": " ".join(str(part) for part in said)}
        case "new" | "narrow":
            return {name: True}
        case "format" | "language" | "unit":
            return {name: str(last)}
    heard = " ".join(str(part) for part in said)
    return {name: trimmed(heard, edges) if name in _FREE else heard}


def trimmed(text: str, edges: Container[str]) -> str:
    """Return `text` without words at either end whose folded form is in `edges`."""
    words = text.split()
    while words and fold(words[0]) in edges:
        del words[0]
    while words and fold(words[-1]) in edges:
        del words[-1]
    return " ".join(words)

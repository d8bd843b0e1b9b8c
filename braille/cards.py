"""Records, result lists, bookings and help as passages: a heading and labelled facts, short where cells are few.

card = Card("Абай жолы", "kk", (Fact("author", "Мұхтар Әуезов"), Fact("copies", "3")))
lay_out(result_list([card], "kk", 40), 40)      1/1 Абай жолы. Авторы: Мұхтар Әуезов. Қолда: 3
paginate(slip(card, "kk"))                      the heading and a line for every fact, for paper
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from braille.layout import SHORT_BELOW, Passage


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing worth knowing about a book or a booking."""

    label: str
    """A key of labels.toml: author, year, copies, place, date, …"""
    text: str
    language: str | None = None
    """Of the text, when it is not the reader's."""


@dataclass(frozen=True, slots=True)
class Card:
    """A record, a booking, or a topic of help."""

    heading: str
    language: str
    """Of the heading: a title is written in the Braille of its own language."""
    facts: tuple[Fact, ...] = ()
    """The most important first. Those without text are left out."""


def label(key: str, language: str, *, short: bool) -> str:
    """The name of a fact in the reader's language; in Kazakh where it is another. Raises KeyError for unknown keys."""
    labels = _labels()
    return labels.get(language, labels["kk"])[key][short]


def result_list(cards: Sequence[Card], language: str, width: int) -> list[Passage]:
    """One passage a card, numbered, whose region is the card's 0-based position; `language` is the reader's.

    Narrow displays, of fewer than 30 cells, get short labels and the number alone instead of "3/12".
    """
    short = width < SHORT_BELOW
    passages = []
    for position, card in enumerate(cards):
        number = f"{position + 1}" if short else f"{position + 1}/{len(cards)}"
        spans = [(f"{number} ", language), (card.heading, card.language)]
        for fact in _filled_facts(card):
            name = label(fact.label, language, short=short)
            spans.append((f" {name} " if short else f". {name.capitalize()}: ", language))
            spans.append((fact.text, fact.language or language))
        passages.append(Passage(tuple(spans), position))
    return passages


def slip(card: Card, language: str, *, short: bool = False) -> list[Passage]:
    """The heading and a passage for every fact: a record in full, a booking slip, a page of help."""
    passages = [Passage(((card.heading, card.language),))] if card.heading else []
    for fact in _filled_facts(card):
        name = label(fact.label, language, short=short).capitalize()
        passages.append(Passage(((f"{name}: ", language), (fact.text, fact.language or language))))
    return passages


def _filled_facts(card: Card) -> list[Fact]:
    return [fact for fact in card.facts if fact.text.strip()]


@functools.cache
def _labels() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("braille").joinpath("labels.toml").read_text(encoding="utf-8"))

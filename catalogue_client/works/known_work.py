"""What is known of one work, and the rules that a line of the knowledge base keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue_client.works.theme_names import theme_names

COLUMNS = (
    "title", "author", "language", "year", "kind", "names", "plot", "themes", "characters", "series", "age", "class",
    "filmed",
)  # fmt: skip
KINDS = frozenset(
    {
        "novel", "novella", "story", "stories", "poem", "poems", "play", "tale", "tales", "fables", "epic", "memoir",
        "biography", "essay", "science", "history", "philosophy", "psychology", "textbook", "reference", "guide", "law",
        "health", "cookery", "business", "travel", "children", "comic",
    }
)  # fmt: skip
WITH_PEOPLE = frozenset({"novel", "novella", "play"})
"""Kinds whose characters readers ask for."""
LANGUAGES = frozenset({"kk", "ru", "en"})
MOST_CHARACTERS = 8
LONGEST_PLOT = 400
YEARS = range(-3000, 2101)
FILM_YEARS = range(1890, 2101)
AGES = range(19)
CLASSES = range(1, 12)
MARKUP = re.compile(r"[<>{}\[\]|*_\\]|&\w+;|https?:")
NAME = re.compile(r"([a-z]{2,3})=~?(.+)")
TRANSLATED_BY_US = "~"
"""Before a name under which the work is not known in that language: a plain translation of its title."""
FILMED_SOME_TIME = "yes"


class UnusableLine(ValueError):
    """A line of the knowledge base that breaks a rule."""


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """A series and where in it a work stands."""

    name: str
    number: int | None
    """1-based; None where the series has no numbers."""


@dataclass(frozen=True, slots=True)
class KnownWork:
    """One line: a work in one language."""

    title: str
    author: str
    language: str
    year: int | None
    kind: str
    names: tuple[tuple[str, str], ...]
    """(language, name) in other languages."""
    plot: str
    """One sentence in the work's language."""
    themes: tuple[str, ...]
    """Keys of themes.toml."""
    characters: tuple[str, ...]
    series: tuple[SeriesPlace, ...]
    age: int | None
    """From which it is read."""
    classes: tuple[tuple[str, int], ...]
    """(language in which the school teaches, class)."""
    filmed: tuple[int, ...]
    """Years of screen versions; (0,) for one whose year is not known."""


def known_work(fields: Sequence[str]) -> KnownWork:
    """Return the work that the fields of a line describe. Raises UnusableLine."""
    if len(fields) != len(COLUMNS):
        raise UnusableLine(f"{len(fields)} fields instead of {len(COLUMNS)}")
    row = {name: field.strip() for name, field in zip(COLUMNS, fields, strict=True)}
    if not row["title"] or row["language"] not in LANGUAGES:
        raise UnusableLine("no title, or a language that is none of kk, ru, en")
    for column in ("title", "author", "names", "plot", "characters", "series"):
        if found := MARKUP.search(row[column]):
            raise UnusableLine(f"{column}: {found.group()!r} is no text")
    if row["kind"] and row["kind"] not in KINDS:
        raise UnusableLine(f"kind: {row['kind']!r} is unknown")
    if len(row["plot"]) > LONGEST_PLOT:
        raise UnusableLine(f"plot: {len(row['plot'])} characters are more than a sentence")
    characters = _several(row["characters"])
    if len(characters) > MOST_CHARACTERS:
        raise UnusableLine(f"characters: {len(characters)} are more than {MOST_CHARACTERS}")
    return KnownWork(
        title=row["title"],
        author=row["author"],
        language=row["language"],
        year=_number("year", row["year"], YEARS),
        kind=row["kind"],
        names=_names(row["names"], row["language"]),
        plot=row["plot"],
        themes=_themes(row["themes"]),
        characters=characters,
        series=tuple(series_place(part) for part in _several(row["series"])),
        age=_number("age", row["age"], AGES),
        classes=tuple(_class(part) for part in _several(row["class"])),
        filmed=tuple(
            0 if part == FILMED_SOME_TIME else _whole("filmed", part, FILM_YEARS) for part in _several(row["filmed"])
        ),
    )


def _names(field: str, own: str) -> tuple[tuple[str, str], ...]:
    found = []
    for part in _several(field):
        match = NAME.fullmatch(part)
        if match is None:
            raise UnusableLine(f"names: {part!r} is not of the form en=Name")
        language, name = match.group(1), match.group(2).strip()
        if language == own:
            raise UnusableLine(f"names: {part!r} is in the work's own language")
        found.append((language, name))
    return tuple(found)


def _themes(field: str) -> tuple[str, ...]:
    keys = _several(field)
    if unknown := [key for key in keys if key not in theme_names()]:
        raise UnusableLine(f"themes: {', '.join(unknown)} unknown")
    return keys


def series_place(part: str) -> SeriesPlace:
    """Return what "Name#2" or "Name" says. Raises UnusableLine."""
    name, _, number = part.partition("#")
    if not name.strip():
        raise UnusableLine(f"series: {part!r} has no name")
    return SeriesPlace(name.strip(), _number("series", number.strip(), range(1, 1000)))


def _class(part: str) -> tuple[str, int]:
    school, _, number = part.partition(":")
    if school not in ("kk", "ru"):
        raise UnusableLine(f"class: {part!r} is not of the form kk:9")
    return school, _whole("class", number, CLASSES)


def _number(column: str, text: str, within: range) -> int | None:
    return _whole(column, text, within) if text else None


def _whole(column: str, text: str, within: range) -> int:
    if not re.fullmatch(r"-?\d+", text) or int(text) not in within:
        raise UnusableLine(f"{column}: {text!r} is no number from {within.start} to {within.stop - 1}")
    return int(text)


def _several(field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in field.split(";") if part.strip()))

"""One key for an author, however a record writes the name: in any of three languages, with initials or in full."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from languages.folding import folded_words

SEVERAL = ", "
"""Between the authors of one work."""
MOST_AUTHORS = 3
"""Authors of a work by whom it is joined to others."""

Key = tuple[str, str]
"""(surname, first letter of the forename), folded."""


def author_keys(author: str) -> tuple[str, ...]:
    """Return a key for each of the first authors; () when nobody is named."""
    return tuple(dict.fromkeys(key for name in author.split(SEVERAL)[:MOST_AUTHORS] if (key := _canonical(name))))


def other_names(author: str) -> tuple[str, ...]:
    """Return the names of an author in other languages and spellings, without the one given."""
    names = [other for name in author.split(SEVERAL)[:MOST_AUTHORS] for other in _spellings().get(_canonical(name), ())]
    return tuple(dict.fromkeys(name for name in names if name not in author))


def _canonical(name: str) -> str:
    key = _key(name)
    return " ".join(_table().get(key, key)).strip()


def _key(name: str) -> Key:
    words = folded_words(name)
    if not words:
        return "", ""
    if len(words) > 1 and len(words[-1]) == 1:  # "Ауэзов М. О.": initials behind the surname
        return words[0], words[1][:1]
    return words[-1], words[0][:1] if len(words) > 1 else ""


@cache
def _rows() -> tuple[tuple[tuple[str, ...], ...], ...]:
    text = (files("catalogue_client.works") / "authors.tsv").read_text(encoding="utf-8")
    return tuple(tuple(tuple(names.split(";")) for names in line.split("\t")) for line in text.splitlines()[1:])


@cache
def _table() -> dict[Key, Key]:
    """Key of any spelling -> key of the first one; of a pair of authors each by itself."""
    table: dict[Key, Key] = {}
    for row in _rows():
        first: tuple[Key, ...] = ()
        for spellings in row:
            for spelling in spellings:
                keys = tuple(map(_key, spelling.split(SEVERAL)))
                first = first or keys
                for key, canonical in zip(keys, first, strict=False):
                    table.setdefault(key, canonical)
    return table


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Canonical key -> all spellings of the name."""
    found: dict[str, list[str]] = {}
    for row in _rows():
        for spellings in row:
            for spelling in spellings:
                for name in spelling.split(SEVERAL):
                    found.setdefault(_canonical(name), []).append(name)
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}

"""Which liblouis table a text needs."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

_CYRILLIC = re.compile("[\u0400-\u052f]")


@functools.cache
def _tables() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads(files("braille").joinpath("tables.toml").read_text(encoding="utf-8"))
    return {name: tuple(tables) for name, tables in data.items()}


def english_tables(grade: int) -> tuple[str, ...]:
    """Unified English Braille, grade 1 (every letter) or 2 (contracted)."""
    return _tables()["english_grade_2" if grade == 2 else "english_grade_1"]


def tables_for(text: str, language: str, *, capitals: bool = False, grade: int = 1) -> tuple[str, ...]:
    """The tables for `text` in `language`, an ISO 639-1 code.

    Everything but English goes through the Kazakh table, which reads all Cyrillic and signs Latin words. So does a text
    marked as English that holds Cyrillic letters: the English tables know none of them.
    """
    if language == "en" and not _CYRILLIC.search(text):
        return english_tables(grade)
    return _tables()["cyrillic_with_capitals" if capitals else "cyrillic"]

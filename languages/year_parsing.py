"""Years as a reader says them: "до 1917 года", "1942 жылы шыққан", "from the 1960s"."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

YEARS = Path(__file__).with_name("years.toml")
FIRST, LAST = 0, 9999


@dataclass(frozen=True, slots=True)
class Dated:
    """What was said, apart from when the book should be from."""

    years: tuple[int, int]
    """Both included."""
    rest: str


def dated(text: str) -> Dated | None:
    """The years that `text` names, in digits; None when it names none."""
    for kind, pattern in _patterns():
        if found := pattern.search(text):
            rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
            return Dated(_span(kind, *map(int, found.groups())), rest)
    return None


def _span(kind: str, year: int, last: int = 0) -> tuple[int, int]:
    match kind:
        case "between":
            return min(year, last), max(year, last)
        case "before":
            return FIRST, year - 1
        case "after":
            return year + 1, LAST
        case "since":
            return year, LAST
        case "decade":
            return year, year + 9
    return year, year


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = tomllib.loads(YEARS.read_text(encoding="utf-8"))
    return tuple(
        (kind, re.compile(rf"\b(?:{wording})\b", re.IGNORECASE))
        for kind, wordings in patterns.items()
        for wording in wordings
    )

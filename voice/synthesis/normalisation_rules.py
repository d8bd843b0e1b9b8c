"""What the three languages' rules for reading are made of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from languages.numerals import cardinal

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
"""A pattern and what is said for it. Rules are applied in order, each to the whole text."""


class Written:
    """Written forms that all three languages share."""

    DATE = re.compile(r"\b(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>[12]\d{3})\b")
    TIME = r"\b(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)\b"
    TIMES = re.compile(r"\b(?P<h1>[01]?\d|2[0-4]):(?P<m1>[0-5]\d)\s*[-–—]\s*(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)\b")
    DECIMAL = re.compile(r"\b(?P<whole>\d{1,9})[.,](?P<part>\d{1,3})\b(?![.,]\d)")
    FRACTION = re.compile(r"\b(?P<above>\d{1,3})/(?P<below>[1-9]\d{0,2})\b(?!/)")
    RANGE = re.compile(r"\b(?P<first>\d{1,9})\s?[-–—]\s?(?P<last>\d{1,9})\b(?!\s?[-–—]\s?\d)")
    NUMBER = re.compile(r"\d+")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files("voice.synthesis") / "normaliser.toml").read_text(encoding="utf-8"))


def vocabulary(language: str) -> dict[str, Any]:
    """The table of a language in normaliser.toml, or one of those for all: `centuries`, `codes`."""
    table: dict[str, Any] = _tables()[language]
    return table


def clock(hour: str, minute: str, language: str, form: str = "masculine", *, minutes_always: bool = False) -> str:
    """A time of day on the 24-hour clock; full hours without minutes unless `minutes_always`."""
    spoken = cardinal(int(hour), language, form)
    if int(minute) == 0:
        zero = cardinal(0, language)
        return f"{spoken} {zero} {zero}" if minutes_always else spoken
    zero = cardinal(0, language) + " " if minute[0] == "0" else ""
    return f"{spoken} {zero}{cardinal(int(minute), language, form if not zero else 'masculine')}"

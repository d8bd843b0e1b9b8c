"""The three Braille codes, Kazakh, Russian and Unified English, each a file of rules that is read both ways.

A file names the liblouis tables that are right for its code, corrects what they do not do (each correction with its
source and the versions of liblouis that were seen to need it), and says what each cell stands for when it is read back.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from languages.letters import KAZAKH_ONLY

CYRILLIC = re.compile("[\u0400-\u052f]")
LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
_KAZAKH = re.compile(f"[{KAZAKH_ONLY}{KAZAKH_ONLY.upper()}]")


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """How one language is written in Braille."""

    name: str
    """kazakh, russian or ueb: the name of its file."""
    tables: tuple[str, ...]
    tables_with_capitals: tuple[str, ...]
    tables_contracted: tuple[str, ...]
    unknown: str
    """Cells, in Unicode Braille, for a run of characters that the code cannot write."""
    raised: str
    lowered: str
    """What stands before raised and lowered digits; "" where they are written as numbers."""
    plus_after_letter: str = ""
    brackets: tuple[str, str] = ("", "")
    number_brackets: tuple[str, str] = ("", "")
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Characters and what liblouis is given instead: cells in Unicode Braille, or words."""
    switch: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By kind (letters, latin, digits, …) cells and what they stand for when they are read back."""


@functools.cache
def code(name: str) -> Code:
    """The code of that name: kazakh, russian or ueb."""
    rules = _rules(name)
    capitals = rules.get("tables_with_capitals", rules["tables"])
    return Code(
        name=name,
        tables=tuple(rules["tables"]),
        tables_with_capitals=tuple(capitals),
        tables_contracted=tuple(rules.get("tables_contracted", rules["tables"])),
        unknown=rules["unknown"],
        raised=rules["raised"],
        lowered=rules["lowered"],
        plus_after_letter=rules.get("plus_after_letter", ""),
        brackets=tuple(rules.get("brackets", ("", ""))),
        number_brackets=tuple(rules.get("number_brackets", ("", ""))),
        corrections={rule["text"]: rule.get("cells") or rule["written"] for rule in rules.get("correction", ())},
        switch=rules.get("switch", {}),
        signs={name: table for name, table in rules.items() if isinstance(table, dict) and name != "switch"},
    )


def _rules(name: str) -> dict[str, Any]:
    """The rules of a file on top of those that it builds on; tables are joined, everything else replaced."""
    rules = tomllib.loads(files("braille").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    base = _rules(rules.pop("builds_on")) if "builds_on" in rules else {}
    for key, value in rules.items():
        base[key] = {**base[key], **value} if isinstance(value, dict) and key in base else value
    return base


def code_of(text: str, language: str) -> Code:
    """The code in which `text` is written, itself in `language`, an ISO 639-1 code.

    Russian that quotes a Kazakh name goes by the Kazakh code, which has all letters of both. Text of any other language
    than Russian and English does too: in Almaty a foreign name stands in Kazakh or Russian text.
    """
    if language == "en":
        return code("ueb")
    return code("russian" if language == "ru" and not _KAZAKH.search(text) else "kazakh")


@functools.cache
def _names() -> dict[str, list[str]]:
    return tomllib.loads(files("braille").joinpath("sign_names.toml").read_text(encoding="utf-8"))


def sign_name(character: str, language: str) -> str:
    """What a sign is called in `language`; "" for one that has no name here."""
    names = _names().get(character)
    return names[{"ru": 1, "en": 2}.get(language, 0)] if names else ""

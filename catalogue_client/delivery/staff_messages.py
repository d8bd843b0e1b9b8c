"""Sentences for staff: kept as what they say, told in the language of whoever reads them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from languages.codes import Language

SENTENCES = Path(__file__).with_name("staff_messages.toml")


@cache
def sentences() -> Mapping[Language, Mapping[str, str]]:
    """staff_lines.toml: language -> key -> sentence."""
    told: Any = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    by_language: Mapping[Language, Mapping[str, str]] = told
    return by_language


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One sentence of staff_lines.toml, or with the key "" the words of a person as they are."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    """For its placeholders; another StaffLine where the sentence has one within it."""

    def said(self, language: Language) -> str:
        if not self.key:
            return str(self.values.get("words", ""))
        told = {name: one.said(language) if isinstance(one, StaffLine) else one for name, one in self.values.items()}
        return sentences()[language][self.key].format(**told).strip()

    def kept(self) -> str:
        """For the database."""
        return json.dumps(self._plain(), ensure_ascii=False)

    def _plain(self) -> list[Any]:
        values = {name: one._plain() if isinstance(one, StaffLine) else one for name, one in self.values.items()}
        return [self.key, values]


def words(text: str) -> StaffLine:
    """What a person has written."""
    return StaffLine("", {"words": text})


def read(kept: str) -> StaffLine:
    """What `kept` made; text that an older Dauys wrote is taken as it is."""
    try:
        told = json.loads(kept)
    except ValueError:
        return words(kept)
    return _read(told) if isinstance(told, list) else words(kept)


def _read(told: list[Any]) -> StaffLine:
    key, values = told
    return StaffLine(key, {name: _read(one) if isinstance(one, list) else one for name, one in values.items()})

"""Sentences for staff: kept as what they say, rendered in the language of whoever reads them."""

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
    """Return staff_messages.toml: language -> key -> sentence. Raises OSError and tomllib.TOMLDecodeError."""
    parsed: Any = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    by_language: Mapping[Language, Mapping[str, str]] = parsed
    return by_language


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One sentence of staff_messages.toml, or with the key "" the words of a person as they are."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    """For its placeholders; another StaffLine where the sentence has one within it."""

    def said(self, language: Language) -> str:
        """Return the sentence in one language. Raises KeyError for a key or placeholder that is not there."""
        if not self.key:
            return str(self.values.get("words", ""))
        values = {
            name: value.said(language) if isinstance(value, StaffLine) else value for name, value in self.values.items()
        }
        return sentences()[language][self.key].format(**values).strip()

    def kept(self) -> str:
        """Return JSON for the database."""
        return json.dumps(self._plain(), ensure_ascii=False)

    def _plain(self) -> list[Any]:
        values = {
            name: value._plain() if isinstance(value, StaffLine) else value for name, value in self.values.items()
        }
        return [self.key, values]


def words(text: str) -> StaffLine:
    """Return the line of what a person has written."""
    return StaffLine("", {"words": text})


def read(kept: str) -> StaffLine:
    """Return the line that `kept` made JSON of; text that an older Dauys wrote is taken as it is."""
    try:
        parsed = json.loads(kept)
    except ValueError:
        return words(kept)
    return _read(parsed) if isinstance(parsed, list) else words(kept)


def _read(parsed: list[Any]) -> StaffLine:
    key, values = parsed
    return StaffLine(key, {name: _read(one) if isinstance(one, list) else one for name, one in values.items()})

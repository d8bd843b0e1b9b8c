"""The corpus of utterances: what readers say and what is right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from voice.values.intents import Intent, SlotValue

CORPUS = Path(__file__).parent / "corpus"
PARTS = ("", "fresh", "unseen")
"""Folders of the corpus. What is wrong in "unseen" is counted but not looked at while phrases are written."""
LANGUAGES = ("kk", "ru", "en", "mixed")


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance and its meaning."""

    text: str
    language: str
    intent: str
    slots: dict[str, SlotValue]
    unseen: bool

    def understood(self, intent: Intent | None) -> bool:
        """Whether `intent` is right. One number said alone is digits and may also be n."""
        if intent is None or intent.name != self.intent:
            return False
        slots = dict(intent.slots)
        if self.intent == "digits":
            slots.pop("n", None)
        return slots == self.slots


def examples() -> list[Example]:
    return [
        Example(text, language, intent, slots, part == "unseen")
        for part in PARTS
        for language in LANGUAGES
        for intent, utterances in _table(part, language).items()
        for text, slots in utterances.items()
    ]


def outside(part: str = "") -> list[str]:
    """Talk that is not meant for a library."""
    return [text for talk in _table(part, "outside").values() for text in talk["utterances"]]


def _table(part: str, name: str) -> dict[str, dict[str, dict[str, SlotValue]]]:
    return tomllib.loads((CORPUS / part / f"{name}.toml").read_text(encoding="utf-8"))

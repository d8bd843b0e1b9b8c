"""The corpus of utterances: what readers say and what is right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from voice.understanding.intent import Intent, SlotValue

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = ("kk", "ru", "en", "mixed")


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance and its meaning."""

    text: str
    language: str
    intent: str
    slots: dict[str, SlotValue]

    @property
    def unseen(self) -> bool:
        """Every third utterance, by its hash, was kept from the eyes of whoever wrote the phrases."""
        return sha256(self.text.encode()).digest()[0] % 3 == 0

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
        Example(text, language, intent, slots)
        for language in LANGUAGES
        for intent, utterances in _table(language).items()
        for text, slots in utterances.items()
    ]


def outside() -> list[str]:
    """Talk that is not meant for a library."""
    return [text for talk in _table("outside").values() for text in talk["utterances"]]


def _table(name: str) -> dict[str, dict[str, dict[str, SlotValue]]]:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))

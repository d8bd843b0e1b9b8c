"""Which voice speaks which language, and how it speaks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of one pyttsx3 driver."""

    driver: str
    name: str


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a reader wants speech."""

    rate: int = 170
    """Words a minute, 80 to 450."""
    volume: int = 100
    """Percent, 10 to 200."""
    pitch: int = 50
    """0 to 99."""


Voices = Mapping[str, Voice]
"""Voices by language: kk, ru and en at least."""


INSTEAD = "instead"
"""The one table of voices.toml that is no voice."""


def load_voices() -> Voices:
    """The voices that are shipped."""
    return {language: Voice(**entry) for language, entry in _table().items() if language != INSTEAD}


def load_substitutes() -> Mapping[str, str]:
    """By language, the language whose voice speaks instead when its own is missing."""
    return dict(_table()[INSTEAD])


def _table() -> dict[str, Any]:
    return tomllib.loads((files("voice.synthesis") / "voices.toml").read_text(encoding="utf-8"))


def with_variant(voices: Voices, variant: str) -> Voices:
    """The same voices as another speaker: `variant` is one of espeak-ng's, such as "f2" or "m3"."""
    return {language: Voice(voice.driver, f"{voice.name}+{variant}") for language, voice in voices.items()}

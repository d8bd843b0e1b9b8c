"""What the ear listens for, and how long a pause ends it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class RecognitionMode(StrEnum):
    """What the reader will probably say next."""

    OPEN = "open"
    """Anything: a title, an author, a request."""
    COMMAND = "command"
    """A phrase of the phrasebook, or a number of a list."""
    CONFIRMATION = "confirmation"
    """Yes or no, or a command."""
    NUMBER = "number"
    """Digits, with pauses between groups."""
    LETTERS = "letters"
    """Letters one by one, with longer pauses."""
    NOTHING = "nothing"
    """Nothing in particular: commands are heard all the same."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When an utterance is over. All in ms of silence after the last speech, but `longest_s`."""

    complete_ms: int
    """When what was heard is a complete phrase."""
    trailing_ms: int
    """When it is not, or not known."""
    noisy_complete_ms: int
    """The first where noise hides syllables …"""
    noisy_ms: int
    """… and the second, which also holds where the words heard so far ask for more."""
    longest_s: int
    """Seconds after which an utterance is ended whatever is heard: music, or a room full of people."""


def load_timings() -> Mapping[RecognitionMode, Timing]:
    """The timings of timing.toml."""
    table = tomllib.loads((files("voice.recognition") / "timing.toml").read_text(encoding="utf-8"))
    return {RecognitionMode(name): Timing(**values) for name, values in table.items()}

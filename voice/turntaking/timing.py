"""The numbers of turn-taking: those of timing.toml, and how long a silence may last on one channel."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """What timing.toml says; its comments tell what each number is for. All in ms."""

    cough_ms: int
    coughed_word_ms: int
    earcon_ms: int
    mute_ms: int
    silence_frame_ms: int


@dataclass(frozen=True, slots=True)
class NoInputTiming:
    """How long a silence of the reader may last, in seconds since anything was last said or done by either side."""

    question_s: float
    """Then a soft sound tells that Dauys still listens. It is left out where the next limit comes first."""
    repeat_s: float
    """Then the silence itself is answered: the question again, or the end."""


def read_timing(text: str) -> TurnTiming:
    """The timing that a TOML text gives. Raises ValueError naming what is missing, unknown or no length of time."""
    return _checked(tomllib.loads(text))


def _checked(table: Mapping[str, object]) -> TurnTiming:
    names = {field.name for field in fields(TurnTiming)}
    if wrong := sorted(names ^ table.keys()):
        raise ValueError(f"turntaking/timing.toml: missing or unknown: {', '.join(wrong)}")
    values = {name: value for name, value in table.items() if type(value) is int and value > 0}
    if wrong := sorted(names - values.keys()):
        raise ValueError(f"turntaking/timing.toml: not a whole number of milliseconds above 0: {', '.join(wrong)}")
    return TurnTiming(**values)


@cache
def load_timing() -> TurnTiming:
    """The timing of timing.toml."""
    return read_timing((files("voice.turntaking") / "timing.toml").read_text(encoding="utf-8"))

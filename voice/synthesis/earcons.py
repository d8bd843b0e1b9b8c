"""Earcons: short sounds that say "taken in", "still listening" or "booked" faster than words."""

from __future__ import annotations

import wave
from functools import cache
from importlib.resources import files

import numpy as np
import soxr


@cache
def earcon(name: str, rate_hz: int) -> bytes:
    """PCM of an earcon at `rate_hz`: tick, waiting, working, done or sorry. Raises FileNotFoundError."""
    with (files("voice.synthesis") / "sounds" / f"{name}.wav").open("rb") as stored, wave.open(stored) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        return bytes(soxr.resample(samples, sound.getframerate(), rate_hz).tobytes())

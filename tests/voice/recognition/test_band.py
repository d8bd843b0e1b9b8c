"""The high-pass before everything that listens."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from voice.recognition.band import SpeechBand
from voice.recognition.vad import level


def passed(hz: float, rate_hz: int) -> float:
    """dB by which a tone changes."""
    tone = (8000 * np.sin(2 * np.pi * hz * np.arange(rate_hz) / rate_hz)).astype("<i2").tobytes()
    band, size = SpeechBand(rate_hz), rate_hz // 25
    heard = b"".join(band.filter(tone[at : at + size]) for at in range(0, len(tone), size))
    assert len(heard) == len(tone)
    return level(heard[len(heard) // 2 :]) - level(tone[len(tone) // 2 :])


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_hum_goes_and_speech_stays(rate_hz: int) -> None:
    assert passed(50, rate_hz) < -12
    assert all(abs(passed(hz, rate_hz)) < 1 for hz in (300, 500, 1000, 3400))


def test_on_a_telephone_line_the_first_harmonics_of_hum_go_too() -> None:
    assert passed(50, 8000) < -50 and passed(100, 8000) < -30 and passed(150, 8000) < -12


def test_pieces_of_any_length_make_the_same_sound() -> None:
    noise = np.random.default_rng(1).normal(0, 2000, 4000).astype("<i2").tobytes()
    whole, band = SpeechBand(8000).filter(noise), SpeechBand(8000)
    cuts = [0, 2, 320, 322, 2000, 8000]
    assert b"".join(band.filter(noise[a:z]) for a, z in pairwise(cuts)) == whole


def test_the_loudest_samples_are_not_turned_over() -> None:
    square = np.where(np.arange(800) % 16 < 8, 32767, -32768).astype("<i2")
    heard = np.frombuffer(SpeechBand(8000).filter(square.tobytes()), "<i2").astype(int)
    assert np.abs(np.diff(np.sign(heard[200:]))).sum() <= 2 * (600 / 8 + 1)

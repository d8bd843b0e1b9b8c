"""The voice detector on real synthetic speech, in quiet and in noise."""

from __future__ import annotations

import asyncio
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.recognition.vad import VoiceActivityDetector, level
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, load_voices


@cache
def speech(rate_hz: int) -> NDArray[np.float64]:
    """About a second of speech without silence around it."""

    async def make() -> bytes:
        synthesiser = Synthesiser()
        blocks = [b async for b in synthesiser.stream("Абай жолы", load_voices()["kk"], Prosody(), rate_hz)]
        synthesiser.close()
        return b"".join(blocks)

    samples = np.frombuffer(asyncio.run(make()), dtype="<i2").astype(float)
    loud = np.nonzero(np.abs(samples) > 400)[0]
    return samples[loud[0] : loud[-1]]


def decisions(samples: NDArray[np.float64], rate_hz: int) -> list[bool]:
    detector = VoiceActivityDetector(rate_hz)
    size = rate_hz // 50
    pcm = np.clip(samples, -32768, 32767).astype("<i2")
    return [detector.is_speech(pcm[n : n + size].tobytes()) for n in range(0, len(pcm) - size, size)]


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_speech_is_found_and_its_end_is_sharp(rate_hz: int) -> None:
    clip = speech(rate_hz)
    found = decisions(np.concatenate([np.zeros(rate_hz), clip, np.zeros(rate_hz)]), rate_hz)
    first, last = 50, 50 + len(clip) * 50 // rate_hz
    assert not any(found[: first - 1])
    assert any(found[first : first + 4])
    assert not any(found[last + 3 :])


@pytest.mark.parametrize("loudness", [30, 300, 1500])
def test_steady_noise_is_no_speech_and_speech_is_found_in_it(loudness: int) -> None:
    random = np.random.default_rng(4)
    clip = speech(8000)
    noise = random.normal(0, loudness, 16000 + len(clip) + 8000)
    noise[16000 : 16000 + len(clip)] += clip * 2
    found = decisions(noise, 8000)
    assert sum(found[30:98]) <= 1
    assert sum(found[100 : 100 + len(clip) // 160]) > 10


def test_level_is_in_db_of_full_scale() -> None:
    assert level(np.full(160, 32767, "<i2").tobytes()) == pytest.approx(0, abs=0.1)
    assert level(np.full(160, 3277, "<i2").tobytes()) == pytest.approx(-20, abs=0.1)
    assert level(bytes(320)) < -90

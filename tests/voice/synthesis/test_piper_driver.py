"""Piper's driver against a stand-in with Piper's interface: its voices are hundreds of megabytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from voice.synthesis.errors import NoVoice
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, Voice


@dataclass
class SynthesisConfig:
    length_scale: float


class PiperVoice:
    config = SimpleNamespace(sample_rate=16000)

    @classmethod
    def load(cls, path: str) -> PiperVoice:
        return cls()

    def synthesize(self, text: str, settings: SynthesisConfig) -> Iterator[SimpleNamespace]:
        for sentence in text.split(". "):
            pcm = np.full(int(800 * len(sentence) * settings.length_scale), 1000, "<i2")
            yield SimpleNamespace(audio_int16_bytes=pcm.tobytes(), sample_rate=16000)


@pytest.fixture
def piper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    module = ModuleType("piper")
    module.PiperVoice, module.SynthesisConfig = PiperVoice, SynthesisConfig  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "piper", module)
    voice = tmp_path / "kk_KZ-issai-high.onnx"
    voice.write_bytes(b"")
    return voice


async def test_a_piper_voice_speaks_at_the_readers_rate(piper: Path) -> None:
    synthesiser = Synthesiser()
    lengths = []
    for rate in (170, 340):
        stream = synthesiser.stream("Бір кітап. Екі кітап", Voice("piper_stream", str(piper)), Prosody(rate=rate), 8000)
        lengths.append(sum([len(block) async for block in stream]))
    synthesiser.close()
    assert lengths[0] == pytest.approx(2 * lengths[1], rel=0.1)
    assert lengths[0] > 10_000


async def test_a_missing_piper_voice_is_named(piper: Path) -> None:
    synthesiser = Synthesiser()
    with pytest.raises(NoVoice, match="nowhere"):
        [b async for b in synthesiser.stream("иә", Voice("piper_stream", "nowhere.onnx"), Prosody(), 8000)]
    synthesiser.close()

"""Sentences said by espeak-ng, for the tests of this package."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import soxr

from audio_models.sound_files import PcmAudio


def said(text: str, voice: str) -> PcmAudio:
    """The text at 16 kHz."""
    program = ["espeak-ng", "--stdout", "-s", "150", "-v", voice, text]
    wave = subprocess.run(program, capture_output=True, check=True).stdout[44:]
    samples = np.frombuffer(wave[: len(wave) // 2 * 2], np.int16)
    return PcmAudio(np.asarray(soxr.resample(samples, 22050, 16000), np.int16), 16000)


def write_transcripts(folder: Path, rows: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "transcripts.tsv").write_text(rows, encoding="utf-8")

"""Speech that is already there: a folder with transcripts.tsv, or one with corpus.tsv and a tar for each voice."""

from __future__ import annotations

import csv
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from audio_models.errors import BadRecordings
from audio_models.training.cepstra import Parameters, log_mel_of, read_cepstra
from audio_models.training.corpus_store import RATE, Energies, Samples
from audio_models.transcribed_recordings import read_recordings


def extra_speech(folder: Path) -> Iterator[tuple[str, str, str, Samples | Energies]]:
    """Every utterance of the folder as (language, voice, text, samples at 16 kHz).

    Files with the ending .mfc are Sphinx's cepstra, made as `feat.params` in the folder says: of those energies come.
    Raises BadRecordings for a folder that holds both sounds and cepstra.
    """
    if (folder / "corpus.tsv").exists():
        yield from _from_tars(folder)
        return
    described = folder / "feat.params"
    parameters = Parameters.read(described) if described.exists() else Parameters()
    recordings = read_recordings(folder)
    if len({recording.path.suffix == ".mfc" for recording in recordings}) > 1:
        raise BadRecordings(f"{folder} holds sounds and cepstra (.mfc). Put them into folders of their own.")
    for recording in recordings:
        if recording.path.suffix == ".mfc":
            sound: Samples | Energies = log_mel_of(read_cepstra(recording.path), parameters)
        else:
            sound = read_sound(recording.path)
        yield recording.language, f"extra-{recording.speaker}", recording.text, sound


def _from_tars(folder: Path) -> Iterator[tuple[str, str, str, Samples]]:
    with (folder / "corpus.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    known = {name: (language, f"extra-{voice.lower()}", text) for name, language, voice, text in rows}
    for archive in sorted(folder.glob("*.tar")):
        with tarfile.open(archive) as tar:
            for member in tar:
                sound = tar.extractfile(member)
                entry = known.get(Path(member.name).stem)
                if sound is not None and entry is not None:
                    yield *entry, read_sound(io.BytesIO(sound.read()))


def read_sound(source: Path | io.BytesIO) -> Samples:
    """A sound file in any format libsndfile reads, mixed to mono at 16 kHz."""
    samples, rate = soundfile.read(source, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    return np.asarray(np.clip(mono * 32768.0, -32768, 32767), dtype=np.int16)

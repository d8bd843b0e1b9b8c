"""How much a confidence is worth, and the weights that make it worth most: voice/recognition/calibration.toml.

`confidence.py FOLDER …`: folders of audio with transcripts.tsv (path, language, speaker, text). Every recording is
heard clean and by telephone, by all models that are installed, as a call hears it: with all words, and where it can be
an answer to a read-back with that grammar, beside a quarter of others. Prints how often the best readings of each
confidence are right, with the weights in use and with weights fitted on the recordings of other texts.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.acoustic_conditions import by_telephone, clean
from audio_models.decoding import AROUND_S, normalised
from audio_models.sound_files import PcmAudio, read_sound
from audio_models.transcribed_recordings import TranscribedRecording, read_recordings
from catalogue_client.store.purpose import Purpose
from voice.assistant.app import open_app
from voice.recognition.decoder import Decoded, Grammars
from voice.recognition.recogniser import Listener, Recogniser
from voice.recognition.recognition_mode import RecognitionMode
from voice.recognition.rescoring import RescoringWeights, features, load_calibration

BINS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
STEPS, RIDGE, FOLDS = 30, 0.1, 4
"""Newton steps; how strongly weights are drawn to zero; parts of the texts, each judged by weights of the others."""
UNKNOWN = [field.name for field in fields(RescoringWeights)].index("unknown")
"""This weight is not fitted: recordings of library sentences hold too little that is not for us."""

Column = NDArray[np.float64]


@dataclass(slots=True)
class Rows:
    """Every reading of every recording."""

    recording: list[int]
    fold: list[int]
    evidence: list[tuple[float, ...]]
    right: list[bool]


def decoded(recogniser: Recogniser, listener: Listener, sound: PcmAudio, narrow: bool) -> Decoded:
    """All readings of one recording."""
    around = np.zeros(int(AROUND_S * sound.rate), np.int16)
    pcm = np.concatenate([around, sound.samples, around]).tobytes()
    for start in range(0, len(pcm), sound.rate // 5):
        listener.feed(pcm[start : start + sound.rate // 5])
    return Decoded(recogniser, listener.finish(), narrow, len(pcm) / 2 / sound.rate)


def readings(
    recognisers: Sequence[Recogniser], grammars: Grammars, recordings: Sequence[TranscribedRecording]
) -> Iterator[tuple[int, TranscribedRecording, str, tuple[float, ...]]]:
    """The number of a recording, itself, a reading, and what the calibration weighs."""
    listeners: dict[tuple[str, int], Listener] = {}
    number = 0
    for recording in recordings:
        original = read_sound(recording.path)
        for change in (clean, by_telephone):
            sound: PcmAudio = change(original)
            number += 1
            for recogniser in recognisers:
                grammar = grammars.get(recogniser.language)
                key = recogniser.language, sound.rate
                if key not in listeners:
                    listeners[key] = recogniser.listener(sound.rate, grammar)
                for text, values in features(decoded(recogniser, listeners[key], sound, grammar is not None)):
                    if text:
                        yield number, recording, text, values


def answers(recordings: Sequence[TranscribedRecording], grammars: Grammars) -> list[TranscribedRecording]:
    """Those that a grammar has the words for, and others, so that these are a quarter: most people answer."""
    words = {word for phrases in grammars.values() for phrase in phrases or () for word in phrase.split()}
    fitting: list[TranscribedRecording] = []
    others: list[TranscribedRecording] = []
    for recording in recordings:
        (fitting if words.issuperset(normalised(recording.text).split()) else others).append(recording)
    return fitting + others[:: max(3 * len(others) // max(len(fitting), 1), 1)]


def collect(found: Iterator[tuple[int, TranscribedRecording, str, tuple[float, ...]]]) -> Rows:
    rows = Rows([], [], [], [])
    for number, recording, text, values in found:
        rows.recording.append(number)
        rows.fold.append(zlib.crc32(recording.text.encode()) % FOLDS)
        rows.evidence.append(values)
        rows.right.append(text == normalised(recording.text))
    return rows


def fitted(evidence: Column, right: Column, unknown: float) -> Column:
    """Logistic regression by Newton's method, with the weight of [unk] as it is."""
    free = np.arange(evidence.shape[1]) != UNKNOWN
    offset, chosen = evidence[:, UNKNOWN] * unknown, evidence[:, free]
    weights = np.zeros(chosen.shape[1])
    for _ in range(STEPS):
        probable = 1 / (1 + np.exp(-np.clip(chosen @ weights + offset, -30, 30)))
        curvature = (chosen * (probable * (1 - probable))[:, None]).T @ chosen + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curvature, chosen.T @ (right - probable) - RIDGE * weights)
    return np.insert(weights, UNKNOWN, unknown)


def show(name: str, confidence: Column, rows: Rows) -> None:
    """The reliability of the best reading of each recording."""
    best: dict[int, int] = {}
    for index, number in enumerate(rows.recording):
        if number not in best or confidence[index] > confidence[best[number]]:
            best[number] = index
    chosen = np.array(list(best.values()))
    right = np.array(rows.right)[chosen]
    print(f"  {name}: {right.sum()} of {len(right)} best readings right")
    for low, high in pairwise(BINS):
        inside = (confidence[chosen] >= low) & (confidence[chosen] < high + (high == 1.0))
        if inside.any():
            print(f"    {low:.2f} to {high:.2f}: {inside.sum():5} readings, {right[inside].mean():6.1%} right")


def report(title: str, rows: Rows, in_use: RescoringWeights) -> None:
    evidence, right, fold = np.array(rows.evidence), np.array(rows.right, float), np.array(rows.fold)

    def probability(weights: Column, part: Column) -> Column:
        return np.asarray(1 / (1 + np.exp(-part @ weights)))

    print(f"{title}: {len(right)} readings")
    show("in use", probability(np.array(astuple(in_use)), evidence), rows)
    judged = np.zeros(len(right))
    for part in range(FOLDS):
        weights = fitted(evidence[fold != part], right[fold != part], in_use.unknown)
        judged[fold == part] = probability(weights, evidence[fold == part])
    show("fitted on other texts", judged, rows)
    for field, weight in zip(fields(RescoringWeights), fitted(evidence, right, in_use.unknown), strict=True):
        print(f"    {field.name} = {weight:.2f}")


async def run(recordings: Sequence[TranscribedRecording]) -> None:
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), purpose=Purpose.DEMONSTRATION) as app:
            recognisers = await app.recognisers()
            narrow = await app.grammars()
            in_use, confirming = load_calibration(), narrow[RecognitionMode.CONFIRMATION]
            report("all words", collect(readings(recognisers, {}, recordings)), in_use.all_words)
            chosen = answers(recordings, confirming)
            report("a read-back", collect(readings(recognisers, confirming, chosen)), in_use.grammar)


def main(folders: list[str]) -> int:
    if not folders:
        print(__doc__)
        return 2
    asyncio.run(run([recording for folder in folders for recording in read_recordings(Path(folder))]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

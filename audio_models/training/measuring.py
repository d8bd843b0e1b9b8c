"""What the recipe checks at its end: that Vosk scores as the network does, and how well held-out voices are heard."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from audio_models.decoding import Decoder
from audio_models.sound_files import PcmAudio
from audio_models.spelling import UnitKind, spell
from audio_models.training.corpus_store import RATE
from audio_models.training.examples import units_of
from audio_models.training.export_validation import score_difference
from audio_models.training.network import Network
from audio_models.training.speech_sources import HELD_OUT_VOICES, Corpus
from audio_models.vosk_format.directory import write_graph

MOST = 100
"""Utterances measured of each voice."""


def prove(network: Network, reading: Corpus, languages: Sequence[str], kind: UnitKind) -> float:
    """The largest difference of scores over three recordings, in nats."""
    differences: list[float] = []
    for shelf in reading.shelves:
        for utterance in shelf.utterances:
            row = spell(utterance.text.split(), kind)
            if utterance.language in languages and len(row) == 1 and len(differences) < 3:
                (units,) = [ways[0] for ways in row.values()]
                try:
                    differences.append(score_difference(network, shelf.samples(utterance), units))
                except ValueError:
                    continue  # not heard as this word, so there is nothing to compare
    return max(differences, default=float("nan"))


def measure(made: Path, reading: Corpus, languages: Sequence[str], kind: UnitKind) -> dict[str, float]:
    """Held-out voice -> share of its utterances heard right with a grammar of all of them and [unk]."""
    found: dict[str, float] = {}
    voices: dict[str, list[tuple[str, PcmAudio]]] = {}
    for shelf in reading.shelves:
        for utterance in shelf.utterances:
            kept_apart = utterance.voice in HELD_OUT_VOICES or shelf.folder.name == "espeak-test"
            if kept_apart and utterance.language in languages:
                name = "espeak-ng" if shelf.folder.name == "espeak-test" else utterance.voice
                sound = PcmAudio(shelf.samples(utterance), RATE)
                voices.setdefault(f"{name}/{utterance.language}", []).append((utterance.text, sound))
    for name, spoken in voices.items():
        chosen = spoken[:MOST]
        texts = sorted({text for text, _ in chosen})
        with tempfile.TemporaryDirectory() as folder:
            for part in ("am", "conf"):
                shutil.copytree(made / part, Path(folder) / part)
            spellings = spell((word for text in texts for word in text.split()), kind)
            write_graph(Path(folder), len(units_of(kind)), spellings, [], [], dict.fromkeys(spellings, 1.0))
            decoder = Decoder(Path(folder))
            right = [decoder.hear(sound, texts).text == text for text, sound in chosen]
        found[name] = round(sum(right) / len(right), 3)
    return found

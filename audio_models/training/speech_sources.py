"""Who reads what: the shelves of the recipe, filled one after the other by whatever this machine has.

Texts that measure the model are read by voices that never train it, and by nobody else.
"""

from __future__ import annotations

import itertools
import os
import random
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio_models.sample_texts import commands, library_texts, texts_to_keep_apart
from audio_models.training import people, tts_voices
from audio_models.training.corpus_store import CorpusStore, fill
from audio_models.training.extra_corpus import extra_speech
from languages.codes import LANGUAGES

PROGRAMS = {"espeak": "espeak-ng", "pico": "pico2wave", "rhvoice": "RHVoice-test"}
"""What reads, where its name is another."""
HELD_OUT_VOICES = frozenset({"extra-natalia", "flite-rms"})
"""Voices of real speakers that measure and never train (espeak-ng's own are named in voices.toml)."""
OWN_TEXTS = 12000

Reader = tuple[str, str, Callable[[], Iterable[tts_voices.Spoken]], bool]
"""What reads, in which voice, its reading, and whether that measures."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All speech there is, and which of its texts measure."""

    shelves: tuple[CorpusStore, ...]
    test_texts: Mapping[str, Sequence[str]]
    """Language -> texts that no training voice may teach."""


def read_everything(
    folder: Path, extra: Sequence[Path], works: Path | None, scale: float, report: Callable[[str], None]
) -> Corpus:
    """Fill the shelves below `folder`, one on each core; those that are full already are only opened.

    `extra`: folders of more speech (extra_corpus.py); `works`: titles and authors to read (texts.py); `scale`: how
    much of the shares of voices.toml to read.
    """
    with (Path(__file__).parent / "voices.toml").open("rb") as file:
        table = tomllib.load(file)
    shelves: list[CorpusStore] = []
    for more in extra:
        shelves.append(fill(folder / f"extra-{more.name}", extra_speech(more)))
        report(f"extra {more.name}: {len(shelves[-1].utterances)} utterances, {shelves[-1].hours:.2f} h")
    texts, apart = _texts(shelves, works, scale)
    readers: list[Reader] = [("people", name, _some_of(speak, scale), False) for name, speak in people.SOURCES.items()]
    for reader in _readers(table, texts, apart, scale):
        if tts_voices.installed(PROGRAMS.get(reader[0], reader[0])):
            readers.append(reader)
        else:
            report(f"{reader[0]} {reader[1]}: left out, {reader[0]} is not installed")
    # The synthesisers are programs of their own: threads that wait for them are enough to use every core.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        filled = [pool.submit(fill, folder / f"{name}-{voice}", speak()) for name, voice, speak, _ in readers]
        for (name, voice, _, kept_apart), shelf in zip(readers, (each.result() for each in filled), strict=True):
            if not shelf.utterances:
                report(f"{name} {voice}: left out, not installed")
                continue
            shelves.append(shelf)
            measures = " (to measure)" * kept_apart
            report(f"{name} {voice}: {len(shelf.utterances)} utterances, {shelf.hours:.2f} h{measures}")
    return Corpus(tuple(shelves), apart)


def _some_of(
    speak: Callable[[], Iterator[tts_voices.Spoken]], scale: float
) -> Callable[[], Iterator[tts_voices.Spoken]]:
    """One of so many recordings of people: there are only so many, and a short recipe needs few."""
    return lambda: itertools.islice(speak(), 0, None, max(round(1 / scale), 1))


def _texts(
    shelves: Sequence[CorpusStore], works: Path | None, scale: float
) -> tuple[tts_voices.Texts, tts_voices.Texts]:
    """Texts to train on and to measure with. Where a held-out voice has read something, that is what measures."""
    spoken = [utterance for shelf in shelves for utterance in shelf.utterances]
    train: dict[str, list[str]] = {}
    apart: dict[str, list[str]] = {}
    for language in LANGUAGES:
        own = library_texts(language, max(int(OWN_TEXTS * scale), 60), seed=1, works=works)
        heard = [utterance.text for utterance in spoken if utterance.language == language]
        held_out = [u.text for u in spoken if u.language == language and u.voice in HELD_OUT_VOICES]
        candidates = set(held_out or own + heard) - set(commands(language))
        apart[language] = texts_to_keep_apart(sorted(candidates))[: max(int(250 * scale), 20)]
        train[language] = sorted((set(own) | set(heard)) - set(apart[language]))
    return train, apart


def _readers(table: dict[str, Any], texts: tts_voices.Texts, apart: tts_voices.Texts, scale: float) -> list[Reader]:
    def scaled(share: Mapping[str, int]) -> dict[str, int]:
        return {language: max(int(count * scale), 10) for language, count in share.items()}

    respellings = tts_voices.respellings()
    found: list[Reader] = []
    machine = table["espeak"]
    for kind, variants, share in (
        ("train", machine["variants"], machine["share"]),
        ("test", machine["held_out"], machine["held_out_share"]),
    ):
        pool = apart if kind == "test" else texts

        def by_machine(
            pool: tts_voices.Texts = pool, variants: Sequence[str] = variants, share: Mapping[str, int] = share
        ) -> Any:
            speed, pitch = machine["speed"], machine["pitch"]
            chance = random.Random(len(variants))
            return tts_voices.espeak(pool, scaled(share), machine["accents"], variants, speed, pitch, chance)

        found.append(("espeak", kind, by_machine, kind == "test"))
    for entry in table["flite"]:
        held_out = f"flite-{entry['voice']}" in HELD_OUT_VOICES

        def by_flite(entry: dict[str, Any] = entry, pool: tts_voices.Texts = apart if held_out else texts) -> Any:
            return tts_voices.flite(pool, entry["voice"], scaled(entry["share"]), random.Random(entry["voice"]))

        found.append(("flite", entry["voice"], by_flite, held_out))
    for entry in table["festival"]:

        def by_festival(entry: dict[str, Any] = entry) -> Any:
            respelling = respellings.get(entry.get("respelling", ""))
            chance = random.Random(entry["voice"])
            return tts_voices.festival(texts, entry["voice"], scaled(entry["share"]), respelling, chance)

        found.append(("festival", entry["voice"].removeprefix("voice_"), by_festival, False))
    for entry in table["rhvoice"]:
        share = scaled(entry["share"])

        def by_rhvoice(entry: dict[str, Any] = entry, share: Mapping[str, int] = share) -> Any:
            return _by_rhvoice(texts, entry, share)

        found.append(("rhvoice", entry["voice"].lower(), by_rhvoice, False))
    for entry in table["pico"]:

        def by_pico(entry: dict[str, Any] = entry, share: Mapping[str, int] = scaled(entry["share"])) -> Any:
            return _by_pico(texts, entry, share)

        found.append(("pico", entry["voice"].lower(), by_pico, False))
    return found + _command_readers(table, scale)


def _by_pico(texts: tts_voices.Texts, entry: dict[str, Any], share: Mapping[str, int]) -> Iterator[tts_voices.Spoken]:
    respelling, chance = tts_voices.respellings().get(entry.get("respelling", "")), random.Random(entry["voice"])
    return tts_voices.pico(texts, entry["voice"], share, respelling, entry["speed"], entry["pitch"], chance)


def _by_rhvoice(
    texts: tts_voices.Texts, entry: dict[str, Any], share: Mapping[str, int]
) -> Iterator[tts_voices.Spoken]:
    respelling = tts_voices.respellings().get(entry.get("respelling", ""))
    quality, chance = entry.get("quality", "std"), random.Random(entry["voice"])
    return tts_voices.rhvoice(texts, entry["voice"], share, respelling, quality, entry["speed"], entry["pitch"], chance)


def _command_readers(table: dict[str, Any], scale: float) -> list[Reader]:
    """Readers of the short commands; nothing of these is kept apart, only the voices are."""
    short = table["commands"]
    texts: dict[str, list[str]] = {language: commands(language) for language in LANGUAGES}

    def scaled(share: Mapping[str, int]) -> dict[str, int]:
        return {language: max(int(count * scale), 10) for language, count in share.items()}

    def by_machine() -> Any:
        variants, share, chance = table["espeak"]["variants"], scaled(short["share"]), random.Random(2)
        spoken = tts_voices.espeak(texts, share, short["accents"], variants, short["speed"], short["pitch"], chance)
        return tts_voices.as_commands(spoken, short["silence"], chance)

    found: list[Reader] = [("espeak", "commands", by_machine, False)]
    for entry in short["festival"]:

        def by_festival(entry: dict[str, Any] = entry) -> Any:
            respelling, chance = (
                tts_voices.respellings().get(entry.get("respelling", "")),
                random.Random(entry["voice"]),
            )
            spoken = tts_voices.festival(texts, entry["voice"], scaled(entry["share"]), respelling, chance)
            return tts_voices.as_commands(spoken, short["silence"], chance)

        found.append(("festival", f"{entry['voice'].removeprefix('voice_')}-commands", by_festival, False))
    for entry in table["rhvoice"]:
        share = short["rhvoice"].get(entry["voice"])
        if share is None:
            continue

        def by_rhvoice(entry: dict[str, Any] = entry, share: Mapping[str, int] = scaled(share)) -> Any:
            spoken = _by_rhvoice(texts, entry, share)
            return tts_voices.as_commands(spoken, short["silence"], random.Random(entry["voice"]))

        found.append(("rhvoice", f"{entry['voice'].lower()}-commands", by_rhvoice, False))
    for entry in table["pico"]:

        def by_pico(
            entry: dict[str, Any] = entry, share: Mapping[str, int] = scaled(short["pico"][entry["voice"]])
        ) -> Any:
            spoken = _by_pico(texts, entry, share)
            return tts_voices.as_commands(spoken, short["silence"], random.Random(entry["voice"]))

        found.append(("pico", f"{entry['voice'].lower()}-commands", by_pico, False))
    return found

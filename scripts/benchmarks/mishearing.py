"""What becomes of words on a bad line: intents right and wrong, asked about, not heard, and sentences cut in two.

    python scripts/benchmarks/mishearing.py [EVERY]

Utterances of tests/voice/nlu/corpus and its talk not meant for a library, spoken by espeak-ng in variants
that never trained the models, by telephone: clean, with white noise 10 dB below the louder half of the speech, and over
mains hum of -24 dBFS. EVERY (4): only each such utterance. They say little about people; the thresholds of
voice/dialogue/confirmation.py and the waiting of voice/recognition/timing.toml were chosen with such clips.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from audio_models.acoustic_conditions import by_telephone
from audio_models.sound_files import PcmAudio
from voice.assistant.app import App, open_app
from voice.dialogue.confirmation import doubt, is_unheard
from voice.dialogue.events import NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.registry import cost_of
from voice.values.audio import ChannelKind
from voice.values.utterances import Utterance

CORPUS = Path(__file__).parents[2] / "tests" / "voice" / "nlu" / "corpus"
VOICES = ("m5", "f4", "linda", "edward", "pedro", "steph3", "klatt6", "RicishayMax2", "Storm")
RATE_HZ, FRAME_BYTES, ESPEAK_HZ = 8000, 320, 22050
LEAD_S, TAIL_S = 1.2, 3.0
PEAK = 8200
"""-12 dBFS."""
NOISE_DB, HUM_DB, HUM_HZ = -10.0, -24.0, 50
CUT_S = 0.1
"""An utterance that is over so long before the speech was cut."""

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that is said; without an intent it is talk not meant for a library."""

    text: str
    language: str
    intent: str | None


def utterances() -> Iterator[Spoken]:
    for name in ("kk", "ru", "en", "mixed"):
        for intent, texts in tomllib.loads((CORPUS / f"{name}.toml").read_text("utf-8")).items():
            yield from (Spoken(text, "kk" if name == "mixed" else name, intent) for text in texts)
    for language, talk in tomllib.loads((CORPUS / "outside.toml").read_text("utf-8")).items():
        yield from (Spoken(text, language, None) for text in talk["utterances"][::2])


def spoken(said: Spoken, number: int) -> Samples:
    """The speech alone, without silence around it."""
    voice = f"{said.language}+{VOICES[number % len(VOICES)]}"
    wav = subprocess.run(["espeak-ng", "-v", voice, "--stdout", said.text], capture_output=True, check=True).stdout[44:]
    samples = np.frombuffer(wav[: len(wav) // 2 * 2], "<i2").astype(np.float64)
    narrow = np.asarray(soxr.resample(samples, ESPEAK_HZ, RATE_HZ))
    loud = np.nonzero(np.abs(narrow) > 200)[0]
    narrow = narrow[loud[0] : loud[-1] + 1]
    return narrow / np.abs(narrow).max() * PEAK


def by_line(samples: Samples) -> Samples:
    pcm = np.clip(samples, -32768, 32767).astype(np.int16)
    return by_telephone(PcmAudio(pcm, RATE_HZ)).samples.astype(np.float64)


def conditions(speech: Samples, seed: int) -> Iterator[tuple[str, Samples]]:
    silent = np.zeros(int(LEAD_S * RATE_HZ)), np.zeros(int(TAIL_S * RATE_HZ))
    around = np.concatenate([silent[0], speech, silent[1]])
    yield "clean", by_line(around)
    noise = np.convolve(np.random.default_rng(seed).normal(0, 1, len(around)), [1, 0.9, 0.7, 0.4], "same")
    level = np.sqrt(np.mean(np.sort(np.abs(speech))[len(speech) // 2 :] ** 2)) * 10 ** (NOISE_DB / 20)
    yield "noise", by_line(around + noise / np.std(noise) * level)
    hum = np.sqrt(2) * 32768 * 10 ** (HUM_DB / 20) * np.sin(2 * np.pi * HUM_HZ * np.arange(len(around)) / RATE_HZ)
    yield "hum", by_line(around) + hum


async def outcome(app: App, said: Spoken, samples: Samples, end_s: float) -> tuple[str, bool]:
    """What becomes of the first words that are heard, and whether they were cut."""
    pcm = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
    ear = await app.new_ear(RATE_HZ)
    session = app.new_session(ChannelKind.TELEPHONE, private=True, language=said.language)
    try:
        for start in range(0, len(pcm), FRAME_BYTES):
            for event in await ear.feed(pcm[start : start + FRAME_BYTES]):
                if isinstance(event, Utterance) and event.hypotheses:
                    cut = start / 2 / RATE_HZ < end_s - CUT_S
                    understood = session.understand(event.hypotheses).event
                    if isinstance(understood, TurnedDown | Unsure):
                        return ("no intent" if isinstance(understood, TurnedDown) else "which"), cut
                    assert isinstance(understood, Said | NotUnderstood)
                    if is_unheard(understood):
                        return "not heard", cut
                    if isinstance(understood, NotUnderstood):
                        return "no intent", cut
                    typed = app.phrasebook.understand(said.text, said.language)
                    right = said.intent and understood.intent.name in (said.intent, typed.name if typed else "")
                    asked = (
                        doubt(session.context, understood, cost_of(session.context, understood.intent.name)) is not None
                    )
                    return ("right" if right else "wrong") + (" asked" if asked else ""), cut
    finally:
        await ear.close()
    return "nothing", False


async def main(every: int) -> None:
    counts: dict[tuple[str, str], Counter[str]] = {}
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home)) as app:
            await app.recognisers()
            for number, said in enumerate(list(utterances())[::every]):
                speech = spoken(said, number)
                for condition, samples in conditions(speech, number):
                    result, cut = await outcome(app, said, samples, LEAD_S + len(speech) / RATE_HZ)
                    count = counts.setdefault((condition, "requests" if said.intent else "other talk"), Counter())
                    count.update({"utterances": 1, result: 1, "cut": int(cut)})
    for (condition, kind), count in sorted(counts.items()):
        print(f"{condition:6} {kind:10} " + ", ".join(f"{name} {n}" for name, n in count.most_common()))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4))

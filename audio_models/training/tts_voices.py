"""Speech from the synthesisers of this machine: espeak-ng in many voices, real people by festival,
flite, SVOX Pico and RHVoice.

Every reader is a generator of (language, voice, text, samples). espeak-ng is cheap and speaks all three languages, but
a network that heard only it does not understand people; the voices made from real speakers do that.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from audio_models.pronunciation import pronounce
from audio_models.training.corpus_store import RATE, Samples
from audio_models.training.extra_corpus import read_sound
from languages.letters import ANY_CYRILLIC, VOWEL_LETTERS

Spoken = tuple[str, str, str, Samples]
Texts = Mapping[str, Sequence[str]]
"""Language -> sentences to read."""

HERE = Path(__file__).parent
ESPEAK_RATE = 22050
WAV_HEADER = 44
"""Bytes; espeak-ng writes a header with impossible sizes to a pipe, so it is skipped."""
BATCH = 60
"""Sentences in one run of festival."""
INITIAL = rf"(?<![^\W{''.join(sorted(VOWEL_LETTERS))}])[{ANY_CYRILLIC}]"
"""A letter at the beginning of a word or after a vowel."""


@dataclass(frozen=True, slots=True)
class Respelling:
    """How a voice of another language is given our words."""

    encoding: str
    letters: Mapping[str, str]
    """One or two of our letters -> theirs."""
    initial: Mapping[str, str]
    """The same for letters that begin a word or follow a vowel: Cyrillic е is "je" there."""
    phonemes: Mapping[str, str]

    def respell(self, text: str, language: str) -> str:
        """Return the text as a synthesiser of another language must see it to say it right."""
        if language != "en":
            written = re.sub(INITIAL, lambda found: self.initial.get(found[0], found[0]), text)
            if language == "kk" and self.initial:
                written = written.replace("е", "э")  # which softens nothing before it
            longest_first = sorted(self.letters, key=len, reverse=True)
            return re.sub("|".join(longest_first), lambda found: self.letters[found[0]], written)
        sounds = pronounce(text.split())
        return " ".join("".join(self.phonemes[sound] for sound in sounds[word][0]) for word in text.split())


def respellings() -> dict[str, Respelling]:
    """Return the rules of respelling.toml by the name of their voice."""
    with (HERE / "respelling.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        name: Respelling(table["encoding"], table["letters"], table.get("initial", {}), table.get("phonemes", {}))
        for name, table in tables.items()
    }


def espeak(
    texts: Texts,
    share: Mapping[str, int],
    accents: Mapping[str, Sequence[str]],
    variants: Sequence[str],
    speed: tuple[int, int],
    pitch: tuple[int, int],
    chance: random.Random,
) -> Iterator[Spoken]:
    """Sentences in many voices of espeak-ng; every one at its own speed and pitch."""
    for language, count in share.items():
        for number, text in enumerate(_some(texts.get(language, ()), count, chance)):
            variant = variants[number % len(variants)]
            program = ["espeak-ng", "--stdout", "-v", f"{chance.choice(accents[language])}+{variant}"]
            program += ["-s", str(chance.randint(*speed)), "-p", str(chance.randint(*pitch)), text]
            sound = subprocess.run(program, capture_output=True, check=True).stdout[WAV_HEADER:]
            wave = np.frombuffer(sound[: len(sound) // 2 * 2], np.int16).astype(np.float32)
            yield language, f"espeak-{variant}", text, soxr.resample(wave, ESPEAK_RATE, RATE).astype(np.int16)


def as_commands(spoken: Iterable[Spoken], silence: tuple[float, float], chance: random.Random) -> Iterator[Spoken]:
    """The same with some silence (seconds) before and after, by voices named `commands-…`, which have a weight."""
    for language, voice, text, samples in spoken:
        before, after = (int(chance.uniform(*silence) * RATE) for _ in range(2))
        yield language, f"commands-{voice}", text, np.pad(samples, (before, after))


def flite(texts: Texts, voice: str, share: Mapping[str, int], chance: random.Random) -> Iterator[Spoken]:
    """English sentences in one voice of flite."""
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "said.wav"
        for language, count in share.items():
            for text in _some(texts.get(language, ()), count, chance):
                subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(sound)], check=True)
                yield language, f"flite-{voice}", text, read_sound(sound)


def festival(
    texts: Texts, voice: str, share: Mapping[str, int], respelling: Respelling | None, chance: random.Random
) -> Iterator[Spoken]:
    """Sentences in one voice of festival, respelled when it speaks another language."""
    for language, count in share.items():
        wanted = _some(texts.get(language, ()), count, chance)
        for first in range(0, len(wanted), BATCH):
            yield from _festival_batch(wanted[first : first + BATCH], voice, language, respelling)


def _festival_batch(texts: Sequence[str], voice: str, language: str, respelling: Respelling | None) -> Iterator[Spoken]:
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"({voice})"]
        for number, text in enumerate(texts):
            read = respelling.respell(text, language) if respelling else text
            lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{read}")) "{folder}/{number}.wav" \'riff)')
        script = Path(folder) / "read.scm"
        script.write_text("\n".join(lines), encoding=respelling.encoding if respelling else "ascii", errors="ignore")
        subprocess.run(["festival", "-b", str(script)], capture_output=True, check=False)
        for number, text in enumerate(texts):
            sound = Path(folder) / f"{number}.wav"
            if sound.exists():  # festival stops a batch at the first word it cannot say; the rest is not missed
                yield language, f"festival-{voice.removeprefix('voice_')}", text, read_sound(sound)


def pico(
    texts: Texts,
    voice: str,
    share: Mapping[str, int],
    respelling: Respelling | None,
    speed: tuple[int, int],
    pitch: tuple[int, int],
    chance: random.Random,
) -> Iterator[Spoken]:
    """Sentences in one voice of SVOX Pico (`en-GB`), each at its own speed and pitch (per cent of what is usual)."""
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "said.wav"
        for language, count in share.items():
            for text in _some(texts.get(language, ()), count, chance):
                read = respelling.respell(text, language) if respelling else text
                tagged = f'<pitch level="{chance.randint(*pitch)}">{read}</pitch>'
                tagged = f'<speed level="{chance.randint(*speed)}">{tagged}</speed>'
                subprocess.run(["pico2wave", "-l", voice, "-w", str(sound), tagged], capture_output=True, check=True)
                yield language, f"pico-{voice.lower()}", text, read_sound(sound)


def rhvoice(
    texts: Texts,
    voice: str,
    share: Mapping[str, int],
    respelling: Respelling | None,
    quality: str,
    speed: tuple[int, int],
    pitch: tuple[int, int],
    chance: random.Random,
) -> Iterator[Spoken]:
    """Sentences in one voice of RHVoice, each at its own speed and pitch (per cent of what is usual for it).

    `quality`: "std" is 24 kHz, "min" 16 kHz, for voices that have no more. A voice that is not installed reads nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "said.wav"
        for language, count in share.items():
            for text in _some(texts.get(language, ()), count, chance):
                read = respelling.respell(text, language) if respelling else text
                program = ["RHVoice-test", "-p", voice, "-q", quality, "-o", str(sound)]
                program += ["-r", str(chance.randint(*speed)), "-t", str(chance.randint(*pitch))]
                sound.unlink(missing_ok=True)
                subprocess.run(program, input=read.encode(), capture_output=True, check=False)
                if not sound.exists():
                    return
                yield language, f"rhvoice-{voice.lower()}", text, read_sound(sound)


def installed(program: str) -> bool:
    """Whether a program is on this machine."""
    return shutil.which(program) is not None


def _some(texts: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """`count` sentences, in a new order; all of them more than once when there are too few."""
    chosen: list[str] = []
    while texts and len(chosen) < count:
        chosen += chance.sample(texts, min(len(texts), count - len(chosen)))
    return chosen

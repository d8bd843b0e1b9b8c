"""The short commands of the recipe: what is read, by whom, and how it gets silence around it."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from audio_models import sample_texts
from audio_models.acoustic_units import cyrillic_units
from audio_models.pronunciation import pronounce
from audio_models.training import tts_voices
from audio_models.training.corpus_store import RATE


def test_every_command_is_said_with_letters_the_model_has() -> None:
    kazakh, russian, english = (sample_texts.commands(language) for language in sample_texts.LANGUAGES)
    assert {"иә", "жоқ", "да", "нет"} <= {*kazakh, *russian} and {"yes", "no"} <= set(english)
    assert all(len(set(own)) == len(own) for own in (kazakh, russian, english))
    assert all(cyrillic_units(word) for text in (*kazakh, *russian) for word in text.split())
    words = {word for text in english for word in text.split()}
    assert pronounce(words).keys() == words


def test_no_held_out_variant_reads_commands() -> None:
    with (Path(sample_texts.__file__).parent / "voices.toml").open("rb") as file:
        table = tomllib.load(file)
    assert not set(table["espeak"]["variants"]) & set(table["espeak"]["held_out"])


def test_commands_get_silence_around_them_and_a_name_of_their_own() -> None:
    said = ("kk", "espeak-m1", "иә", np.ones(RATE // 2, np.int16))
    ((language, voice, text, samples),) = tts_voices.as_commands([said], (0.25, 0.5), random.Random(1))
    assert (language, voice, text) == ("kk", "commands-espeak-m1", "иә")
    before = int(np.flatnonzero(samples)[0])
    after = len(samples) - 1 - int(np.flatnonzero(samples)[-1])
    assert samples.sum() == RATE // 2
    assert all(RATE // 4 <= silence <= RATE // 2 for silence in (before, after))

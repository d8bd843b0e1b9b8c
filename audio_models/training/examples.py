"""From shelves to examples: which utterances a model learns from, as which rows of units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audio_models.acoustic_units import CYRILLIC, PHONEMES, cyrillic_units, numbered
from audio_models.pronunciation import Pronunciations, pronounce
from audio_models.training.batches import Example, weight_of
from audio_models.training.speech_sources import HELD_OUT_VOICES, Corpus


def units_of(kind: str) -> tuple[str, ...]:
    """Return the acoustic units of a kind of model: "letters", or anything else for phonemes."""
    return CYRILLIC if kind == "letters" else PHONEMES


def examples(
    reading: Corpus, languages: Sequence[str], kind: str, weights: Mapping[str, float], hold_out: bool = True
) -> list[Example]:
    """Every utterance in these languages that may be trained on.

    With `hold_out`, the voices and texts that measure are left out; without, only espeak-ng's test voices are.
    """
    numbers = numbered(units_of(kind))
    spoken = [(place, shelf) for place, shelf in enumerate(reading.shelves) if shelf.folder.name != "espeak-test"]
    said = (
        {u.text for _, shelf in spoken for u in shelf.utterances if u.language == "en"} if kind == "phonemes" else set()
    )
    sounds = pronounce(word for text in said for word in text.split())
    apart = {text for texts in reading.test_texts.values() for text in texts} if hold_out else set()
    found = []
    for place, shelf in spoken:
        for number, utterance in enumerate(shelf.utterances):
            if utterance.language not in languages or utterance.text in apart:
                continue
            if hold_out and utterance.voice in HELD_OUT_VOICES:
                continue
            row = _row(utterance.text, kind, sounds)
            if row:
                weight = weight_of(utterance.voice, utterance.language, weights)
                found.append(Example(place, number, tuple(numbers[unit] for unit in row), weight))
    return found


def _row(text: str, kind: str, sounds: Pronunciations) -> list[str]:
    """The units of a sentence; empty when a word of it cannot be written with them."""
    row: list[str] = []
    for word in text.split():
        units = cyrillic_units(word) if kind == "letters" else sounds.get(word, (None,))[0]
        if not units:
            return []
        row += units
    return row

"""Every word of the phrasebook can be heard: a word that no model knows would vanish from the grammar unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_models import starter
from languages.numerals import cardinal
from voice.nlu.phrasebook import Phrasebook
from voice.recognition.vosk_recogniser import VoskRecogniser


def unknown_words(folder: Path, phrases: tuple[str, ...], words: frozenset[str]) -> set[str]:
    """Those of `words` that none of the models knows which are made from `phrases`."""
    models = starter.prepare(folder, phrases, [])
    recognisers = [VoskRecogniser(model.path, "+".join(model.languages)) for model in models]
    return {word for word in words if not any(recogniser.knows(word) for recogniser in recognisers)}


@pytest.mark.real
def test_a_model_knows_every_word_of_the_phrasebook(tmp_path: Path) -> None:
    book = Phrasebook.load()
    assert len(book.words()) > 5000
    assert unknown_words(tmp_path, book.sentences(cardinal), book.words()) == set()


@pytest.mark.real
def test_a_word_that_no_model_knows_is_found(tmp_path: Path) -> None:
    phrases = ("найди книгу", "find a book", "найди 書")
    assert unknown_words(tmp_path, phrases, frozenset({"найди", "book", "書"})) == {"書"}

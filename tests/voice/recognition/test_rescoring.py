"""Readings of several models weighed against each other."""

from __future__ import annotations

from typing import cast

from audio_models.vosk_format.lexicon import UNKNOWN
from voice.recognition.decoder import Decoded
from voice.recognition.recogniser import DecodedText, Recogniser
from voice.recognition.rescoring import MOST_UNKNOWN, features, hypotheses, load_calibration


class Model:
    """A model of which only the language matters here."""

    def __init__(self, language: str) -> None:
        self.language = language


def heard(language: str, *readings: tuple[str, float], seconds: float = 2.5, narrow: bool = False) -> Decoded:
    model = cast(Recogniser, Model(language))
    return Decoded(model, tuple(DecodedText(text, cost) for text, cost in readings), narrow, seconds)


def test_two_cheap_words_do_not_win_over_a_whole_sentence_of_another_language() -> None:
    """What ended a call: a sentence in Kazakh cost the English model little, since it heard only "bye and" in it."""
    kazakh = heard("kk+ru", ("абай жолы кітабын тап", 30.0), ("абай жолы кітабы тап", 33.0))
    english = heard("en", ("bye and", 24.0))
    best = hypotheses((english, kazakh), "kk", load_calibration())
    assert best[0].text == "абай жолы кітабын тап"
    assert best[0].language == "kk"
    assert next(h.confidence for h in best if h.text == "bye and") < 0.5


def test_a_reading_that_others_rival_is_less_sure() -> None:
    calibration = load_calibration()
    (alone, *_) = hypotheses((heard("kk+ru", ("келесі", 9.0), ("кел", 25.0)),), "kk", calibration)
    (rivalled, *_) = hypotheses((heard("kk+ru", ("келесі", 9.0), ("кел", 9.1)),), "kk", calibration)
    assert alone.confidence > rivalled.confidence


def test_what_is_mostly_unknown_is_nobodys_reading() -> None:
    assert not list(features(heard("kk+ru", (f"{UNKNOWN} {UNKNOWN} кітап", 20.0))))
    ((text, evidence),) = features(heard("kk+ru", (f"кітап {UNKNOWN}", 20.0)))
    assert text == "кітап"
    assert evidence[4] == MOST_UNKNOWN


def test_silence_is_no_reading() -> None:
    assert not hypotheses((heard("kk+ru", ("", 0.0)),), "kk", load_calibration())


def test_each_text_stands_once_with_its_best_confidence() -> None:
    both = hypotheses((heard("kk+ru", ("абай", 8.0)), heard("en", ("абай", 20.0))), "kk", load_calibration())
    assert [hypothesis.text for hypothesis in both] == ["абай"]
    (alone,) = hypotheses((heard("kk+ru", ("абай", 8.0)),), "kk", load_calibration())
    assert both[0].confidence == alone.confidence

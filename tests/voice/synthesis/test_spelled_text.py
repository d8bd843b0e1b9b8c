from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from voice.synthesis.language_segments import segments
from voice.synthesis.spelled_text import spell
from voice.values.lines import Line, Span, line

ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}


def test_digits_are_said_one_by_one() -> None:
    said = "".join(span.text for span in spell("1002", "kk"))
    assert said == "бір, нөл, нөл, екі, "


def test_a_letter_of_another_alphabet_is_named_in_its_language() -> None:
    spans = spell("ңw", "ru")
    assert [span.language for span in spans] == ["kk", "en"]


def test_letters_that_sound_alike_get_different_example_words() -> None:
    spoken = {letter: spell(letter, "kk")[0].text for letter in "бпдтмнңкқгғіы"}
    assert len(set(spoken.values())) == len(spoken)


@pytest.mark.parametrize("language", ALPHABETS)
def test_the_alphabet_is_whole_and_example_words_begin_with_their_letter(language: str) -> None:
    table = tomllib.loads((files("voice.synthesis") / "letters.toml").read_text(encoding="utf-8"))[language]
    assert "".join(table) == ALPHABETS[language]
    for letter, (_, word) in table.items():
        assert not word or word.lower().startswith(letter) or letter in "ңһ", (letter, word)


def test_a_line_is_cut_at_the_languages_and_ends_with_a_pause() -> None:
    mixed = Line((Span("Табылды: ", "kk"), Span("Война и мир", "ru"), Span(".", "kk")))
    cut = list(segments([mixed, line("1984", "en")], rate=170))
    assert [(s.language, s.text) for s in cut] == [
        ("kk", "Табылды:"),
        ("ru", "Война и мир"),
        ("en", "nineteen eighty-four"),
    ]
    assert [s.pause_ms > 0 for s in cut] == [False, True, True]


def test_pauses_shrink_for_fast_listeners() -> None:
    slow, fast = (next(segments([line("иә", "kk")], rate=rate)).pause_ms for rate in (170, 450))
    assert fast < slow


def test_cyrillic_inside_english_goes_to_a_voice_that_can_read_it() -> None:
    cut = list(segments([line("The book Абай жолы is here", "en")], rate=170))
    assert [s.language for s in cut] == ["en", "kk", "en"]


def test_a_line_of_signs_alone_says_nothing() -> None:
    assert not list(segments([line(" … — ", "kk"), line("", "ru")], rate=170))

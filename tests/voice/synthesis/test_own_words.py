"""Dauys's own words are told from a reader's."""

from __future__ import annotations

import pytest

from voice.dialogue.prompts import compose
from voice.synthesis.own_words import LinesPlaying, own_words
from voice.values.lines import line


@pytest.mark.parametrize(
    ("language", "prompt", "heard"),
    [
        ("kk", "greeting", "сәлем"),
        ("ru", "greeting", "библиотеки алматы"),
        ("ru", "greeting", "меню три"),
        ("ru", "ask.confirm", "два"),
        ("kk", "ask.confirm", "иә"),
        ("kk", "talk.keys", "нөл"),
        ("en", "ask.confirm", "yes one"),
        ("ru", "greeting", "теки алма"),
    ],
)
def test_an_echo_of_any_piece_of_a_line_is_its_own(language: str, prompt: str, heard: str) -> None:
    assert own_words(heard, [line("нечто другое", "ru"), compose(language, prompt, False)])


@pytest.mark.parametrize(
    "heard", ["", "библиотеки", "конец", "алматы библиотеки", "библиотеки алматы и ещё что-то", "ме"]
)
def test_other_words_are_a_readers(heard: str) -> None:
    lines = [] if heard == "библиотеки" else [compose("ru", "greeting", False)]
    assert not own_words(heard, lines)


def test_only_the_line_that_sounds_and_the_one_before_count() -> None:
    playing = LinesPlaying()
    lines = [line(f"жол {number}", "kk") for number in range(200)]
    marks = [playing.begin(each) for each in lines]
    assert playing.at(None) == ()
    assert playing.at(marks[0]) == ()
    assert playing.at(marks[-1]) == tuple(lines[-2:])
    assert playing.at(marks[-3]) == tuple(lines[-4:-2])

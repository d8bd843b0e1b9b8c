"""Text to cells to text: what a display shows can be typed back."""

import random

import pytest

from braille import back, readings, translate
from tests.braille.round_trips import catalogue, heard_in_cyrillic, heard_in_english, line

KAZAKH_LETTERS = frozenset("әғқңөұүһі")


def lost(text: str, language: str, grade: int = 1) -> tuple[str, str] | None:
    """The text and how it came back, when something of it was lost."""
    # A Russian line with a Kazakh name is written in the Kazakh code, and read so by whoever sees the name.
    reader = "kk" if language == "ru" and KAZAKH_LETTERS & set(text.lower()) else language
    got = back(translate(text, language, grade=grade).cells, reader, grade=grade)
    heard = heard_in_english if language == "en" else heard_in_cyrillic
    return None if heard(got) == heard(text) else (text, got)


@pytest.mark.parametrize(("language", "grade"), [("kk", 1), ("ru", 1), ("en", 1), ("en", 2)])
def test_every_work_of_the_shipped_catalogue_comes_back(language: str, grade: int) -> None:
    works = [text for text, tongue in catalogue() if tongue == language]
    assert len(works) > 1000
    assert [found for text in works if (found := lost(text, language, grade))] == []


@pytest.mark.parametrize(("language", "grade"), [("kk", 1), ("ru", 1), ("en", 1), ("en", 2)])
def test_lines_as_libraries_write_them_come_back(language: str, grade: int) -> None:
    chance = random.Random(11)
    lines = [line(chance, language) for _ in range(500)]
    assert [found for text in lines if (found := lost(text, language, grade))] == []


def test_the_comparison_itself_notices_what_is_lost() -> None:
    assert heard_in_cyrillic("кітап (1)") != heard_in_cyrillic("кітап 1")
    assert heard_in_cyrillic("мама") != heard_in_cyrillic("mama")
    assert heard_in_cyrillic("café") != heard_in_cyrillic("cafe")
    assert heard_in_english("Were") != heard_in_english("were")
    assert heard_in_cyrillic("5а") != heard_in_cyrillic("51")


def test_a_line_that_may_mean_two_things_gives_both() -> None:
    cells = translate("Windows", "kk").cells + b"\0" + translate("кітап", "kk").cells
    assert readings(cells, "kk")[0] == "Windows kytap"
    assert "Windows кітап" in readings(cells, "kk")

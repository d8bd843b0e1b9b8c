"""Text to cells to text: what a display shows can be typed back."""

import random
import re

import pytest

from braille import back, from_unicode, readings, translate
from braille.braille_codes import LATIN
from languages.letters import KAZAKH_ONLY
from tests.braille.round_trips import catalogue, comes_back, heard_in_cyrillic, heard_in_english, line


@pytest.mark.parametrize(("language", "grade"), [("kk", 1), ("ru", 1), ("en", 1), ("en", 2)])
def test_every_work_of_the_shipped_catalogue_comes_back(language: str, grade: int) -> None:
    works = [text for text, tongue in catalogue() if tongue == language]
    assert len(works) > 1000
    assert [found for text in works if (found := comes_back(text, language, grade))] == []


@pytest.mark.parametrize(("language", "grade"), [("kk", 1), ("ru", 1), ("en", 1), ("en", 2)])
def test_lines_as_libraries_write_them_come_back(language: str, grade: int) -> None:
    chance = random.Random(11)
    lines = [line(chance, language) for _ in range(500)]
    assert [found for text in lines if (found := comes_back(text, language, grade))] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_capitals_come_back_where_the_reader_wants_them(language: str) -> None:
    chance = random.Random(9)
    letters = re.compile("[^а-яёА-ЯЁәғқңөұүһіӘҒҚҢӨҰҮҺІ]")
    for text in (line(chance, language) for _ in range(400)):
        if LATIN.search(text):
            continue  # a Latin word has one sign, for its first letter
        reader = "kk" if set(KAZAKH_ONLY) & set(text.lower()) else language
        got = back(translate(text, language, capitals=True).cells, reader)
        assert letters.sub("", got) == letters.sub("", text), text


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


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        ("⠮⠀⠋⠁⠥⠇⠞⠀⠔⠀⠳⠗⠀⠌⠜⠎", "the fault in our stars"),
        ("⠡⠝", "children"),
        ("⠞⠓⠑⠀⠺⠁⠗", "the war"),
        ("⠨⠆⠞⠑⠎⠞", "test"),
        ("⠃⠊⠃⠇⠊⠕⠞⠑⠅⠁⠗⠾", "bibliotekarwith"),
    ],
)
def test_contracted_english_is_read_and_no_dot_numbers_with_it(cells: str, first: str) -> None:
    found = readings(from_unicode(cells), "en", grade=2)
    assert found[0] == first
    assert all(letter.isprintable() and letter != "\\" for text in found for letter in text)

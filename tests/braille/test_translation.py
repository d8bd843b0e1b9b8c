"""Text to cells: the right cells for what stands in catalogue records, and positions both ways."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braille import from_unicode, to_unicode, translate
from braille.errors import NotBraille

TRAPS = Path(__file__).parent / "traps.toml"


def traps() -> list[tuple[str, str, str]]:
    return [tuple(row) for row in tomllib.loads(TRAPS.read_text(encoding="utf-8"))["trap"]]


@pytest.mark.parametrize(("language", "text", "cells"), traps())
def test_the_cells_of_texts_that_others_get_wrong(language: str, text: str, cells: str) -> None:
    assert to_unicode(translate(text, language).cells) == cells


@pytest.mark.parametrize(
    ("text", "plain", "capital"),
    [("Мұхтар Әуезов", "⠍⠬⠓⠞⠁⠗⠀⠜⠥⠑⠵⠕⠺", "⠘⠍⠬⠓⠞⠁⠗⠀⠘⠜⠥⠑⠵⠕⠺"), ("ҚР", "⠹⠗", "⠘⠘⠹⠗"), ("кітап", "⠅⠽⠞⠁⠏", "⠅⠽⠞⠁⠏")],
)
def test_capitals_are_a_readers_choice(text: str, plain: str, capital: str) -> None:
    assert to_unicode(translate(text, "kk").cells) == plain
    assert to_unicode(translate(text, "kk", capitals=True).cells) == capital


def test_english_is_contracted_for_those_who_wish() -> None:
    assert to_unicode(translate("War and Peace", "en", grade=2).cells) == "⠠⠺⠜⠀⠯⠀⠠⠏⠂⠉⠑"


def test_positions_follow_what_the_rules_leave_out_and_add() -> None:
    done = translate("Бар, 3 дана", "kk")
    assert to_unicode(done.cells) == "⠃⠁⠗⠂⠼⠉⠀⠙⠁⠝⠁"
    assert done.input_positions == (0, 1, 2, 3, 5, 5, 6, 7, 8, 9, 10)
    assert done.output_positions == (0, 1, 2, 3, 3, 4, 6, 7, 8, 9, 10)


def test_positions_count_in_the_text_as_it_was_given() -> None:
    text = "а\u00ad\ufeffб 😀 500₸"
    done = translate(text, "kk")
    assert to_unicode(done.cells) == "⠁⠃⠀⠼⠑⠚⠚⠀⠞⠛"
    assert [text[position] for position in done.input_positions] == list("аб 5500₸₸₸")
    assert done.output_positions[text.index("₸")] == 7


def test_positions_survive_a_change_of_script() -> None:
    text = "كىتاپ بالا"
    done = translate(text, "kk")
    assert to_unicode(done.cells) == "⠅⠽⠞⠁⠏⠀⠃⠁⠇⠁"
    assert [text[position] for position in done.input_positions] == list("كىتاپ بالا")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["kk", "ru", "en", "de"]), st.booleans(), st.sampled_from([1, 2]))
def test_any_text_gives_cells_of_six_dots_and_positions_inside_it(
    text: str, language: str, capitals: bool, grade: int
) -> None:
    done = translate(text, language, capitals=capitals, grade=grade)
    assert all(cell <= 0x3F for cell in done.cells)
    assert len(done.input_positions) == len(done.cells)
    assert len(done.output_positions) == len(text)
    assert all(0 <= position < len(text) for position in done.input_positions)
    assert all(0 <= position <= len(done.cells) for position in done.output_positions)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="аәбвгғдежзиклмнңоөпрстуұүһі0123456789 .,()-«»№:", max_size=80))
def test_positions_never_run_backwards_in_ordinary_text(text: str) -> None:
    done = translate(text, "kk")
    assert list(done.input_positions) == sorted(done.input_positions)
    assert list(done.output_positions) == sorted(done.output_positions)


def test_a_title_of_two_thousand_characters_is_no_trouble() -> None:
    text = ("Қазақстанның халық әдебиеті мен ертегілері, 5-том. " * 40)[:2000]
    done = translate(text, "kk")
    assert len(text) == 2000
    assert done.input_positions[-1] >= 1990


def test_unicode_braille_goes_both_ways_and_nothing_else_does() -> None:
    assert from_unicode(to_unicode(bytes(range(256)))) == bytes(range(256))
    assert from_unicode("⠅ ⠽") == bytes([0b101, 0, 0b111101])
    with pytest.raises(NotBraille, match="Character 2"):
        from_unicode("⠅k")

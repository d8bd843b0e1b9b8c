"""Typing on Perkins keys: what goes out comes back."""

import random

import pytest

from braille import Typed, back, from_unicode, to_unicode, translate
from braille.perkins import digits

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
TEXT = """
кітап абай жолы қан мен тер өнер ұлы үй һәм ғылым ңыңқ әлем іздеу бөлме қыз жібек мектеп оқушы ёлка съезд щётка
эхо юрта яблоко война мир преступление цирк чай шаңырақ фонтан вагон ъ ь ый
"""


@pytest.mark.parametrize("letter", KAZAKH)
def test_every_letter_comes_back(letter: str) -> None:
    assert back(translate(letter, "kk").cells, "kk") == letter
    assert back(translate(letter, "ru").cells, "ru") == letter


def phrase(chance: random.Random) -> str:
    """A phrase as readers write it: words, numbers, a comma, brackets, a dash."""
    parts = []
    for _ in range(chance.randint(1, 6)):
        kind = chance.random()
        if kind < 0.6:
            parts.append(chance.choice(TEXT.split()))
        elif kind < 0.75:
            parts.append("".join(chance.choice(KAZAKH) for _ in range(chance.randint(1, 9))))
        elif kind < 0.85:
            parts.append(str(chance.randint(0, 99999)))
        elif kind < 0.9:
            parts.append(f"{chance.randint(0, 99)},{chance.randint(0, 9)}")
        elif kind < 0.95:
            parts.append(f"{chance.randint(1, 31)}.{chance.randint(1, 12)}.{chance.randint(1900, 2030)}")
        else:
            parts.append(f"{chance.randint(1, 99)}{chance.choice(KAZAKH)}")
    if len(parts) > 1 and chance.random() < 0.3:
        at = chance.randrange(len(parts) - 1)
        parts[at] += ","
    if len(parts) > 2 and chance.random() < 0.15:
        parts[1] = f"«{parts[1]}»"
    if len(parts) > 2 and chance.random() < 0.1:
        parts.insert(1, "—")
    return " ".join(parts)


def test_random_phrases_come_back() -> None:
    chance = random.Random(7)
    lost = [(text, got) for text in (phrase(chance) for _ in range(3_000))
            if (got := back(translate(text, "kk").cells, "kk")) != text]  # fmt: skip
    assert not lost, lost[:10]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ("⠅⠽⠞⠁⠏", "кітап"),
        ("⠘⠁⠃⠁⠯", "Абай"),
        ("⠘⠘⠹⠗", "ҚР"),
        ("⠼⠁⠊⠙⠑", "1945"),
        ("⠼⠑⠐⠁", "5а"),
        ("⠼⠑⠅", "5к"),
        ("⠼⠁⠂⠑", "1,5"),
        ("⠼⠁⠠⠂⠼⠃", "1, 2"),
        ("⠝⠼⠑", "№5"),
        ("⠼⠑⠼⠴", "5%"),
        ("⠼⠉⠠⠌⠼⠁⠃", "3/12"),
        ("⠼⠁⠚⠒⠼⠉⠚", "10:30"),
        ("⠼⠃⠖⠼⠉", "2+3"),
        ("⠣⠼⠁⠜", "(1)"),
        ("⠶⠁⠃⠁⠯⠶", "(абай)"),
        ("⠦⠶⠁⠃⠁⠯⠶⠴", "«(абай)»"),
        ("⠁⠃⠁⠯⠶", "абай)"),
        ("⠦⠹⠁⠝⠀⠍⠑⠝⠀⠞⠑⠗⠴", "«қан мен тер»"),
        ("⠁⠤⠀⠃", "а — б"),
        ("⠠⠺⠊⠝⠙⠕⠺⠎", "windows"),
        ("⠨⠺⠊⠝⠙⠕⠺⠎⠀⠐⠅⠽⠞⠁⠏", "Windows кітап"),
        ("⠨⠍⠁⠗⠽⠀⠏⠕⠏⠏⠊⠝⠎⠀⠚⠜⠝⠑", "Mary poppins және"),
        ("⠣⠼⠉⠀⠹⠕⠇⠙⠁⠜", "(3 қолда)"),
        ("⠠⠇⠊⠃⠩⠍⠁⠊⠇⠲⠅⠵", "lib@mail.kz"),
        ("⠨⠊⠞⠤⠞⠑⠓⠝⠕⠇⠕⠛⠊⠫", "It-технология"),
        ("⠠⠑⠤⠍⠁⠊⠇", "e-mail"),
        ("⠠⠁⠐⠃", "aб"),
        ("", ""),
        ("⠀", " "),
        ("⠼", ""),
        ("⠸⠰⠈", ""),
    ],
)
def test_signs(cells: str, text: str) -> None:
    assert back(from_unicode(cells), "kk") == text


def test_a_number_needs_no_number_sign_where_a_number_is_asked_for() -> None:
    assert digits(from_unicode("⠼⠁⠚⠚⠚⠚⠁")) == digits(from_unicode("⠁⠚⠚ ⠚⠚⠁")) == "100001"
    assert digits(from_unicode("⠅⠭")) == ""


def test_round_brackets_as_russian_readers_know_them() -> None:
    assert back(from_unicode("⠣⠏⠳⠱⠅⠊⠝⠜"), "ru") == "(пюшкин)"
    assert back(from_unicode("⠍⠜⠙⠊⠝⠁"), "ru") == "мәдина"


@pytest.mark.parametrize("cell", "⠁⠤⠣⠶⠠⠂⠼⠀")
def test_twenty_thousand_cells_are_no_trouble(cell: str) -> None:
    for language, grade in (("ru", 1), ("kk", 1), ("en", 1), ("en", 2)):
        assert isinstance(back(from_unicode(cell * 20_000), language, grade=grade), str)


def test_dots_seven_and_eight_are_not_looked_at() -> None:
    assert back(bytes(cell | 0xC0 for cell in from_unicode("⠅⠽⠞⠁⠏")), "kk") == "кітап"


@pytest.mark.parametrize("grade", [1, 2])
def test_english_comes_back_through_liblouis(grade: int) -> None:
    text = "War and Peace, 1869"
    assert back(translate(text, "en", grade=grade).cells, "en", grade=grade) == text
    assert back(b"", "en") == ""


@pytest.mark.parametrize("first", range(64))
def test_no_two_cells_are_too_strange(first: int) -> None:
    for language in ("kk", "ru", "en"):
        for second in range(64):
            assert isinstance(back(bytes([first, second]), language), str)


def test_typing_echoes_what_came_and_keeps_quiet_at_signs() -> None:
    line = Typed("kk")
    echoes = []
    for cell in from_unicode("⠘⠁⠃⠀⠼⠁"):
        before, line = line, line.press(cell)
        echoes.append(line.echo(before))
    assert echoes == ["", "А", "б", "", "", "1"]
    assert line.text == "Аб 1"
    assert to_unicode(line.erase().erase().cells) == "⠘⠁⠃⠀"
    assert Typed("kk").erase() == Typed("kk")

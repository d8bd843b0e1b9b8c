"""Numbers in words, both ways: an independent speller (CLDR's rules) says them, ours hears them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unicode_rbnf import RbnfEngine

from languages.number_parsing import Numbers

NUMBERS = Numbers.load()


@cache
def engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


def say(language: str, value: int, ruleset: str = "") -> str:
    found = engine(language).format_number(value, ruleset_names=[ruleset] if ruleset else None)
    return next(iter(found.text_by_ruleset.values())) if ruleset else found.text


@pytest.mark.real
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_number_to_9999_is_heard_as_it_was_said(language: str) -> None:
    for value in range(10_000):
        assert NUMBERS.read(say(language, value)) == value


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_numbers_are_heard_as_they_were_said(language: str) -> None:
    for value in [*range(0, 200), *range(200, 10_000, 61)]:
        assert NUMBERS.read(say(language, value)) == value


@pytest.mark.parametrize("gender", ["masculine", "neuter", "feminine", "plural"])
@pytest.mark.parametrize("case", ["", "-genitive", "-dative", "-accusative", "-locative", "-ablative"])
def test_russian_cardinals_and_ordinals_in_every_case(gender: str, case: str) -> None:
    for value in [*range(0, 30), *range(30, 10_000, 397)]:
        assert NUMBERS.read(say("ru", value, f"spellout-cardinal-{gender}{case}")) == value
    for value in [*range(1, 30), *range(30, 2000, 97)]:
        said = say("ru", value, f"spellout-ordinal-{gender}{case}").replace("третьому", "третьему")  # CLDR's slip
        assert NUMBERS.read(said) == value, said


@pytest.mark.parametrize("language", ["kk", "en"])
def test_ordinals(language: str) -> None:
    for value in [*range(1, 130), *range(130, 2000, 23)]:
        # CLDR writes қырықыншы as the rules make it; both that and қырқыншы are heard.
        assert NUMBERS.read(say(language, value, "spellout-ordinal")) == value


@given(st.integers(0, 999_999_999))
def test_long_numbers_both_ways(value: int) -> None:
    for language in ("kk", "ru", "en"):
        said = say(language, value)
        assert NUMBERS.read(said) == value
        assert NUMBERS.digits(said) == str(value)


@given(st.text("0123456789", min_size=1, max_size=16))
def test_digits_said_one_by_one_keep_their_zeros(digits: str) -> None:
    for language in ("kk", "ru", "en"):
        said = " ".join(say(language, int(digit)) for digit in digits)
        assert NUMBERS.digits(said) == digits


@given(st.integers(20, 99), st.integers(20, 99))
def test_two_numbers_in_a_row_are_never_one(first: int, second: int) -> None:
    for language in ("kk", "ru", "en"):
        said = f"{say(language, first)} {say(language, second)}"
        assert NUMBERS.read(said) is None
        assert NUMBERS.digits(said) == f"{first}{second}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("екіншісін", 2),
        ("үшіншінің", 3),
        ("қырқыншы", 40),
        ("қырықыншы", 40),
        ("жиырмасыншы", 20),
        ("бір мың", 1000),
        ("мың", 1000),
        ("екі мың жиырма алтыншы", 2026),
        ("2-ші", 2),
        ("15-і", None),
        ("5-я", 5),
        ("22nd", 22),
        ("сто двадцать третьей", 123),
        ("двухтысячный", 2000),
        ("one hundred and five", 105),
        ("two thousand and six", 2006),
        ("бес жүз", 500),
        ("007", 7),
        ("жиырма five", None),
        ("сорок семь два", None),
        ("ноль пять", None),
        ("", None),
        ("уш", 3),
        ("жиырма бесинши", 25),
    ],
)
def test_forms_as_people_say_them(text: str, value: int | None) -> None:
    assert NUMBERS.read(text) == value


@pytest.mark.parametrize("text", ["столица", "семья", "бестселлер", "алтын", "онда", "он есть", "скажи он", "тенге"])
def test_what_only_looks_like_a_number(text: str) -> None:
    assert NUMBERS.read(text) is None
    assert NUMBERS.digits(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a hundred", [100]),
        ("a hundred and five books", [105]),
        ("a book", []),
        ("полторы тысячи", [1500]),
        ("полутора миллионов", [1_500_000]),
        ("полтораста", [150]),
        ("полтора", []),
        ("два с половиной", []),
        ("два с половиной тысячи", [2500]),
        ("бір жарым", []),
        ("жиырма бір жарым", []),
        ("бір жарым мың", [1500]),
        ("екі жарым жүз", [250]),
        ("one and a half", []),
        ("two and a half thousand", [2500]),
        ("half a million", [500_000]),
        ("half a book", []),
        ("жарты миллион", [500_000]),
    ],
)
def test_halves_are_heard_right_or_not_at_all(text: str, values: list[int]) -> None:
    words = text.split()
    assert [number.value for number in NUMBERS.all(words)] == values
    inside = {one.value for at in range(1, len(words)) if (one := NUMBERS.at(words, at))}
    assert inside <= ({5, 100, 105} if words[:2] == ["a", "hundred"] else set())


def test_an_hour_and_its_half_are_left_to_the_time_of_day() -> None:
    hour = NUMBERS.at(["екі", "жарым"], 0, hours=True)
    assert hour is not None and hour.value == 2


def test_kazakh_ten_among_numbers() -> None:
    assert NUMBERS.read("он") == 10
    assert NUMBERS.read("он бір") == 11
    assert NUMBERS.digits("бір он") == "110"


@given(
    st.text("0123456789", min_size=4, max_size=12).filter(lambda digits: sum(digit not in "24" for digit in digits) > 1)
)
def test_digits_are_digits_however_their_sound_is_written(digits: str) -> None:
    spoken = " ".join({"2": "to", "4": "for"}.get(digit, say("en", int(digit))) for digit in digits)
    assert NUMBERS.digits(spoken) == digits


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("one for eight", "one four eight"),
        ("ticket to thousand ninety to", "ticket two thousand ninety two"),
        ("three hundred to", "three hundred two"),
        ("from two to four", "from two to four"),
        ("two to four", "two to four"),
        ("find a book for five children", "find a book for five children"),
        ("too many books", "too many books"),
        ("open chapter seventy to", "open chapter seventy two"),
    ],
)
def test_a_word_that_sounds_like_a_digit_is_one_only_where_it_must_be(heard: str, meant: str) -> None:
    assert " ".join(NUMBERS.written_out(heard.split())) == meant

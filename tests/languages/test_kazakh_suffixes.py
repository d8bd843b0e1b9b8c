"""Kazakh endings go by the last sound of the word."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from languages.folding import fold
from languages.kazakh_suffixes import CASES, Case, case_of_ending, takes, with_case
from languages.stemming import ENDINGS
from voice.nlu.templates import TemplateWord, parse

RIGHT = """
адам-ның адам-нан адам-мен адам-дар заказ-дың заказ-дан заказ-бен заказ-дар филиал-дың филиал-дар оператор-лар
оператор-дың оператор-мен жеткізу-лер жеткізу-дің бронь-нан курьер-ге кітап-қа айт-қым бар-ғым бер-гім ет-кім
доставка-ның доставка-лар доставка-ға доставка-мен
"""
WRONG = """
адам-дың адам-дан адам-бен адам-лар заказ-ның заказ-мен заказ-лар филиал-лар филиал-ның оператор-дар
оператор-ның оператор-бен айт-ғым бар-қым ет-гім доставка-дың доставка-қа
"""


@pytest.mark.parametrize("right", RIGHT.split())
def test_a_word_takes_its_endings(right: str) -> None:
    assert takes(*right.split("-"))


@pytest.mark.parametrize("wrong", WRONG.split())
def test_a_word_takes_no_others(wrong: str) -> None:
    assert not takes(*wrong.split("-"))


def test_a_template_takes_of_a_set_what_fits_and_of_a_list_all() -> None:
    endings = {"noun": "|ның|дың|лар|дар"}
    assert parse("адам(<noun>|ға)", endings) == TemplateWord(("адам", "адамның", "адамдар", "адамға"))
    assert parse("оператор(<noun>)", endings) == TemplateWord(("оператор", "оператордың", "операторлар"))


FORMS = tomllib.loads(Path(__file__).with_name("case_forms.toml").read_text(encoding="utf-8"))
TITLES = {case: tuple(forms) for case, forms in FORMS["titles"].items()}


@pytest.mark.parametrize("case", CASES)
def test_names_and_words_take_their_case_endings(case: Case) -> None:
    """210 words. The package qazaq-inflector 0.5.0 (MIT) has 177 of them right: it makes Пушкинның and Чеховтің."""
    for form in FORMS[case].split():
        word, _, ending = form.rpartition("-")
        assert with_case(word, case) == word + ending


@pytest.mark.parametrize("case", CASES)
def test_a_title_takes_the_ending_on_its_last_word_and_a_possessive_takes_n(case: Case) -> None:
    """40 titles; qazaq-inflector declines every word of them, as it should of names, and has 4 right."""
    for form in TITLES[case]:
        title, _, ending = form.rpartition("-")
        assert with_case(title, case) == title + ending


def test_who_knows_says_whether_a_possessive_ending_is_there() -> None:
    assert with_case("жолы", "dative") == "жолыға"
    assert with_case("жолы", "dative", possessive=True) == "жолына"
    assert with_case("жиырма екі", "dative", possessive=False) == "жиырма екіге"


@pytest.mark.parametrize("text", ["", "1984", "Кім?", "Abai!"])
def test_what_does_not_end_in_a_letter_stays(text: str) -> None:
    assert with_case(text, "genitive") == text


@pytest.mark.parametrize("case", CASES)
def test_a_bare_word_takes_the_forms_that_are_made_of_it(case: Case) -> None:
    """What is spoken is also heard: `takes`, by which the phrases choose their endings, allows every case form."""
    for form in FORMS[case].split():
        word, _, ending = form.rpartition("-")
        assert takes(word.lower(), ending), form


def test_the_search_takes_off_every_case_ending() -> None:
    known = {ending for endings in ENDINGS for ending in endings}
    assert {fold(ending) for ending in case_of_ending()} <= known

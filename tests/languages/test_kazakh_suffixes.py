"""Kazakh endings go by the last sound of the word."""

from __future__ import annotations

import pytest

from languages.kazakh_suffixes import takes
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

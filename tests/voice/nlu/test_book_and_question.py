"""A book and a question about the library in one sentence: neither is lost, and no title is cut in two."""

from __future__ import annotations

import pytest

from tests.voice.nlu.fake_model import likely
from tests.voice.nlu.test_decision import decide
from voice.nlu.deciding.acts import Do, Situation
from voice.nlu.phrasebook import Phrasebook

BOTH = [
    ("en", "reserve war and peace at chekhov and the hours of jambyl", ["reserve", "hours"]),
    ("en", "war and peace at chekhov and the hours of jambyl", ["search", "hours"]),
    ("ru", "отложи войну и мир в чехова и часы работы жамбыла", ["reserve", "hours"]),
    ("ru", "война и мир и сколько книг можно взять", ["search", "library_question"]),
    ("kk", "абай жолын чехов кітапханасында сақтап қой және жамбылдың жұмыс уақыты", ["reserve", "hours"]),
    ("kk", "бәрін ұзарт және қанша кітап алуға болады", ["renew_all", "library_question"]),
]
ONE = [
    ("en", "reserve death in venice"), ("ru", "отложи смерть в венеции"), ("ru", "добрый день и часы работы"),
    ("ru", "я слепой человек и сколько книг можно взять"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "names"), BOTH)
def test_both_are_done_in_turn(phrasebook: Phrasebook, language: str, text: str, names: list[str]) -> None:
    act = decide(phrasebook, text, likely(("hours", 0.6), ("search", 0.4)), Situation(language=language)).act
    assert isinstance(act, Do) and [intent.name for intent in act.intents] == names


@pytest.mark.parametrize(("language", "text"), ONE)
def test_a_joining_word_parts_no_single_request(phrasebook: Phrasebook, language: str, text: str) -> None:
    act = decide(phrasebook, text, likely(("hours", 0.6), ("search", 0.4)), Situation(language=language)).act
    assert not (isinstance(act, Do) and len(act.intents) > 1)

"""In which language the answer comes, and titles that are said without a command."""

from __future__ import annotations

import pytest

from catalogue_client.values.accounts import Preferences, Reader
from tests.voice.dialogue.callers import calling, press, said
from tests.voice.dialogue.playing import Player
from voice.dialogue import step
from voice.dialogue.events import Answered, Pressed, Said
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent

# Language


def test_the_answer_is_in_the_language_of_the_last_whole_utterance(caller: Player) -> None:
    caller.hears("найди книги про абая")
    assert (caller.context.language == "ru" and "Нашлось" in said(caller)) or "Нашлись" in said(caller)
    caller.hears("екінші туралы толығырақ")
    assert caller.context.language == "kk"


def test_one_borrowed_word_does_not_switch_the_language(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    for word in ("да", "yes", "стоп", "следующая"):
        caller.hears(word)
        assert caller.context.language == "kk", word


def test_the_readers_setting_wins_when_in_doubt(caller: Player) -> None:
    caller.hears("говори по-русски")
    assert caller.context.language == "ru"
    caller.hears("көмек")
    assert caller.context.language == "ru"
    caller.hears("абай туралы кітап тап")
    assert caller.context.language == "kk"


def test_a_remembered_language_is_spoken_to_a_reader_who_only_keys(phrasebook: Phrasebook) -> None:
    player = press(calling(phrasebook), "33")
    english = Reader("100001", "Aigul", preferences=Preferences(language="en", rate=300))
    player.context = step(player.context, Pressed("1")).context
    turn = step(player.context, Pressed("#"))
    turn = step(step(turn.context, Pressed("2")).context, Pressed("#"))
    turn = step(turn.context, Answered(turn.command, english))
    assert turn.context.language == "en" and turn.context.preferences.rate == 300


def test_an_unknown_language_is_declined_and_ours_are_offered(caller: Player) -> None:
    caller.happens(Said(Intent("language", {"language": "tlh"}, "xx", "клингонша сөйле")))
    assert caller.context.language == "kk" and caller.context.name == "languages"
    press(caller, "2")
    assert caller.context.language == "ru"


# Titles said alone


@pytest.mark.parametrize("words", ["абай жолы", "путь абая", "мұхтар әуезов"])
def test_a_title_or_author_said_alone_is_looked_for(caller: Player, words: str) -> None:
    caller.hears(words)
    assert caller.context.name == "results"


def test_chatter_is_not_taken_for_a_title(caller: Player) -> None:
    caller.hears("абай деген көшеде бүгін көлік көп екен")
    assert caller.context.name == "start" and caller.context.misses == 1

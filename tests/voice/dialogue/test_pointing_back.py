"""What points back to the book or the list at hand: other books of its author, the same in another format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.values.bibliographic import Query, Results
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import BOOKS
from tests.voice.dialogue.test_taking_back import caller, says
from voice.dialogue import commands, step
from voice.dialogue.events import Answered
from voice.dialogue.prompts import text_of
from voice.dialogue.states import RecordDetail, ResultList
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
FOUND = {"kk": "абай туралы кітап тап", "ru": "найди книги про абая", "en": "find books about abai"}
SECOND = {"kk": "екінші туралы толығырақ", "ru": "подробнее о второй", "en": "more about the second"}
AUDIO = {"kk": "аудио бар ма", "ru": "аудио есть", "en": "is there audio"}
BRAILLE = {"kk": "брайльмен бар ма", "ru": "а по брайлю есть", "en": "is it in braille"}
ONLY_AUDIO = {"kk": "тек аудио", "ru": "только аудио", "en": "only audio"}
BARE = {"kk": "Абай", "ru": "Абай", "en": "Abai"}
SAME_AUTHOR = {
    "kk": "осы автордың басқа кітаптары",
    "ru": "другие книги этого автора",
    "en": "other books by this author",
}


def searches(player: Player) -> list[commands.Search]:
    return [command for command in player.library.asked if isinstance(command, commands.Search)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_format_that_the_opened_book_has_is_answered_from_its_record(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], SECOND[language])
    opened = player.context
    before = len(searches(player))
    says(player, AUDIO[language])
    audio = text_of(language, "formats.audio")
    assert player.lines[0].text == text_of(language, "record.is_so", what=audio)
    assert player.context.state == opened.state and len(searches(player)) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_format_that_it_has_not_is_looked_for_among_its_editions_alone(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], SECOND[language], BRAILLE[language])
    query = searches(player)[-1].query
    assert (query.title, query.author, query.format) == (BOOKS[1].title, BOOKS[1].author, "braille")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_said_alone_is_narrowed_like_any_search(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, BARE[language], ONLY_AUDIO[language])
    query = searches(player)[-1].query
    assert (query.words, query.format) == (BARE[language], "audio")
    assert isinstance(player.context.state, ResultList) and player.context.state.items == (BOOKS[1],)


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_books_of_the_author_of_the_opened_book(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, SAME_AUTHOR[language])
    assert player.lines[0].text == text_of(language, "searching.which_book")
    says(player, FOUND[language], SECOND[language])
    assert isinstance(player.context.state, RecordDetail)
    says(player, SAME_AUTHOR[language])
    assert searches(player)[-1].query.author == BOOKS[1].author


CHANGE = {"kk": "кітапханасын ауыстырыңыз", "ru": "поменяйте библиотеку", "en": "change the library"}
TIME = {"kk": "уақытын ауыстырыңыз", "ru": "поменяйте время", "en": "change the time"}
RESERVE = {"kk": "сақтап қой", "ru": "отложи", "en": "keep it for me"}
DELIVER = {"kk": "үйге жеткіз", "ru": "доставь домой", "en": "bring it home"}
FIRST = {"kk": "бірінші", "ru": "первое", "en": "the first"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_library_or_time_is_offered_again_at_the_read_back(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], SECOND[language], RESERVE[language], "100001", "2580", CHANGE[language])
    assert player.context.name == "places"
    player = caller(phrasebook, language)
    says(player, FOUND[language], SECOND[language], DELIVER[language], "100001", "2580", FIRST[language])
    assert player.context.name == "confirm"
    says(player, TIME[language])
    assert player.context.name == "slots"
    says(player, FIRST[language])
    assert player.context.name == "confirm" and player.lines[0].text.find(BOOKS[1].title) >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_book_found_by_another_spelling_is_still_one_of_these(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language])
    narrower = commands.Search(Query(words="абайй"), commands.SearchPurpose.NARROW)
    same = step(player.context, Answered(narrower, Results((BOOKS[1],), 1, did_you_mean="абай")))
    assert isinstance(same.context.state, ResultList) and same.context.state.items == (BOOKS[1],)
    stranger = replace(BOOKS[1], id="77")
    other = step(player.context, Answered(narrower, Results((stranger,), 1, did_you_mean="абай")))
    assert other.say[0].text == text_of(language, "searching.none_of_these")

"""A reader's own lists: her shelf, authors whom she follows, what she has read; holds that wait, renewals of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.voice.dialogue.small_library import BOOKS, HOLDS, LOANS, NOW
from tests.voice.dialogue.test_natural_yes import FOUND
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from voice.dialogue import commands
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Confirm, ResultList
from voice.nlu.phrasebook import Phrasebook

LANGUAGES = ("kk", "ru", "en")
YES = {"kk": "иә", "ru": "да", "en": "yes"}
NO = {"kk": "жоқ", "ru": "нет", "en": "no"}
KEEP = {"kk": "екіншісін сөреме қой", "ru": "отложи вторую на потом", "en": "keep number two for later"}
SHELF = {"kk": "менің сөрем", "ru": "что на моей полке", "en": "what is on my shelf"}
OFF = {"kk": "екіншісін сөремнен ал", "ru": "сними вторую с полки", "en": "take the second off my shelf"}
FOLLOW = {
    "kk": "осы автордың жаңа кітаптары шықса маған хабарлаңыз",
    "ru": "сообщайте мне о новых книгах этого автора",
    "en": "tell me when there are new books by this author",
}
FIRST = {"kk": "бірінші туралы толығырақ", "ru": "подробнее о первой", "en": "more about the first"}
LOAN_LIST = {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}
HOLD_LIST = {"kk": "менің броньдарым", "ru": "мои брони", "en": "my holds"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_book_is_put_aside_by_its_number_also_before_the_sign_in(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], KEEP[language])
    heard = says(player, "100001", "2580")
    assert commands.PutAside(TICKET, BOOKS[1]) in player.library.asked
    assert text_of(language, "done.put_aside", title=BOOKS[1].title) in heard
    assert not [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shelf_is_a_list_of_books_with_which_everything_can_be_done(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, SHELF[language], "100001", "2580")
    state = player.context.state
    assert isinstance(state, ResultList) and state.items == BOOKS[:2]
    says(player, OFF[language])
    assert commands.TakeOffShelf(TICKET, BOOKS[1]) in player.library.asked
    says(player, {"kk": "біріншісін сақтап қой", "ru": "отложи первую", "en": "reserve the first"}[language])
    assert isinstance(player.context.state, Confirm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_shelf_says_how_to_fill_it(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, shelf=())
    assert text_of(language, "account.shelf_empty") in says(player, SHELF[language], "100001", "2580")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_author_is_followed_from_a_book_and_the_news_come_with_the_next_sign_in(
    phrasebook: Phrasebook, language: str
) -> None:
    player = caller(phrasebook, language)
    says(player, FOUND[language], FIRST[language], FOLLOW[language], "100001", "2580")
    assert commands.FollowAuthor(TICKET, BOOKS[0].author) in player.library.asked
    player = caller(phrasebook, language, author_news=BOOKS[:1])
    says(player, LOAN_LIST[language], "100001")
    heard = says(player, "2580")
    assert f"{BOOKS[0].title}, {BOOKS[0].author}" in heard and player.context.name == "loans"


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_that_cannot_be_had_hold_nothing_up(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language, fails={"ListAuthorNews": "unavailable"})
    says(player, LOAN_LIST[language], "100001", "2580")
    assert player.context.name == "loans"


READ = {"kk": "бұрын не оқыдым", "ru": "что я уже читала", "en": "what have i read"}
FORGET = {"kk": "оқығанымды ұмытыңыз", "ru": "забудьте что я читала", "en": "forget what i have read"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_read_is_kept_after_a_yes_and_forgotten_after_another(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    heard = says(player, READ[language], "100001", "2580")
    assert text_of(language, "confirm.keep_history") in heard
    assert text_of(language, "done.history_kept") in says(player, YES[language])
    says(player, FORGET[language])
    assert text_of(language, "done.history_forgotten") in says(player, YES[language])
    changes = [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]
    assert changes == [commands.KeepHistory(TICKET, True), commands.KeepHistory(TICKET, False)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_yes_no_history_is_kept(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, READ[language], "100001", "2580", NO[language])
    assert not [ask for ask in player.library.asked if isinstance(ask, commands.KeepHistory)]


SUSPEND = {
    "kk": ("екіншісін тоқтата тұрыңыз", "20 желтоқсанға дейін екіншісін тоқтата тұрыңыз"),
    "ru": ("приостановите вторую", "приостановите вторую до 20 декабря"),
    "en": ("suspend the second", "suspend the second until 20 december"),
}
RESUME = {"kk": "екіншісін қайта жалғастырыңыз", "ru": "возобновите вторую", "en": "resume the second"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hold_waits_until_the_day_that_was_said_and_keeps_its_place(phrasebook: Phrasebook, language: str) -> None:
    usual = NOW.date() + timedelta(days=30)
    for words, until in zip(SUSPEND[language], (usual, date(2026, 12, 20)), strict=True):
        player = caller(phrasebook, language)
        heard = says(player, HOLD_LIST[language], "100001", "2580", words)
        assert text_of(language, "confirm.queue_kept", n=2) in heard
        says(player, YES[language])
        asked = [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]
        assert asked == [commands.SuspendHold(TICKET, HOLDS[1].id, until)]
        assert player.context.name == "holds"


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_day_said_to_the_read_back_is_read_back_instead(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    says(player, HOLD_LIST[language], "100001", "2580", SUSPEND[language][0])
    says(player, {"kk": "15 желтоқсанда", "ru": "15 декабря", "en": "15 december"}[language], YES[language])
    asked = [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]
    assert asked == [commands.SuspendHold(TICKET, HOLDS[1].id, date(2026, 12, 15))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_book_that_is_kept_already_cannot_wait(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    first = {"kk": "біріншісін тоқтата тұрыңыз", "ru": "приостановите первую", "en": "suspend the first"}[language]
    heard = says(player, HOLD_LIST[language], "100001", "2580", first)
    assert text_of(language, "error.refused_hold_ready") in heard and player.context.name == "holds"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hold_that_waits_goes_on_again(phrasebook: Phrasebook, language: str) -> None:
    waiting = replace(HOLDS[1], suspended_until=date(2026, 12, 20))
    player = caller(phrasebook, language, holds=(HOLDS[0], waiting))
    says(player, HOLD_LIST[language], "100001", "2580", RESUME[language], YES[language])
    asked = [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]
    assert asked == [commands.SuspendHold(TICKET, HOLDS[1].id, None)]


RENEW = {
    "kk": ("екіншісін ұзарт", "бәрін ұзарт"), "ru": ("продли вторую", "продли все"),
    "en": ("renew the second", "renew all"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_renewal_of_the_same_day_in_another_conversation_is_said_and_asked(
    phrasebook: Phrasebook, language: str
) -> None:
    loans = (LOANS[0], replace(LOANS[1], renewed=NOW.date()), *LOANS[2:])
    for words in RENEW[language]:
        player = caller(phrasebook, language, loans=loans)
        heard = says(player, LOAN_LIST[language], "100001", "2580", words)
        assert text_of(language, "confirm.renewed_already", titles=LOANS[1].title) in heard
    yesterday = (LOANS[0], replace(LOANS[1], renewed=NOW.date() - timedelta(days=1)), *LOANS[2:])
    player = caller(phrasebook, language, loans=yesterday)
    heard = says(player, LOAN_LIST[language], "100001", "2580", RENEW[language][0])
    assert text_of(language, "confirm.renewed_already", titles=LOANS[1].title) not in heard

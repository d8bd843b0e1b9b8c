"""A work is said once, with what it exists as; how it was found is said; its like and its next volume are offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.values.bibliographic import Expression, Format, Query, Record, Results
from catalogue_client.values.works import BookSeries, Likeness, SeriesVolume, SimilarRecord
from tests.voice.dialogue.small_library import BOOKS, NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin
from voice.dialogue.commands import FindSeries, FindSimilar, Search
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Answered, Said
from voice.dialogue.states import ResultList
from voice.dialogue.step import step
from voice.dialogue.turn import Turn
from voice.values.audio import ChannelKind
from voice.values.intents import Intent

SHIP = Record(
    "kk", "Ақ кеме", "Шыңғыс Айтматов", "kk", 1970, (Format.PRINT, Format.BRAILLE),
    expressions=(
        Expression("ru", "Белый пароход", "ru", (Format.PRINT, Format.AUDIO)),
        Expression("ru2", "Белый пароход", "ru", (Format.PRINT,)),
    ),
)  # fmt: skip


def start(language: str) -> DialogueContext:
    return replace(begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW)), language=language)


def text(turn: Turn) -> str:
    return " ".join(line.text for line in turn.say)


def found(language: str, results: Results, query: Query | None = None) -> Turn:
    return step(start(language), Answered(Search(query or Query(words="x")), results))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("kk", ("қазақша, орысша", "Брайль, аудиокітап")),
        ("ru", ("азахский, русский", "рифт Брайля, аудиокнига")),
        ("en", ("Kazakh, Russian", "raille, audio")),
    ],
)
def test_a_work_is_said_once_with_its_languages_and_formats(language: str, said: tuple[str, ...]) -> None:
    turn = found(language, Results((SHIP,), 1, matched_by="title"))
    assert all(part.lower() in text(turn).lower() for part in said), text(turn)
    assert text(turn).count("Ақ кеме") == 1 and "Белый пароход" not in text(turn)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("way", ["plot", "character", "series", "class", "age", "name"])
def test_it_is_said_how_a_book_was_found(language: str, way: str) -> None:
    by_title = text(found(language, Results((SHIP,), 1, matched_by="title")))
    otherwise = text(found(language, Results((SHIP,), 1, matched_by=way)))
    assert otherwise.endswith(by_title) and len(otherwise) > len(by_title)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_books_like_it_say_what_they_share(language: str) -> None:
    like = (
        SimilarRecord(BOOKS[1], Likeness.AUTHOR, (("", "Мұхтар Әуезов"),)),
        SimilarRecord(BOOKS[0], Likeness.THEME, (("kk", "дала"), ("ru", "степь"), ("en", "steppe"))),
    )
    turn = step(start(language), Answered(FindSimilar("a"), like))
    assert "Мұхтар Әуезов" in text(turn) and {"kk": "дала", "ru": "степь", "en": "steppe"}[language] in text(turn)
    none = step(start(language), Answered(FindSimilar("a"), ()))
    assert none.say and not isinstance(none.context.state, ResultList)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_next_volume_is_offered_only_where_the_order_is_known(language: str) -> None:
    first, second = BOOKS[0], BOOKS[1]
    series = BookSeries("S", (SeriesVolume(1, first), SeriesVolume(2, second)))
    turn = step(start(language), Answered(FindSeries(first.id), series))
    assert isinstance(turn.context.state, ResultList) and turn.context.state.items == (second,)
    last = step(start(language), Answered(FindSeries(second.id), series))
    assert not isinstance(last.context.state, ResultList) and "2" in text(last)
    loose = BookSeries("S", (SeriesVolume(None, first), SeriesVolume(None, second)))
    turn = step(start(language), Answered(FindSeries(first.id), loose))
    assert isinstance(turn.context.state, ResultList) and len(turn.context.state.items) == 2
    nothing = step(start(language), Answered(FindSeries(first.id), None))
    assert nothing.say and not isinstance(nothing.context.state, ResultList)


@pytest.mark.parametrize(("name", "command"), [("similar", FindSimilar(SHIP.id)), ("next_volume", FindSeries(SHIP.id))])
def test_the_book_at_hand_is_meant(name: str, command: object) -> None:
    opened = found("ru", Results((SHIP,), 1)).context
    assert step(opened, Said(Intent(name, {}, "ru", name))).command == command


def test_slots_become_the_fields_of_a_query() -> None:
    slots = {"plot": "бала балық болуды армандайды", "character": "Момын", "class": "8", "age": 12}
    turn = step(start("kk"), Said(Intent("search", dict(slots), "kk", "x")))
    assert isinstance(turn.command, Search)
    query = turn.command.query
    assert (query.plot, query.character, query.school_class, query.age) == (slots["plot"], "Момын", 8, 12)

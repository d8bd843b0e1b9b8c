"""A conversation beside the staff site: what nobody knew is written there and heard in the same conversation."""

from __future__ import annotations

import pytest

from tests.voice.staff_site.rig import Site
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.dialogue.events import Pressed
from voice.values.audio import ChannelKind

WORDS = {
    "kk": ("айыппұл бар ма менде", "иә", "итпен кіруге бола ма екен"),
    "ru": ("есть ли пеня за опоздание", "да", "можно ли прийти с собакой"),
    "en": ("is there a fine for late books", "yes", "may i bring my dog along"),
}
TEXT = {"text_kk": "Ақша алынбайды.", "text_ru": "Денег не берут.", "text_en": "No money is charged."}
DOG = {"text_kk": "Итпен болады.", "text_ru": "С собакой можно.", "text_en": "Dogs are welcome."}


def talking(site: Site, language: str) -> DialogueSession:
    return site.app.new_session(ChannelKind.TYPED, private=True, language=language)


async def says(session: DialogueSession, text: str) -> list[str]:
    exchange = await session.exchange(session.understand_text(text))
    return [line.text for line in exchange.lines]


@pytest.mark.parametrize("language", WORDS)
async def test_what_nobody_knew_is_answered_by_staff_and_heard_at_once(site: Site, language: str) -> None:
    question, yes, _ = WORDS[language]
    session = talking(site, language)
    first = await says(session, question)
    assert TEXT[f"text_{language}"] not in first
    assert session.context.state.name == "doubt"
    await says(session, yes)
    await site.log_in("bolat")
    page = await site.get("/answers")
    assert question in page
    assert (await site.send("/answers/fines", {**TEXT, "examples": "", "after": "0"})).status == 303
    assert question not in await site.get("/answers")
    again = await says(session, question)
    assert again[:2] == [first[0], TEXT[f"text_{language}"]]
    assert session.context.state.name == "start"


@pytest.mark.parametrize("language", WORDS)
async def test_a_question_of_the_staffs_own_is_no_book(site: Site, language: str) -> None:
    session = talking(site, language)
    words = WORDS[language][2]
    await site.log_in("bolat")
    form = {**DOG, "topic": "dogs", "examples": "\n".join(WORDS[each][2] for each in WORDS)}
    assert DOG[f"text_{language}"] not in await says(session, words)
    assert (await site.send("/answers/_new", form)).status == 303
    assert DOG[f"text_{language}"] in await says(talking(site, language), words)


async def test_hours_that_staff_enter_are_heard_at_once(site: Site) -> None:
    session = talking(site, "ru")
    asked = "библиотека номер четырнадцать работает шестнадцатого декабря"
    assert "открыто ли, я не знаю" in (await says(session, asked))[0]
    await site.log_in("bolat")
    form = {"day": "2026-12-16", "place": "no-14", "hours": "11:00-15:00"}
    assert (await site.send("/places/days", form)).status == 303
    assert "открыто с 11:00 до 15:00" in (await says(session, asked))[0]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("kk", "байқоңыр метросы қашан ашылады", "baikonur"),
        ("kk", "мәскеу станциясы ашық па", "moskva"),
        ("ru", "станция райымбек батыр когда работает", "raiymbek"),
        ("ru", "метро жибек жолы до скольки", "zhibek"),
        ("ru", "станция алатау открыта", "alatau"),
        ("en", "is baikonur station open", "baikonur"),
        ("en", "is sairan metro station open on sunday", "sairan"),
    ],
)
async def test_metro_stations_are_found(site: Site, language: str, text: str, place: str) -> None:
    session = talking(site, language)
    said = await says(session, text)
    known = {each.id: each for each in await site.app.library.places.places(site.app.clock())}
    stations = {each.id: each.name(language) for each in known.values() if each.kind == "station"}
    assert any(name.lower() in said[0].lower() for name in stations.values()), (place, said)
    assert session.context.state.name == "start"


@pytest.mark.parametrize("language", WORDS)
async def test_a_question_that_was_keyed_is_passed_on_by_its_name(site: Site, language: str) -> None:
    session = talking(site, language)

    for key in "3" + "6" * 9 + "3" + "3":  # the menu, its last entry, the third question: fines
        await session.exchange(Understood(Pressed(key)))
    assert session.context.state.name == "doubt"
    await session.exchange(Understood(Pressed("1")))
    asked = [one for one in await site.app.answers.asked.counted() if one.words]
    assert [(one.topic, one.language, one.count) for one in asked] == [("fines", language, 1)]
    assert len(asked[0].words.split()) >= 2

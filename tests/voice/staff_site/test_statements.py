"""Answers, days and places' details: edited by those who may, kept as typed until right, heard at once."""

from __future__ import annotations

import re

import pytest

from catalogue_client.values.knowledge import AskedQuestion
from tests.voice.staff_site.rig import Site
from voice.staff_site.words import LANGUAGES

FINES = {"text_kk": "Айыппұл жоқ.", "text_ru": "Пени нет.", "text_en": "There is no fine.", "examples": ""}
EDITED = ("/answers/fines", "/places/days", "/places/no-14")


async def version(site: Site, path: str) -> str:
    found = re.search(r'name="after" value="(\d+)"', await site.get(path))
    assert found
    return found[1]


@pytest.mark.parametrize(("name", "may"), [("dana", False), ("bolat", True), ("aliya", True)])
async def test_only_those_who_may_change_what_readers_hear(site: Site, name: str, may: bool) -> None:
    await site.log_in(name)
    for path in EDITED:
        assert (await site.client.get(path)).status == (200 if may else 403), path
        assert (await site.send(path, {"after": "0"})).status != (403 if may else 422), path
    for path in ("/answers/fines/restore", "/answers/_forget", "/places/days/take-back", "/places/no-14/restore"):
        assert ((await site.send(path, {"number": "0"})).status == 403) is not may, path
    assert ("/places/no-14" in await site.get("/places")) is may


async def test_a_form_without_our_token_changes_nothing(site: Site) -> None:
    await site.log_in()
    for path in EDITED:
        answer = await site.client.post(path, data={**FINES, "day": "2026-12-16"}, allow_redirects=False)
        assert answer.status == 403, path
    assert not (await site.app.library.knowledge.answer("fines")).texts


async def test_an_answer_is_written_heard_and_restored(site: Site) -> None:
    await site.log_in("bolat")
    for text in ("There is no fine.", "No fine at all."):
        form = {**FINES, "text_en": text, "after": await version(site, "/answers/fines")}
        answer = await site.send("/answers/fines", form)
        assert answer.headers["Location"] == "/answers/fines?done=stated"
    assert (await site.app.library.knowledge.answer("fines")).texts["en"] == "No fine at all."
    page = await site.get("/answers/fines")
    assert page.count("<td>bolat</td>") == 2 and "There is no fine." in page
    (older,) = re.findall(r'name="number" value="(\d+)"', page)
    answer = await site.send("/answers/fines/restore", {"number": older})
    assert answer.headers["Location"] == "/answers/fines?done=restored"
    assert (await site.app.library.knowledge.answer("fines")).texts["en"] == "There is no fine."
    assert (await site.send("/answers/fines/restore", {"number": "999999"})).status == 404


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_mistake_is_said_and_what_was_typed_stays(site: Site, language: str) -> None:
    await site.log_in()
    await site.get(f"/state?language={language}")
    for path, form, field in (
        ("/answers/fines", {**FINES, "text_ru": "Пени <b>нет</b>."}, "text_ru"),
        ("/answers/fines", {**FINES, "text_kk": ""}, "text_kk"),
        ("/answers/_new", {**FINES, "topic": "Lost things", "examples": "потерял шарф"}, "topic"),
        ("/answers/_new", {**FINES, "topic": "lost_things"}, "examples"),
        ("/places/days", {"day": "2027-02-30", "hours": "closed"}, "day"),
        ("/places/days", {"day": "2020-01-01", "hours": "closed"}, "day"),
        ("/places/days", {"day": "2026-12-16", "hours": "утром"}, "hours"),
        ("/places/days", {"day": "2026-12-16", "hours": "closed", "place": "atlantis"}, "place"),
        ("/places/no-14", {"hours_6": "sometimes"}, "hours_6"),
        ("/places/no-14", {"phone": "позвоните"}, "phone"),
        ("/places/no-14", {"way_ru": "Прямо и направо"}, "way_kk"),
    ):
        answer = await site.send(path, {"after": "0", **form})
        text = await answer.text()
        assert answer.status == 422, (path, field)
        assert f'href="#{field}"' in text and f'id="{field}-mistake"' in text, (path, field)
        for typed in (value for name, value in form.items() if name != "place"):  # no option, so it cannot be shown
            assert typed.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in text, (path, typed)
    assert not (await site.app.library.knowledge.answer("fines")).texts
    assert not await site.app.place_facts.days.entered()


async def test_whoever_saves_second_sees_both_texts(site: Site) -> None:
    await site.log_in("bolat")
    seen = await version(site, "/answers/fines")
    await site.app.answers.write(
        "fines", {"kk": "Айыппұл бар.", "ru": "Пеня есть.", "en": "Yes."}, (), "staff:aliya", after=0
    )
    answer = await site.send("/answers/fines", {**FINES, "after": seen})
    text = await answer.text()
    assert answer.status == 422
    assert "Somebody else has changed it meanwhile" in text and "There is no fine." in text and "Yes." in text
    assert (await site.app.library.knowledge.answer("fines")).texts["en"] == "Yes."
    taken = await site.send("/answers/_new", {**FINES, "topic": "fines", "examples": "есть ли пеня"})
    assert taken.status == 422 and 'href="#topic"' in await taken.text()


async def test_what_was_asked_and_not_known_is_answered_there(site: Site) -> None:
    note = site.app.library.knowledge.note_question
    await note(AskedQuestion("fines", "ru", "есть ли <i>пеня</i>"))
    await note(AskedQuestion("fines", "ru", ""))
    await note(AskedQuestion("", "en", "may i bring my dog"))
    await note(AskedQuestion("events", "kk", ""))
    await site.log_in("bolat")
    page = await site.get("/answers")
    assert "есть ли i пеня i" in page and 'href="/answers/_new?asked=may%20i%20bring%20my%20dog"' in page
    assert "may i bring my dog" in await site.get("/answers/_new?asked=may%20i%20bring%20my%20dog")
    dogs = {**FINES, "topic": "dogs", "examples": "may i bring my dog\nможно с собакой"}
    assert (await site.send("/answers/_new", dogs)).headers["Location"] == "/answers/dogs?done=stated"
    assert await site.app.library.knowledge.topic_of("можно с собакой") == "dogs"
    await site.send("/answers/fines", {**FINES, "after": "0"})
    left = {"topic": "events", "language": "kk", "words": ""}
    assert [(one.topic, one.words) for one in await site.app.answers.asked.counted()] == [
        ("", "may i bring my dog"),
        ("events", ""),
    ]
    for _ in range(2):  # a form that is sent twice
        assert (await site.send("/answers/_forget", left)).status == 303
    assert [one.topic for one in await site.app.answers.asked.counted()] == [""]


async def test_days_are_entered_and_taken_back(site: Site) -> None:
    await site.log_in("bolat")
    form = {"day": "2026-12-16", "place": "", "hours": "10:00-14:00", "name_kk": "", "name_ru": "", "name_en": ""}
    for hours in ("10:00-14:00", "closed"):
        assert (await site.send("/places/days", {**form, "hours": hours})).status == 303
    (chekhov,) = await site.app.library.places.find_place("Чехов", site.app.clock())
    assert next(day for day in chekhov.special_days if day.day.isoformat() == "2026-12-16").hours == ()
    page = await site.get("/places/days")
    assert "Independence Day" in page and "Take back: 16.12.2026, everywhere" in page
    for _ in range(2):
        assert (await site.send("/places/days/take-back", {"day": "2026-12-16", "place": ""})).status == 303
    assert not await site.app.place_facts.days.entered()
    assert (await site.send("/places/days", form)).status == 303
    assert len(await site.app.place_facts.days.entered()) == 1


async def test_a_place_is_described_and_restored(site: Site) -> None:
    await site.log_in("bolat")
    path = "/places/no-14"
    form = {f"hours_{day}": "10:00-19:00" for day in range(6)} | {"hours_6": "closed", "phone": "+77000000000"}
    form |= {"address_kk": "Ойдан шығарылған көше, 1", "address_ru": "Выдуманная, 1", "address_en": "1 Invented Street"}
    assert (await site.send(path, {**form, "after": "0"})).headers["Location"] == f"{path}?done=stated"
    assert 'value="10:00-19:00"' in await site.get(path)
    assert "10:00–19:00" in await site.get("/places")
    assert (await site.send(path, {"after": await version(site, path)})).status == 303
    (place,) = await site.app.library.places.find_place("кітапхана 14", site.app.clock())
    assert not place.hours and not place.details.phone
    (older,) = re.findall(r'name="number" value="(\d+)"', await site.get(path))
    await site.send(f"{path}/restore", {"number": older})
    (place,) = await site.app.library.places.find_place("кітапхана 14", site.app.clock())
    assert place.details.phone == "+77000000000" and len(place.hours) == 6
    assert (await site.client.get("/places/atlantis")).status == 404

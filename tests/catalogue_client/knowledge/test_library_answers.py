"""Answers in the store: rules computed, staff's words with their history, what must not be said, what was not known."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue_client.circulation.policy import load_circulation_policy
from catalogue_client.delivery.delivery_policy import load_delivery_policy
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, StorageError
from catalogue_client.knowledge.errors import BadStatement, ChangedMeanwhile
from catalogue_client.knowledge.library_rules import library_rules
from catalogue_client.knowledge.shipped import load_shipped, shipped
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.schema import audit
from catalogue_client.values.knowledge import AskedQuestion, Topic
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.rig.postgres import Postgres

FINES = {
    "kk": "Айыппұл жоқ.",
    "ru": "Пени нет, книгу просто верните.",
    "en": "There is no fine, only bring the book back.",
}
NO = {"kk": "", "ru": "", "en": ""}
DOG = {"kk": "Итпен кіруге болады.", "ru": "С собакой можно.", "en": "Dogs are welcome."}


async def test_rules_are_those_of_the_policies_and_typed_nowhere_else(library: OpenedLibrary) -> None:
    rules = (await library.knowledge.answer(Topic.LOAN_PERIOD)).rules
    policy, delivery = load_circulation_policy(), load_delivery_policy()
    assert rules == library_rules(policy, delivery)
    adult = policy.category("adult")
    assert (rules.loan_days, rules.loans, rules.renewals) == (adult.loan_days, adult.loans, adult.renewals)
    assert [(one.weekdays, one.starts, one.ends) for one in rules.rounds] == [
        ((0, 1, 2, 3, 4), 600, 780),
        ((0, 1, 2, 3, 4, 5), 840, 1080),
    ]
    assert rules.districts == delivery.city.districts


async def test_what_nobody_knows_ships_empty(library: OpenedLibrary) -> None:
    known = {topic for topic in Topic if (await library.knowledge.answer(topic)).texts}
    assert known == {Topic.ABOUT_DAUYS, Topic.RETURN_WHERE}
    assert not (await library.knowledge.answer("dogs")).texts


async def test_an_answer_is_said_by_every_node_at_once(home: Path, clock: Clock, tmp_path: Path) -> None:
    async with (
        open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as one,
        open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as other,
    ):
        assert not (await other.knowledge.answer(Topic.FINES)).texts
        await one.staff.answers.write(Topic.FINES, FINES, (), "staff:dana", after=0)
        assert (await other.knowledge.answer(Topic.FINES)).texts == FINES


async def test_every_version_is_kept_and_can_be_put_in_force_again(library: OpenedLibrary, clock: Clock) -> None:
    answers = library.staff.answers
    first = await answers.write(Topic.FINES, FINES, (), "staff:dana", after=0)
    clock.now += timedelta(hours=1)
    second = await answers.write(Topic.FINES, {**FINES, "en": "No fine."}, (), "staff:aliya", after=first)
    third = await answers.write(Topic.FINES, NO, (), "staff:aliya", after=second)
    assert not (await library.knowledge.answer(Topic.FINES)).texts
    history = await answers.statements.history("answer:fines")
    assert [(one.number, one.by) for one in history] == [
        (third, "staff:aliya"),
        (second, "staff:aliya"),
        (first, "staff:dana"),
    ]
    assert history[1].at - history[2].at == timedelta(hours=1)
    await answers.statements.restore("answer:fines", first, "staff:bolat")
    assert (await library.knowledge.answer(Topic.FINES)).texts == FINES
    assert len(await answers.statements.history("answer:fines")) == 4
    with pytest.raises(NotFound):
        await answers.statements.restore("answer:dogs", first, "staff:bolat")
    async with library.staff.deliveries.books.database.reading() as connection:
        noted = (await connection.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.id))).all()
    assert [tuple(row) for row in noted][-4:] == [
        ("staff:dana", "state"),
        ("staff:aliya", "state"),
        ("staff:aliya", "take_back"),
        ("staff:bolat", "state"),
    ]


async def test_two_who_edit_at_once_do_not_undo_one_another(library: OpenedLibrary) -> None:
    answers = library.staff.answers
    written = await asyncio.gather(
        answers.write(Topic.FINES, FINES, (), "staff:dana", after=0),
        answers.write(Topic.FINES, {**FINES, "en": "No fine."}, (), "staff:aliya", after=0),
        return_exceptions=True,
    )
    assert sorted(type(one) for one in written if not isinstance(one, int)) == [ChangedMeanwhile]
    assert len(await answers.statements.history("answer:fines")) == 1
    number = (await answers.written())[Topic.FINES].number
    texts = (await answers.written())[Topic.FINES].texts
    assert await answers.write(Topic.FINES, texts, (), "staff:dana", after=0) == number  # the same form sent twice


@pytest.mark.parametrize(
    ("texts", "field", "reason"),
    [
        ({**FINES, "ru": "Пени <b>нет</b>."}, "text_ru", "markup"),
        ({**FINES, "ru": "Пени {сколько}."}, "text_ru", "markup"),
        ({**FINES, "en": "See https://example.kz for fines."}, "text_en", "markup"),
        ({**FINES, "en": "There is\x07 no fine."}, "text_en", "markup"),
        ({**FINES, "kk": "  "}, "text_kk", "missing_language"),
        ({**FINES, "en": "Пени нет."}, "text_en", "letters"),
        ({**FINES, "kk": "No fine."}, "text_kk", "letters"),
        ({**FINES, "ru": "!!! …"}, "text_ru", "letters"),
        ({**FINES, "ru": "нет " * 200}, "text_ru", "too_long"),
    ],
)
async def test_what_cannot_be_said_is_refused_by_its_field(
    library: OpenedLibrary, texts: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(BadStatement) as refused:
        await library.staff.answers.write(Topic.FINES, texts, (), "staff:dana", after=0)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert not await library.staff.answers.statements.history("answer:fines")


async def test_a_sentence_is_kept_as_one_line_that_ends(library: OpenedLibrary) -> None:
    await library.staff.answers.write(Topic.FINES, {**FINES, "en": " No\r\n fine "}, (), "staff:dana", after=0)
    assert (await library.knowledge.answer(Topic.FINES)).texts["en"] == "No fine."


async def test_a_topic_of_the_staffs_own_is_found_by_its_examples(library: OpenedLibrary) -> None:
    answers = library.staff.answers
    examples = ("можно с собакой", "итпен кіруге бола ма", "can i bring my dog")
    await answers.write("dogs", DOG, examples, "staff:dana", after=0)
    assert await library.knowledge.topic_of("Можно с собакой?") == "dogs"
    assert await library.knowledge.topic_of("с собакой можно") == "dogs"
    assert await library.knowledge.topic_of("can i bring my dog") == "dogs"
    for other in ("собака", "можно с кошкой", "дама с собачкой", "", "…"):
        assert await library.knowledge.topic_of(other) == "", other
    assert list(await answers.written())[-1] == "dogs"
    for topic, texts, given, field in (
        ("Dogs!", DOG, examples, "topic"),
        ("cats", DOG, (), "examples"),
        ("cats", NO, ("можно с кошкой",), "text_kk"),
        ("cats", DOG, ("кошка",), "examples"),
        ("cats", DOG, ("можно с собакой",), "examples"),
        ("cats", DOG, tuple(f"можно с кошкой и ещё {n} раз" for n in range(41)), "examples"),
    ):
        with pytest.raises(BadStatement) as refused:
            await answers.write(topic, texts, given, "staff:dana", after=0)
        assert refused.value.field == field, topic


async def test_what_was_not_known_is_counted_without_numbers_and_leaves_with_its_answer(
    library: OpenedLibrary, clock: Clock
) -> None:
    answers = library.staff.answers
    for _ in range(2):
        await library.knowledge.note_question(AskedQuestion("fines", "ru", "есть ли пеня у билета 100001"))
    await library.knowledge.note_question(AskedQuestion("", "en", "may i bring my dog"))
    assert [(one.topic, one.words, one.count) for one in await answers.asked.counted()] == [
        ("fines", "есть ли пеня у билета …", 2),
        ("", "may i bring my dog", 1),
    ]
    await answers.write(Topic.FINES, FINES, (), "staff:dana", after=0)
    assert [one.topic for one in await answers.asked.counted()] == [""]
    clock.now += timedelta(days=91)
    await library.knowledge.note_question(AskedQuestion("events", "en", ""))
    assert [one.topic for one in await answers.asked.counted()] == ["events"]
    await answers.asked.forget("events", "en", "")
    assert not await answers.asked.counted()


@pytest.mark.parametrize(
    "text",
    [
        "answers = [",
        "[answers.fines]\nkk = 'Жоқ.'\n[days]\n",
        "[answers.fines]\nkk = 'Жоқ.'\nru = ''\nen = 'No.'\n[days]\n",
        "[days]\n",
        "answers = 7\ndays = 8\n",
    ],
)
def test_a_file_of_answers_with_a_mistake_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shipped.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StorageError, match=r"shipped\.toml cannot be used"):
        load_shipped(path)


def test_what_ships_belongs_to_topics_and_to_days_that_exist() -> None:
    assert set(shipped().answers) <= set(Topic)
    assert all(0 < int(day[:2]) <= 12 and 0 < int(day[3:]) <= 31 for day in shipped().days)


@pytest.mark.real
async def test_nodes_on_postgresql_share_answers_and_turns(tmp_path: Path, clock: Clock) -> None:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    server.start()
    try:
        options = {"url": server.url, "clock": clock, "pepper": b"pepper", "works": FEW_WORKS}
        async with (
            open_library(tmp_path / "one", purpose=Purpose.LIBRARY, **options) as one,
            open_library(tmp_path / "two", **options) as two,
        ):
            written = await asyncio.gather(
                one.staff.answers.write(Topic.FINES, FINES, (), "staff:dana", after=0),
                two.staff.answers.write(Topic.FINES, {**FINES, "en": "No fine."}, (), "staff:aliya", after=0),
                return_exceptions=True,
            )
            assert [type(one) for one in written if not isinstance(one, int)] == [ChangedMeanwhile]
            said = (await one.knowledge.answer(Topic.FINES)).texts
            assert said and said == (await two.knowledge.answer(Topic.FINES)).texts
            await asyncio.gather(
                *(node.knowledge.note_question(AskedQuestion("events", "kk", "")) for node in (one, two, one, two))
            )
            assert [one.count for one in await two.staff.answers.asked.counted()] == [4]
            await one.staff.places.days.write("2026-12-16", "", NO, "closed", "staff:dana", after=0)
            (found,) = await two.places.find_place("Чехов", clock.now)
            assert next(day for day in found.special_days if day.day.isoformat() == "2026-12-16").hours == ()
    finally:
        server.remove()

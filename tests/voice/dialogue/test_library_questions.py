"""Questions about the library: the commonest wordings, days that are asked for, rules that differ, what is offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from catalogue_client.values.knowledge import DeliveryRound, LibraryAnswer, Topic
from catalogue_client.values.opening_hours import Hours, Place, SpecialDay
from languages.codes import LANGUAGES
from languages.date_parsing import ParsedDate
from tests.voice.dialogue.callers import calling
from tests.voice.dialogue.exploring import beginning
from tests.voice.dialogue.small_library import NOW, READERS, RULES
from voice.dialogue import commands, step
from voice.dialogue.events import Answered, Failed, Said
from voice.dialogue.key_bindings import TOPIC, labelled
from voice.dialogue.library_facts.opening_times import NoDay, asked_day, everywhere, on_day
from voice.dialogue.library_facts.rules_phrasing import answered
from voice.dialogue.prompts import text_of
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent

COMMON = {
    "loan_period": ("кітапты қанша күнге бересіздер", "на сколько дней дают книги", "how long can i keep them"),
    "loan_limit": ("қанша кітап алуға болады", "сколько книг можно взять", "how many books can i borrow"),
    "fines": ("айыппұл бар ма", "есть ли пеня за опоздание", "is there a fine"),
    "ticket_papers": ("билет алу үшін қандай құжат керек", "какие документы нужны для билета",
                      "what do i need to join"),
    "ticket_cost": ("билет тегін бе", "сколько стоит читательский билет", "how much is a library card"),
    "children": ("балаларды жазуға бола ма", "можно записать ребенка", "can children join"),
    "delivery_who": ("жеткізу кімге болады", "кому положена доставка", "who can have home delivery"),
    "delivery_papers": ("жеткізуге қандай құжат керек", "какие документы нужны для доставки",
                        "do i need a certificate for home delivery"),
    "delivery_where": ("қай аудандарға жеткізесіздер", "куда вы доставляете", "where do you deliver"),
    "delivery_when": ("қай күндері жеткізесіздер", "по каким дням вы доставляете", "what days do you deliver"),
    "lost_book": ("кітап жоғалтып алдым", "я потеряла книгу", "i lost a library book"),
    "reading_room": ("оқу залы бар ма", "есть ли читальный зал", "is there a reading room"),
    "audio_card": ("аудиокітапты флешкаға жазып бересіздер ме", "запишете аудиокнигу на флешку",
                   "can you put audiobooks on a memory card"),
    "holidays": ("мереке күндері ашық па", "в праздники работаете", "are you open on public holidays"),
    "return_where": ("кітапты қайда қайтарамын", "куда сдать книги", "where can i return books"),
    "internet_copies": ("интернет бар ма", "есть ли интернет в библиотеке", "can i print a document"),
    "events": ("қандай іс шаралар болады", "какие мероприятия будут", "what events are there"),
    "about_dauys": ("сіз кімсіз", "кто вы", "who are you"),
    "accessibility": ("көрмейтіндерге арналған не бар", "что есть для незрячих",
                      "which libraries have braille displays"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "language", "text"),
    [(topic, *pair) for topic, texts in COMMON.items() for pair in zip(LANGUAGES, texts, strict=True)],
)
def test_the_commonest_questions_are_no_books(phrasebook: Phrasebook, topic: str, language: str, text: str) -> None:
    intent = phrasebook.understand(text, language)
    assert intent is not None
    assert (intent.name, intent.slots.get("topic"), intent.language) == ("library_question", topic, language)


def test_every_topic_has_its_common_questions_and_its_place_in_the_menu() -> None:
    assert set(COMMON) == set(Topic)
    for language in LANGUAGES:
        for topic in Topic:
            label = text_of(language, f"menu_label.{TOPIC}{topic}")
            own = labelled(label)
            assert own and (own.name, own.slots["topic"]) == ("library_question", topic), label


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ауэзова открыта в воскресенье вечером", ParsedDate(date(2026, 11, 29), time(17), time(21))),
        ("бүгін кешке ашық па", ParsedDate(date(2026, 11, 24), time(17), time(21))),
        ("жексенбіде ашық па", ParsedDate(date(2026, 11, 29))),
        ("is it open on december sixteenth", ParsedDate(date(2026, 12, 16))),
        ("библиотека номер 14 в субботу в 8 вечера", ParsedDate(date(2026, 11, 28), time(20))),
        ("в выходные", ParsedDate(date(2026, 11, 28), None, None, date(2026, 11, 29))),
        ("30 февраля работаете", NoDay.IMPOSSIBLE),
        ("отыз ақпанда ашық па", NoDay.IMPOSSIBLE),
        ("are you open on the thirty first of june", NoDay.IMPOSSIBLE),
        ("16 декабря 2020 года", NoDay.PAST),
        ("библиотека номер 14 работает", None),
        ("в феврале работаете", None),
    ],
)
def test_the_day_is_read_from_all_that_was_said(text: str, asked: ParsedDate | NoDay | None) -> None:
    assert asked_day(beginning(), Intent("hours", {"place": "14"} if "14" in text else {}, "ru", text)) == asked


@pytest.mark.parametrize(
    ("feast", "asked"),
    [("01-01", ParsedDate(date(2027, 1, 1))), ("12-16", ParsedDate(date(2026, 12, 16))), ("movable", NoDay.MOVABLE)],
)
def test_a_holiday_is_the_next_day_of_that_name(feast: str, asked: ParsedDate | NoDay) -> None:
    assert asked_day(beginning(), Intent("hours", {"feast": feast}, "ru", "")) == asked


WEEK = tuple(Hours(day, 600, 1140) for day in range(5))
SPECIAL = (
    SpecialDay(date(2026, 11, 25), {}, (Hours(2, 660, 900),)),
    SpecialDay(date(2026, 11, 26), {}, ()),
    SpecialDay(date(2026, 11, 27), {}),
)
HERE = Place("here", "branch", {"en": "Here"}, hours=WEEK, special_days=SPECIAL)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (ParsedDate(date(2026, 11, 25)), "open 11:00 to 15:00"),
        (ParsedDate(date(2026, 11, 26)), "closed"),
        (ParsedDate(date(2026, 11, 27)), "I do not know whether it is open"),
        (ParsedDate(date(2026, 11, 28)), "closed"),
        (ParsedDate(date(2026, 11, 30), time(9), time(12)), "yes, open at that time, 10:00 to 19:00"),
        (ParsedDate(date(2026, 11, 30), time(19)), "no, closed at that time, open 10:00 to 19:00"),
        (ParsedDate(date(2026, 11, 30), time(18, 59)), "yes, open at that time"),
        (ParsedDate(date(2026, 11, 30), time(21), time(0)), "no, closed at that time"),
        (ParsedDate(None, time(17), time(21)), "yes, open at that time"),
    ],
)
def test_a_place_is_open_as_its_day_says(asked: ParsedDate, said: str) -> None:
    context = replace(beginning(), language="en")
    (line,) = on_day(context, HERE, asked)
    assert line.text.startswith("Here, ") and said in line.text


def test_several_days_name_the_place_once() -> None:
    context = replace(beginning(), language="en")
    lines = on_day(context, HERE, ParsedDate(date(2026, 11, 25), None, None, date(2026, 11, 26)))
    assert [line.text.count("Here") for line in lines] == [1, 0]


def test_what_is_known_everywhere_is_counted_and_the_rest_said_to_be_unknown() -> None:
    context = replace(beginning(), language="en")
    unknown = Place("there", "branch", {"en": "There"})
    monday, sunday = ParsedDate(date(2026, 11, 30)), ParsedDate(date(2026, 11, 29))
    assert [line.text for line in everywhere(context, (HERE, unknown), monday)] == [
        "Monday, 30 November: 1 place is open: Here.",
        "I do not know the hours of the others.",
    ]
    assert "all are closed" in everywhere(context, (HERE,), sunday)[0].text
    assert "do not know which" in everywhere(context, (unknown,), sunday)[0].text


def test_the_rules_are_said_as_they_are() -> None:
    context = replace(beginning(), language="ru")
    rules = replace(
        RULES, loan_days=21, renewals=0, loans=1, rounds=(DeliveryRound((1, 3), 540, 600), DeliveryRound((6,), 0, 60))
    )

    def said(topic: str) -> str:
        return answered(context, LibraryAnswer(topic, rules)).lines[0].text

    assert said("loan_period") == "Книги дают на 21 день, срок не продлевают."
    assert said("loan_limit") == "На руках может быть 1 книга."
    assert said("delivery_when") == (
        "Привозим книги так: вторник, четверг с 09:00 до 10:00; воскресенье с 00:00 до 01:00."
    )
    assert not answered(context, LibraryAnswer("delivery_when", replace(rules, rounds=()))).lines


def test_what_staff_add_is_said_after_the_rule_and_in_the_readers_language() -> None:
    context = replace(beginning(), language="en")
    texts = {"kk": "Бір.", "ru": "Один.", "en": "One."}
    fines = answered(context, LibraryAnswer("fines", RULES, texts))
    assert [line.text for line in fines.lines][1:] == ["One."] and fines.whole
    assert not answered(context, LibraryAnswer("fines", RULES)).whole


def offered(topic: str, reader: str = "") -> str:
    context = beginning()
    if reader:
        context = replace(context, reader=next(known for (ticket, _), known in READERS.items() if ticket == reader))
    answer = LibraryAnswer(topic, RULES, {"kk": "Бір.", "ru": "Один.", "en": "One."})
    turn = step(context, Answered(commands.AskLibrary(topic, "сұрақ"), answer), NOW)
    return turn.context.state.question


def test_an_act_is_offered_only_to_those_who_can_do_it() -> None:
    assert offered("ticket_papers") == "offer_register"
    assert offered("ticket_papers", "100001") == "start"
    assert offered("return_where") == "start"
    assert offered("return_where", "100001") == "offer_collection"
    assert offered("return_where", "100002") == "start"
    assert offered("fines", "100002") == "offer_overdue"
    assert offered("events", "100001") == "start"


def test_words_are_passed_on_only_after_a_yes(phrasebook: Phrasebook) -> None:
    caller = calling(phrasebook)
    caller.hears("қандай іс шаралар болады")
    assert [question.words for question in caller.library.questions] == [""]
    caller.hears("жоқ")
    assert len(caller.library.questions) == 1
    caller.hears("қандай іс шаралар болады")
    caller.hears("иә")
    assert [question.words for question in caller.library.questions] == ["", "", "қандай іс шаралар болады"]
    assert {question.topic for question in caller.library.questions} == {"events"}


def test_that_nothing_could_be_counted_is_no_readers_concern_but_a_question_not_passed_on_is(
    phrasebook: Phrasebook,
) -> None:
    caller = calling(phrasebook)
    caller.library.fails = {"NoteQuestion": "unavailable"}
    caller.hears("қандай іс шаралар болады")
    assert caller.context.state.name == "doubt"
    caller.library.fails = {"NoteQuestion": "unavailable"}
    caller.hears("иә")
    said = [line.text for line in caller.lines]
    assert text_of("kk", "error.unavailable") in said and text_of("kk", "answer.passed_on") not in said


def test_a_library_that_does_not_answer_is_said_and_the_place_kept() -> None:
    context = beginning()
    turn = step(context, Failed(commands.AskLibrary("fines", "айыппұл"), "unavailable"), NOW)
    assert turn.say[0].text == text_of("kk", "error.unavailable")
    assert turn.context.state == context.state


@pytest.mark.parametrize("question", ["жексенбіде ашық па", "кітапханалар қашан ашық", "әуезов жексенбіде ашық па"])
def test_a_question_about_hours_loses_no_read_back_and_no_windows(phrasebook: Phrasebook, question: str) -> None:
    caller = calling(phrasebook)
    for said in ("абай туралы кітап тап", "біріншісін жеткізіңіз", "бір нөл нөл нөл нөл бір", "екі бес сегіз нөл"):
        caller.hears(said)
    for wanted in ("slots", "confirm"):
        assert caller.context.state.name == wanted
        before = caller.context.state
        caller.hears(question)
        assert caller.context.state == before
        assert caller.lines[-1].text == text_of("kk", f"ask.{wanted}")
        caller.hears("біріншісі")


def test_a_topic_that_nobody_knows_is_asked_about_as_it_was_said() -> None:
    said = Said(Intent("library_question", {"topic": "tailors"}, "kk", "тігінші бар ма"))
    turn = step(beginning(), said, NOW)
    assert isinstance(turn.command, commands.AskLibrary) and turn.command.topic == "tailors"

"""Questions that staff have given as examples, beside a library that knows them, fails, or does not answer."""

from __future__ import annotations

import asyncio

import pytest

from catalogue_client.errors import Unavailable
from tests.voice.dialogue.exploring import beginning
from voice.assistant.questions import own_questions
from voice.assistant.questions.own_questions import as_own_question
from voice.dialogue.events import Event, NotUnderstood, Pressed, Said, TurnedDown
from voice.dialogue.features.registration import Name
from voice.values.intents import Intent
from voice.values.refusals import RefusalReason

DOG = "можно с собакой"
QUESTION = Said(Intent("library_question", {"topic": "dogs"}, "kk", DOG), 0.7)


async def dogs(text: str) -> str:
    return "dogs" if text == DOG else ""


async def away(text: str) -> str:
    raise Unavailable("the database does not answer")


async def stuck(text: str) -> str:
    await asyncio.Event().wait()
    return "dogs"


@pytest.mark.parametrize(
    "event",
    [
        NotUnderstood(DOG, 0.7),
        TurnedDown(RefusalReason.UNANSWERABLE, DOG, 0.7),
        Said(Intent("library_question", {"topic": "accessibility"}, "kk", DOG), 0.7),
    ],
)
async def test_words_that_staff_have_given_are_that_question(event: Event) -> None:
    assert await as_own_question(event, beginning(), dogs) == QUESTION


@pytest.mark.parametrize(
    "event",
    [
        NotUnderstood("можно с кошкой"),
        NotUnderstood(""),
        Said(Intent("search", {"words": DOG}, "ru", DOG)),
        Said(Intent("yes", {}, "ru", "да")),
        Pressed("1"),
    ],
)
async def test_other_words_and_requests_are_left_alone(event: Event) -> None:
    assert await as_own_question(event, beginning(), dogs) is event


async def test_where_any_words_are_an_answer_they_are_one() -> None:
    context = beginning().go(Name("87010000000"))
    event = NotUnderstood(DOG)
    assert await as_own_question(event, context, dogs) is event


@pytest.mark.parametrize("topic_of", [away, stuck])
async def test_a_library_that_is_away_costs_nobody_the_conversation(
    topic_of: own_questions.TopicOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_questions, "READ_DEADLINE_S", 0.0)
    event = NotUnderstood(DOG)
    assert await as_own_question(event, beginning(), topic_of) is event

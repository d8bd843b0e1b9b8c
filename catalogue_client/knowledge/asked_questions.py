"""What was asked and not known: counted by topic, with the words of those who wanted them passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import delete, select

from catalogue_client.knowledge.knowledge_schema import asked_questions
from catalogue_client.store.database import Database
from catalogue_client.store.upsert import upsert
from catalogue_client.values.knowledge import AskedQuestion
from languages.number_parsing import Numbers
from languages.tokens import tokens

KEPT_DAYS = 90
LONGEST = 300
"""Characters of a question that are kept."""


@dataclass(frozen=True, slots=True)
class CountedQuestion:
    """A question with how often it was asked."""

    topic: str
    language: str
    words: str
    count: int
    last: date


class AskedQuestions:
    """Counts in the library's database. Nobody's name, line or hour; numbers may be somebody's and are left out."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers.load()

    async def note(self, question: AskedQuestion) -> None:
        """Add to a question's count. Raises LibraryError: nothing is added."""
        today = self._clock().date()
        new = {
            "topic": question.topic[:48],
            "language": question.language[:8],
            "words": self._without_numbers(question.words)[:LONGEST],
            "count": question.count,
            "last": today,
        }
        both = {"count": asked_questions.c.count + question.count, "last": today}
        async with self._database.writing() as connection:
            await upsert(connection, asked_questions, new, both)
            old = asked_questions.c.last < today - timedelta(days=KEPT_DAYS)
            await connection.execute(delete(asked_questions).where(old))

    async def counted(self, most: int = 200) -> tuple[CountedQuestion, ...]:
        """Return up to `most` questions, those asked most often first. Raises LibraryError."""
        times = asked_questions.c.count.label("times")
        query = select(asked_questions, times).order_by(times.desc(), asked_questions.c.topic, asked_questions.c.words)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.limit(most))).all()
        return tuple(CountedQuestion(row.topic, row.language, row.words, row.times, row.last) for row in rows)

    async def forget_topic(self, topic: str) -> None:
        """Take all questions of a topic off the list. Raises LibraryError."""
        async with self._database.writing() as connection:
            await connection.execute(delete(asked_questions).where(asked_questions.c.topic == topic))

    async def forget(self, topic: str, language: str, words: str) -> None:
        """Take one question off the list; one that is off it already is no mistake. Raises LibraryError."""
        here = (
            (asked_questions.c.topic == topic)
            & (asked_questions.c.language == language)
            & (asked_questions.c.words == words)
        )
        async with self._database.writing() as connection:
            await connection.execute(delete(asked_questions).where(here))

    def _without_numbers(self, text: str) -> str:
        words = tokens(text)
        for number in reversed([*self._numbers.all(words)]):
            words[number.start : number.end] = ["…"]
        return " ".join(words)

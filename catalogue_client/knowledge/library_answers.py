"""Answers to what readers commonly ask: the rules in force, what staff have written, what is shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from catalogue_client.knowledge.asked_questions import AskedQuestions
from catalogue_client.knowledge.errors import BadStatement
from catalogue_client.knowledge.shipped import shipped
from catalogue_client.knowledge.special_days import SpecialDays
from catalogue_client.knowledge.spoken_texts import in_every_language
from catalogue_client.knowledge.statements import Statement, Statements
from catalogue_client.values.knowledge import AskedQuestion, LibraryAnswer, LibraryRules, Topic
from languages.folding import fold
from languages.stemming import stems

KIND = "answer"
OWN_TOPIC = r"[a-z][a-z0-9_]{1,39}"
"""Short name of a topic that staff have added."""
MOST_EXAMPLES = 40
LONGEST_EXAMPLE = 120
SAME = 92.0
"""Likeness, of 100, from which on words are a question that staff have given as an example."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """One topic as staff see it."""

    topic: str
    texts: Mapping[str, str]
    """What is said, by language; empty when nothing is written."""
    examples: tuple[str, ...]
    """Questions that mean this topic, beside those that are understood anyway."""
    number: int
    """Of the version in force; 0 when staff have written nothing."""
    version: Statement | None = None

    @property
    def is_own(self) -> bool:
        """Whether staff have added the topic."""
        return self.topic not in set(Topic)


class LibraryAnswers:
    """Reads and writes answers in the store; implements the protocol Knowledge."""

    def __init__(
        self,
        statements: Statements,
        asked: AskedQuestions,
        days: SpecialDays,
        rules: Callable[[], LibraryRules],
    ) -> None:
        """`rules` gives those in force at the moment."""
        self.statements = statements
        self.asked = asked
        self._days = days
        self._rules = rules

    async def answer(self, topic: str) -> LibraryAnswer:
        """Return what is known about a topic: without texts when nobody has written any. Raises LibraryError."""
        written = await self.written()
        texts = written[topic].texts if topic in written else {}
        days = await self._days.coming() if topic == Topic.HOLIDAYS else ()
        return LibraryAnswer(topic, self._rules(), texts, days)

    async def topic_of(self, words: str) -> str:
        """Return the topic for which staff have given these words as an example; "" for none. Raises LibraryError."""
        said = _key(words)
        if not said:
            return ""
        likeness = {
            each.topic: max((_likeness(said, _key(example)) for example in each.examples), default=0.0)
            for each in (await self.written()).values()
        }
        best = max(likeness, key=lambda topic: likeness[topic])
        return best if likeness[best] >= SAME else ""

    async def note_question(self, question: AskedQuestion) -> None:
        """Count what nobody here could answer. Raises LibraryError."""
        await self.asked.note(question)

    async def written(self) -> dict[str, WrittenAnswer]:
        """Return all topics by name: those that are always asked in their order, then those that staff have added."""
        kept = await self.statements.current(KIND)
        own = sorted(kept.keys() - set(Topic))
        return {topic: _written(topic, kept.get(topic)) for topic in (*map(str, Topic), *own)}

    async def write(self, topic: str, texts: Mapping[str, str], examples: Sequence[str], by: str, *, after: int) -> int:
        """Put an answer in force, and what was asked about its topic off the list; return the version's number.

        `texts` in every language, or empty in all: then what is shipped counts again, or the topic is unknown. `after`
        is the number of the version that was edited. Raises BadStatement, ChangedMeanwhile, LibraryError.
        """
        if topic not in set(Topic) and not re.fullmatch(OWN_TOPIC, topic):
            raise BadStatement("topic", "bad_topic")
        value: dict[str, Any] = {}
        if kept := in_every_language("text", texts):
            value["texts"] = kept
        if questions := await self._questions(topic, examples):
            value["examples"] = questions
        if topic not in set(Topic) and value and len(value) < 2:
            raise BadStatement("examples" if kept else "text_kk", "no_examples" if kept else "missing_language")
        number = await self.statements.write(f"{KIND}:{topic}", value, by, after=after)
        if kept:
            await self.asked.forget_topic(topic)
        return number

    async def _questions(self, topic: str, examples: Sequence[str]) -> list[str]:
        questions = list(dict.fromkeys(" ".join(example.split()) for example in examples if example.strip()))
        if len(questions) > MOST_EXAMPLES:
            raise BadStatement("examples", "too_many_examples", most=MOST_EXAMPLES)
        for question in questions:
            if len(question) > LONGEST_EXAMPLE or len(_key(question).split()) < 2:
                raise BadStatement("examples", "bad_example", example=question[:LONGEST_EXAMPLE])
        others = [other for other in (await self.written()).values() if other.topic != topic]
        for question in questions:
            for other in others:
                if any(_key(question) == _key(example) for example in other.examples):
                    raise BadStatement("examples", "example_taken", example=question, topic=other.topic)
        return questions


def _written(topic: str, kept: Statement | None) -> WrittenAnswer:
    value = kept.value if kept else {}
    texts = value.get("texts") or shipped().answers.get(topic, {})
    return WrittenAnswer(topic, texts, tuple(value.get("examples", ())), kept.number if kept else 0, kept)


def _key(words: str) -> str:
    return " ".join(stems(fold(words).split()))


def _likeness(said: str, example: str) -> float:
    return 100.0 if said == example else float(fuzz.token_sort_ratio(said, example))

"""Parts a sentence that holds two requests where the phrasebook alone can tell: both halves make full sense.

The model of intents finds more of them; this also works without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from languages.tokens import fold, tokens
from voice.nlu.deciding.learnt_intents import is_social
from voice.nlu.phrasebook import FULL_SENSE, WHOLE, Phrasebook
from voice.values.intents import Intent, IntentName

ANSWERS = WHOLE | {IntentName.NOTE, IntentName.WHEN, IntentName.SELECT, IntentName.LATER}
"""Intents that answer a question: joined to another they belong to it."""
OF_PLACES = frozenset({IntentName.HOURS, IntentName.PLACE_INFO})
"""Intents of which the words beside a place's name say that it is one."""
QUESTIONS = OF_PLACES | {IntentName.LIBRARY_QUESTION}
MOSTLY = 0.75
"""A sentence of which this share is one request names no title beside it: "I am blind, and how many books …"."""
FREE = frozenset({"words", "title", "author", "subject", "note", "place"})
"""Slots that hold any words, a joining one too."""


def _is_literal(intent: Intent) -> bool:
    """Whether every word of it is known, or the name of a place whose hours or address are asked for."""
    free = FREE & intent.slots.keys()
    return intent.score == 1 and free <= ({"place"} if intent.name in OF_PLACES else set())


class SeveralRequests:
    """Knows the words that join two requests."""

    def __init__(self, joiners: Iterable[str], phrasebook: Phrasebook) -> None:
        """`joiners` are folded, those of several words joined by "_"."""
        self._joiners = sorted((joiner.split("_") for joiner in joiners), key=len, reverse=True)
        self._phrasebook = phrasebook

    def parted(self, text: str, whole: Intent | None, language: str, most: int) -> tuple[Intent, ...]:
        """Return the requests of `text`, at most `most`, in the order said; () when it holds one, or none.

        `whole` is what the phrasebook makes of all of it: a sentence that it knows to the last word is one request.
        """
        return self._parted(text, whole, language, most, whole is None or whole.score < MOSTLY)

    def _parted(
        self, text: str, whole: Intent | None, language: str, most: int, begins_with_title: bool
    ) -> tuple[Intent, ...]:
        if whole is not None and whole.score == 1 and FREE.isdisjoint(whole.slots):
            return ()
        words = tokens(text)
        keys = [fold(word) for word in words]
        for at in range(1, len(words) - 1):
            length = next((len(each) for each in self._joiners if keys[at : at + len(each)] == each), 0)
            if not length:
                continue
            rest = " ".join(words[at + length :])
            then = self._request(rest, language)
            first = self._request(" ".join(words[:at]), language)
            if first is None and begins_with_title:
                first = self._title(words[:at], then, language)
            if first:
                if then and not FREE.isdisjoint(first.slots) and not _is_literal(then):
                    continue  # more words of the title: "and the order of the phoenix"
                others = self._parted(rest, then, language, most - 1, False) if most > 2 else ()
                if others or (then and then.name != first.name):
                    return (first, *(others or ((then,) if then else ())))[:most]
        return ()

    def _title(self, words: list[str], then: Intent | None, language: str) -> Intent | None:
        """A title said alone, beside a question about the library; of Dauys's own words it is none."""
        asks = then is not None and then.name in QUESTIONS and _is_literal(then)
        if not asks or len(words) < 2 or all(fold(word) in self._own_words for word in words):
            return None
        text = " ".join(words)
        if self._phrasebook.understand(text, language) is not None:
            return None
        return Intent(IntentName.SEARCH, {"words": text}, language, text, bare=True)

    @cached_property
    def _own_words(self) -> frozenset[str]:
        return frozenset(map(fold, self._phrasebook.words()))

    def _request(self, text: str, language: str) -> Intent | None:
        """What these words ask for, when they do so to the full and not by free words alone."""
        intent = self._phrasebook.understand(text, language)
        if intent is None or intent.score < FULL_SENSE or intent.bare:
            return None
        return None if intent.name in ANSWERS or is_social(intent.name) else intent

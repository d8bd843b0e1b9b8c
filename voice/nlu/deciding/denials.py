"""What a reader says shall not be done: "don't renew them", "не продлевайте", "ұзартпаңыз" are no requests to renew.

A word is denied when a negation stands before it, or, in Kazakh, when its ending denies it; a whole request, when a no
ends it: "библиотекаря не надо". A polite question denies nothing: "не могли бы вы", "couldn't you".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from languages.tokens import fold, tokens
from voice.nlu.deciding.meanings import FREE
from voice.nlu.phrasebook import FULL_SENSE, Phrasebook
from voice.values.intents import IntentName

MOST_BETWEEN = 2
"""Words between a negation and the verb that it denies: "do not please renew"."""
SHORTEST_STEM = 3
"""Letters of a Kazakh verb before an ending that denies it."""
GOVERNED = ("п", "а", "е", "й")
"""How a Kazakh verb ends before another one that helps it, and denies it: "сақтап қоймаңыз"."""
HELPING = frozenset(map(fold, ("қой", "бер", "таста", "сал", "жібер", "кет", "тұр", "кел", "отыр")))
"""Kazakh verbs that help another one. Other words with such an ending may be Russian: "письма", "судьба"."""


class Denials:
    """Knows the words of a denial."""

    def __init__(self, lists: Mapping[str, Iterable[str]], phrasebook: Phrasebook) -> None:
        """`lists`: `deny`, folded words; `polite`, wordings joined by "_"; `denying_endings` and `asking`, as in
        phrases/talk.toml."""
        self._deny = frozenset(lists["deny"])
        self._polite = [mark.split("_") for mark in lists["polite"]]
        self._endings = sorted(lists["denying_endings"], key=len, reverse=True)
        self._asking = frozenset(lists["asking"])
        self._phrasebook = phrasebook

    def denied(self, text: str, language: str, names: Collection[str], at_once: Collection[str]) -> str:
        """Return the intent among `names` that `text` asks not to do; "" when it denies none of them.

        Those in `at_once` are denied only by the word right before, or where all that follows is that request.
        """
        words = tokens(text)
        for at, between, affirmed in self._affirmed(words):
            without = [word for n, word in enumerate(affirmed) if n != at]
            intent = self._phrasebook.understand(" ".join(affirmed), language)
            if intent is None or intent.name not in names:
                continue
            is_ending = affirmed[at] != words[at] and len(affirmed) == len(words)  # a Kazakh verb, its stem put back
            if between and intent.name in at_once:
                continue
            rest = self._phrasebook.understand(" ".join(without), language) if without else None
            alone = self._phrasebook.understand(affirmed[at], language)
            helps = is_ending and at > 0 and affirmed[at] in HELPING and fold(words[at - 1]).endswith(GOVERNED)
            literal = intent.score == 1 and FREE.isdisjoint(intent.slots)  # every word is known, the verb too
            closes = is_ending and at == len(words) - 1 and literal
            if helps or closes or rest is None or rest.name != intent.name or (alone and alone.name in names):
                return intent.name
        return self._denied_at_the_end(words, language, set(names) - set(at_once))

    def denied_setting(self, text: str, language: str, names: Collection[str]) -> str:
        """Return the setting among `names` that shall stay as it is: nothing but a negation and the request for it.
        "Не слышу, говори громче" denies none."""
        words = tokens(text)
        for at, _, affirmed in self._affirmed(words):
            intent = self._phrasebook.understand(" ".join(affirmed), language)
            closes = len(affirmed) < len(words) and at == 0  # a negation before it all
            closes = closes or (len(affirmed) == len(words) and at == len(words) - 1)
            if closes and intent is not None and intent.name in names and intent.score == 1:
                return intent.name
        return ""

    def without_denied(self, text: str) -> Iterator[str]:
        """The rest of `text` without a negation and the word that it denies, for each of them."""
        for at, between, affirmed in self._affirmed(tokens(text)):
            if not between:
                yield " ".join(word for n, word in enumerate(affirmed) if n != at)

    def _denied_at_the_end(self, words: Sequence[str], language: str, names: Collection[str]) -> str:
        """The request among `names` that a no at the end takes back: "до свидания не надо"."""
        for at in range(1, len(words)):
            no = self._phrasebook.understand(" ".join(words[at:]), language)
            if no is not None and no.name == IntentName.NO and no.score == 1:
                intent = self._phrasebook.understand(" ".join(words[:at]), language)
                sure = intent is not None and intent.score >= FULL_SENSE and not intent.bare
                return intent.name if intent and sure and intent.name in names else ""
        return ""

    def _affirmed(self, words: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
        """Where a denied word stands without its denial, how many words stood between, and the words without it."""
        keys = [fold(word) for word in words]
        for at, key in enumerate(keys):
            if key in self._deny and not self._is_polite(keys, at):
                rest = [*words[:at], *words[at + 1 :]]
                for denied in range(at, min(at + 1 + MOST_BETWEEN, len(rest))):
                    yield denied, denied - at, rest
            elif (stem := self._stem(key)) and not (at + 1 < len(keys) and keys[at + 1] in self._asking):
                yield at, 0, [*words[:at], stem, *words[at + 1 :]]

    def _is_polite(self, keys: Sequence[str], at: int) -> bool:
        return any(list(keys[at : at + len(mark)]) == mark for mark in self._polite)

    def _stem(self, key: str) -> str:
        ending = next((ending for ending in self._endings if key.endswith(ending)), "")
        stem = key.removesuffix(ending)
        return stem if ending and len(stem) >= SHORTEST_STEM else ""

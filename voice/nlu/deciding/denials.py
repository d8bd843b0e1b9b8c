"""What a reader says shall not be done: "don't renew them", "не продлевайте", "ұзартпаңыз" are no requests to renew.

A word is denied when a negation stands before it, or, in Kazakh, when its ending denies it. A polite question denies
nothing: "не могли бы вы", "couldn't you".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from languages.tokens import fold, tokens
from voice.nlu.phrasebook import Phrasebook

MOST_BETWEEN = 2
"""Words between a negation and the verb that it denies: "do not please renew"."""
SHORTEST_STEM = 3
"""Letters of a Kazakh verb before an ending that denies it."""


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

        Those in `at_once` are denied only by the word right before.
        """
        words = tokens(text)
        for at, between, affirmed in self._affirmed(words):
            without = [word for n, word in enumerate(affirmed) if n != at]
            intent = self._phrasebook.understand(" ".join(affirmed), language)
            if intent is None or intent.name not in names or (between and intent.name in at_once):
                continue
            rest = self._phrasebook.understand(" ".join(without), language) if without else None
            alone = self._phrasebook.understand(affirmed[at], language)
            if rest is None or rest.name != intent.name or (alone is not None and alone.name in names):
                return intent.name
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

"""Halves among number words: "полторы тысячи", "бір жарым мың", "half a million", and the article of "a hundred".

A half counts only with a hundred or more behind it, where a whole number comes of it; elsewhere it is no number, rather
than the number without its half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from languages.tokens import fold

Spoken = Callable[[int], tuple[int, int] | None]
"""Where words begin -> the value and the end of the number there."""
Times = Callable[[int], int]
"""Where a word stands -> what it multiplies by; 1 for a word that does not."""


class Halves:
    """The table `halves` of numbers.toml."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._one_and = frozenset(map(fold, table["one_and"]))
        self._fixed = {fold(form): int(value) for value, forms in table["fixed"].items() for form in forms.split("|")}
        self._after = tuple(_phrase(text) for text in table["after"])
        self._before = tuple(_phrase(text) for text in table["before"])
        self._articles = frozenset(table["a"])

    def at(self, words: Sequence[str], start: int, spoken: Spoken, times: Times) -> tuple[int, int] | None:
        """Value and end (excluded) of a number with a half, or with an article, that begins at `start`."""
        if words[start] in self._articles and times(start + 1) > 1:
            return spoken(start + 1)
        first = fold(words[start])
        if first in self._fixed:
            return self._fixed[first], start + 1
        if first in self._one_and and (by := times(start + 1)) > 1:
            return by * 3 // 2, start + 2
        for end in self._ends(self._before, words, start):
            if (by := times(end)) > 1:
                return by // 2, end + 1
        whole = spoken(start)
        for end in self._ends(self._after, words, whole[1]) if whole else ():
            if whole and (by := times(end)) > 1:
                return (2 * whole[0] + 1) * by // 2, end + 1
        return None

    def follow(self, words: Sequence[str], at: int) -> bool:
        """Whether half of something is said at `at`, so that the number before it is not whole."""
        return any(True for _ in self._ends(self._after, words, at))

    def is_part(self, words: Sequence[str], at: int, times: Times) -> bool:
        """Whether the word at `at` belongs to a half before it, and begins no number of its own."""
        before = range(max(0, at - 3), at)
        if any(end > at for start in before for end in self._ends(self._before, words, start)):
            return True
        if times(at) == 1:
            return False
        phrases = (*self._after, *self._before)
        halves = any(end == at for start in before for end in self._ends(phrases, words, start))
        return halves or (at > 0 and fold(words[at - 1]) in self._one_and)

    @staticmethod
    def _ends(phrases: Sequence[tuple[str, ...]], words: Sequence[str], at: int) -> Iterator[int]:
        for phrase in phrases:
            if tuple(map(fold, words[at : at + len(phrase)])) == phrase:
                yield at + len(phrase)


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(map(fold, text.split()))

"""Takes back what a reader takes back: "the first, no, the second" is the second.

Two forms: a number that is denied for another ("не первую, а вторую", "екіншісі емес, біріншісі"), and any words after
which the reader says so ("Булгаков, ой нет, Бунин"): as many words go as come instead. Nothing is taken back for
nothing: "renew the first, oh no" stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from languages.tokens import fold

NumberEnd = Callable[[Sequence[str], int], int]
"""Words and a position -> where the number that begins there ends, or 0."""


class Corrections:
    """Knows the words of a correction."""

    def __init__(self, lists: Mapping[str, Iterable[str]], number_end: NumberEnd) -> None:
        """`lists`: `marks`, wordings joined by "_"; `before`, `between` and `beside` numbers, as in talk.toml."""
        self._marks = sorted((mark.split("_") for mark in lists["marks"]), key=len, reverse=True)
        self._before, self._between, self._beside = (
            frozenset(lists[name]) for name in ("denied_before", "denied_between", "beside_denied")
        )
        self._number_end = number_end

    def made(self, words: Sequence[str]) -> list[str]:
        """`words` as the reader wants them to be taken."""
        words = self._marked(list(words))
        for at in range(len(words)):
            if (end := self._number_end(words, at)) and (then := self._instead(words, at, end)):
                return words[: self._begin(words, at)] + words[then:]
        return words

    def _marked(self, words: list[str]) -> list[str]:
        at = 1
        while at < len(words):
            keys = [fold(word) for word in words[at : at + 4]]
            length = next((len(mark) for mark in self._marks if keys[: len(mark)] == mark), 0)
            after = len(words) - at - length
            if length and after:
                at = max(0, at - after)
                words = words[:at] + words[-after:]
            at += 1
        return words

    def _instead(self, words: Sequence[str], at: int, end: int) -> int:
        """Where the number begins that is meant instead of the one from `at` to `end`, or 0."""
        then = self._past(words, end, self._between | self._beside)
        if then == len(words) or not (last := self._number_end(words, then)):
            return 0
        if list(words[at:end]) == list(words[then:last]):  # said twice, which puts nothing in its place
            return 0
        denied = any(fold(word) in self._between for word in words[end:then])
        before = words[self._begin(words, at) : at]
        return then if denied or any(fold(word) in self._before for word in before) else 0

    @staticmethod
    def _past(words: Sequence[str], at: int, those: Collection[str]) -> int:
        while at < len(words) and fold(words[at]) in those:
            at += 1
        return at

    def _begin(self, words: Sequence[str], at: int) -> int:
        """Where the words begin that deny the number at `at`."""
        while at > 0 and fold(words[at - 1]) in self._before | self._between | self._beside:
            at -= 1
        return at

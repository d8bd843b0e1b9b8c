"""What the model sees of words: hashed features of a sentence in its state, of a word among its neighbours, and of the
gap before a word. Training and reading use these alike; a change here needs a new FORMAT_VERSION of the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from zlib import crc32

from languages.date_words import DateWords
from languages.number_parsing import Numbers
from languages.tokens import fold

LETTERS_IN_GRAM = (2, 3, 4, 5)
STEM = 4
"""Letters of a word that mostly do not change with its case."""
MOST_LENGTH = 12
"""Longer sentences count as this long."""


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[int, ...]:
    framed = f"<{word}>"
    return tuple(
        crc32(f"g{framed[at : at + length]}".encode())
        for length in LETTERS_IN_GRAM
        for at in range(len(framed) - length + 1)
    )


def sentence_features(words: Sequence[str], state: str) -> list[int]:
    """Return the hashed features, 32 bits each and each once, of words said at `state`."""
    found = {crc32(f"s{state}".encode()), crc32(f"ns{state} {min(len(words), 6)}".encode())}
    found.add(crc32(f"n{min(len(words), MOST_LENGTH)}".encode()))
    before = "^"
    for word in [*map(fold, words), "$"]:
        found.add(crc32(f"b{before} {word}".encode()))
        if word != "$":
            found.add(crc32(f"w{word}".encode()))
            found.add(crc32(f"sw{state} {word}".encode()))
            found.add(crc32(f"sy{state} {word[:STEM]}".encode()))
            found.add(crc32(f"y{before[:STEM]} {word[:STEM]}".encode()))
            found.update(_grams(word))
        before = word
    return list(found)


def gap_features(words: Sequence[str], state: str) -> list[list[int]]:
    """Return, for each word but the first, the features of the gap before it: does the next part begin here?"""
    keys = ["^^", "^", *map(fold, words), "$", "$$"]
    found = []
    for at in range(3, len(words) + 2):
        one, two, three, four = keys[at - 2], keys[at - 1], keys[at], keys[at + 1]
        names = [
            "", f"l1 {two}", f"l2 {one}", f"r1 {three}", f"r2 {four}", f"lr {two} {three}", f"ll {one} {two}",
            f"rr {three} {four}", f"s{state}", f"done {min(at - 2, 8)}", f"left {min(len(words) + 2 - at, 8)}",
            f"lx {two[-3:]}", f"ly {two[-2:]}", f"rx {three[:4]}", f"ry {three[-3:]}", f"r2y {four[-3:]}",
        ]  # fmt: skip
        found.append([crc32(f"gap{name}".encode()) for name in names])
    return found


class WordFeatures:
    """Features of each word of a sentence, for the slot that it belongs to."""

    def __init__(self, counts: dict[int, int], numbers: Numbers | None = None) -> None:
        """`counts`: crc32 of the folded word -> lines of the corpus that have it."""
        self._counts = counts
        self._numbers = numbers or Numbers.load()
        self._dates = DateWords(self._numbers)

    def of(self, words: Sequence[str], state: str, intent: str, own: Collection[str] = ()) -> list[list[int]]:
        """Return the hashed features of each word. `own` are folded words of a line that was counted itself and is not
        counted here."""
        folded = list(map(fold, words))
        keys = ["^^", "^", *folded, "$", "$$"]
        rare = ["^", "^", *(self._rarity(word, word in own) for word in folded), "^", "^"]
        kinds = ["", "", *self._kinds(words), "", ""]
        length = len(words)
        return [
            [crc32(name.encode()) for name in self._names(keys, rare, kinds, at, state, intent, length)]
            for at in range(2, length + 2)
        ]

    def _rarity(self, word: str, own: bool) -> str:
        count = self._counts.get(crc32(word.encode()), 0) - own
        return "0" if count <= 0 else "1" if count <= 2 else "2" if count <= 8 else "3" if count <= 40 else "4"

    def _kinds(self, words: Sequence[str]) -> list[str]:
        kinds = [""] * len(words)
        at = 0
        while at < len(words):
            number = self._numbers.at(words, at)
            if number is None:
                kind, length = self._dates.kind_at(list(words), at)
                kinds[at : at + length] = [kind] * length
                at += length
                continue
            kind = ("o" if number.ordinal else "c") + ("1" if number.value < 10 else "2" if number.value < 100 else "4")
            kinds[at : number.end] = [kind] * (number.end - at)
            at = max(number.end, at + 1)
        return kinds

    @staticmethod
    def _names(
        keys: Sequence[str],
        rare: Sequence[str],
        kinds: Sequence[str],
        at: int,
        state: str,
        intent: str,
        length: int,
    ) -> list[str]:
        word, left, right = keys[at], keys[at - 1], keys[at + 1]
        names = [
            "t", f"ti{intent}", f"w{word}", f"l{left}", f"r{right}", f"ll{keys[at - 2]} {left}",
            f"rr{right} {keys[at + 2]}", f"lw{left} {word}", f"wr{word} {right}", f"l2{keys[at - 2]}",
            f"r2{keys[at + 2]}", f"sw{state} {word}", f"iw{intent} {word}", f"il{intent} {left}", f"ir{intent} {right}",
            f"ra{rare[at]}", f"ira{intent} {rare[at]}", f"ral{rare[at - 1]}{rare[at]}{rare[at + 1]}",
            f"iral{intent} {rare[at - 1]}{rare[at]}{rare[at + 1]}", f"p{min(at - 2, 4)}", f"q{min(length + 1 - at, 3)}",
            f"ip{intent} {min(at - 2, 2)}", f"iq{intent} {min(length + 1 - at, 2)}", f"n{kinds[at]}",
            f"in{intent} {kinds[at]}", f"nn{kinds[at - 1]} {kinds[at]} {kinds[at + 1]}", f"snn{state} {kinds[at]}",
            f"nl{kinds[at - 1]}", f"nr{kinds[at + 1]}",
        ]  # fmt: skip
        for size in (2, 3, 4):
            names += [
                f"x{word[-size:]}",
                f"y{word[:size]}",
                f"lx{left[-size:]}",
                f"rx{right[-size:]}",
                f"ry{right[:size]}",
            ]
        names += [f"ix{intent} {word[-3:]}", f"irx{intent} {right[-3:]}", f"ilx{intent} {left[-3:]}"]
        return [f"t{name}" for name in names]

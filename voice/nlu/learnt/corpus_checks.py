"""What a corpus must not have: the same sentence in two parts, near copies, sentences made from a template, and letters
of another alphabet."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from languages.letters import KAZAKH_ALPHABET
from voice.nlu.learnt.corpus import CorpusLine

NEAR = 0.8
"""Share of common 4-grams of letters above which two sentences are copies."""
LETTERS = 4
MIN_FRAME_WORDS = 3
"""Words outside of slots from which on a frame is a template. "{author} бар ма" is how everybody asks."""
MOST_ALIKE = 2
"""Lines of one part that may have the same frame."""

_ALPHABET = frozenset(KAZAKH_ALPHABET + "abcdefghijklmnopqrstuvwxyzçéğıöşü0123456789'№")
"""Turkish is spoken in Almaty too."""
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")


def strange_letters(line: CorpusLine) -> str:
    """Return the letters that are of no alphabet of ours, and words of two alphabets; "" when there are none."""
    strange = sorted({letter for word in line.tokens for letter in word} - _ALPHABET)
    mixed = [word for word in line.tokens if _LATIN & set(word) and any(letter > "\u0400" for letter in word)]
    return " ".join([*strange, *mixed])


def frame(line: CorpusLine) -> str:
    """Return the text with the name of each slot instead of its words."""
    words: list[str] = []
    starts = {mark.start: mark for mark in line.slots}
    at = 0
    while at < len(line.tokens):
        mark = starts.get(at)
        words.append(f"{{{mark.name}}}" if mark else line.tokens[at])
        at = mark.end if mark else at + 1
    return " ".join(words)


def is_template(framed: str) -> bool:
    """Whether a frame has slots and enough words beside them to be a mould."""
    words = framed.split()
    return "{" in framed and sum(1 for word in words if not word.startswith("{")) >= MIN_FRAME_WORDS


class KnownSentences:
    """Sentences that others must not copy."""

    def __init__(self, lines: Iterable[CorpusLine]) -> None:
        self._grams: list[frozenset[str]] = []
        self._texts: list[str] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        self._exact: set[str] = set()
        self._frames: Counter[str] = Counter()
        for line in lines:
            self.add(line)

    def add(self, line: CorpusLine) -> None:
        """Know one more."""
        grams = _grams(line.text)
        number = len(self._grams)
        self._grams.append(grams)
        self._texts.append(line.text)
        self._exact.add(line.text)
        self._frames[frame(line)] += 1
        for gram in grams:
            self._where[gram].append(number)

    def copied(self, line: CorpusLine, alike: int = 0) -> str:
        """Return why `line` is a copy of what is known, "" when it is none. Its frame may occur `alike` times."""
        if line.text in self._exact:
            return "the same sentence"
        framed = frame(line)
        if is_template(framed) and self._frames[framed] > alike:
            return f"the same sentence with another name: {framed}"
        near = next(self._near(_grams(line.text)), None)
        return "" if near is None else f"nearly the same sentence: {self._texts[near]}"

    def _near(self, grams: frozenset[str]) -> Iterator[int]:
        """Sentences with a Jaccard index above NEAR. They have one of the rarest grams, or too few in common."""
        rarest = sorted(grams, key=lambda gram: (len(self._where.get(gram, ())), gram))
        tried = len(grams) - math.ceil(NEAR * len(grams)) + 1
        seen: set[int] = set()
        for gram in rarest[:tried]:
            for number in self._where.get(gram, ()):
                if number not in seen:
                    seen.add(number)
                    other = self._grams[number]
                    common = len(grams & other)
                    if common > NEAR * (len(grams) + len(other) - common):
                        yield number


def _grams(text: str) -> frozenset[str]:
    framed = f" {text} "
    return frozenset(framed[at : at + LETTERS] for at in range(max(1, len(framed) - LETTERS + 1)))


def moulded(lines: Sequence[CorpusLine]) -> list[str]:
    """Return the frames that more than MOST_ALIKE lines are made from."""
    frames = Counter(map(frame, lines))
    return sorted(framed for framed, count in frames.items() if count > MOST_ALIKE and is_template(framed))


def rare_intents(lines: Iterable[CorpusLine], names: Iterable[str], least: int) -> dict[str, int]:
    """Return the intents with fewer than `least` lines, and how many they have, the rarest first."""
    counts = Counter(name for line in lines for name in line.intents)
    return dict(sorted(((name, counts[name]) for name in names if counts[name] < least), key=lambda each: each[::-1]))

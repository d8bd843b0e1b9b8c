"""Slots as one tag a word, and back. "B-title" begins one, "I-title" goes on; what is chosen from a few values has the
value in its tag: "B-format.audio"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from languages.number_parsing import Numbers
from languages.tokens import fold
from voice.nlu.learnt.corpus import CorpusLine, SlotMark
from voice.values.intents import SlotValue

OUTSIDE = "O"
_VALUE_IN_TAG = "format"
_TRUE = frozenset({"new", "only"})
_LOOKED_UP = frozenset({"n", "ns", "language"})
SHORTEST_STEM = 4
"""Letters by which a word is taken for another case form of a known one."""
_LAST = "n"


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """Words that belong to one slot."""

    name: str
    start: int
    end: int


def tags_of(line: CorpusLine) -> list[str]:
    """Return the tag of each word of a corpus line."""
    tags = [OUTSIDE] * len(line.tokens)
    for mark in line.slots:
        name = f"{mark.name}.{mark.value}" if mark.name == _VALUE_IN_TAG else mark.name
        tags[mark.start : mark.end] = [f"B-{name}"] + [f"I-{name}"] * (mark.end - mark.start - 1)
    return tags


def spans_of(tags: Sequence[str]) -> Iterator[SlotSpan]:
    """Yield the spans of one tag a word."""
    at = 0
    while at < len(tags):
        start, name = at, tags[at][2:]
        at += 1
        if name:
            while at < len(tags) and tags[at] == f"I-{name}":
                at += 1
            yield SlotSpan(name, start, at)


def slots_of_marks(marks: Iterable[SlotMark]) -> dict[str, SlotValue]:
    """Return the slots that marks give: the last of each name, since people correct themselves."""
    return {mark.name: mark.value for mark in marks}


class SlotValues:
    """Reads the value that words of a slot give."""

    def __init__(self, known: Mapping[str, Mapping[str, SlotValue]], numbers: Numbers | None = None) -> None:
        """`known`: slot -> folded words -> value, as the corpus marks them."""
        self._known = known
        self._numbers = numbers or Numbers.load()

    def of(self, words: Sequence[str], spans: Iterable[SlotSpan]) -> dict[str, SlotValue]:
        """Return slots by name; words that give no value give no slot."""
        found: dict[str, SlotValue] = {}
        for span in spans:
            said = words[span.start : span.end]
            name, _, value = span.name.partition(".")
            if value:
                found[name] = value
            elif name in _TRUE:
                found[name] = True
            elif name in _LOOKED_UP:
                looked_up = self._looked_up(name, said)
                if looked_up is not None:
                    found[name] = looked_up
            else:
                found[name] = " ".join(said)
        return found

    def _looked_up(self, name: str, said: Sequence[str]) -> SlotValue | None:
        if name != "language":
            numbers = [number.value for at in range(len(said)) if (number := self._numbers.at(said, at))]
            if name == "ns" and len(numbers) > 1:
                return ",".join(map(str, numbers))
            if name == "n" and numbers and numbers[0] > 0:
                return numbers[0]
        key = " ".join(map(fold, said))
        known = self._known.get(name, {})
        if key in known:
            return known[key]
        stem = max(known, key=lambda other: (_alike(key, other), other), default="")
        return known[stem] if _alike(key, stem) >= SHORTEST_STEM else None


def _alike(word: str, other: str) -> int:
    """Return how many letters two words have in common from their beginning."""
    length = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        length += 1
    return length

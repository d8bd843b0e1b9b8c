"""Lines of the corpus: state, intent and text with its slots marked inline, three columns with a tab between.

    results<TAB>select+reserve<TAB>ашшы {n=2:екіншісін} || {place:жамбылға} броньдап қой

A fourth column "?" marks a line for a native reader. Sentences that ask for two things have both intents, joined by
"+", and "||" where the second begins. "correction+select" without "||" is one thing, said as a correction.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from languages.tokens import tokens
from voice.nlu.corpus_states import STATES
from voice.values.intents import SlotValue

CORRECTION = "correction"
BOUNDARY = "||"
FOR_A_NATIVE_READER = "?"
MOST_PARTS = 3
"""Things asked for in one sentence."""

_MARK = re.compile(r"\{([^{}:]*):([^{}]*)\}")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


class CorpusError(ValueError):
    """A line that cannot be read; the text names file, line and reason."""


@dataclass(frozen=True, slots=True)
class SlotMark:
    """A slot, marked in the text."""

    name: str
    start: int
    end: int
    """Tokens of the line, from `start` to before `end`."""
    value: SlotValue
    """The words themselves, or what the mark gives: a number, a code, True."""


@dataclass(frozen=True, slots=True)
class CorpusLine:
    """One utterance."""

    state: str
    intents: tuple[str, ...]
    """One a part; a correction stands before the intent of the same part."""
    parts: tuple[int, ...]
    """The first token of each part; the first is 0."""
    tokens: tuple[str, ...]
    slots: tuple[SlotMark, ...]
    doubtful: bool = False
    """Marked for a native reader."""

    @property
    def text(self) -> str:
        """The words without marks."""
        return " ".join(self.tokens)

    def part_of(self, token: int) -> int:
        """Return the number, from 0 on, of the part that `token` belongs to."""
        return sum(1 for first in self.parts if first <= token) - 1

    @property
    def corrects(self) -> bool:
        """Whether the first part is a correction and an intent in one."""
        return len(self.intents) > len(self.parts)


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that a line may have."""

    intents: tuple[str, ...]
    free_slots: frozenset[str]
    valued_slots: dict[str, frozenset[str]]
    """Name -> values, or the one word number, numbers or code."""


@cache
def labels() -> Labels:
    """Return the names of labels.toml."""
    table = tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
    intents = [name for names in table["intents"].values() for name in names.split()]
    intents += [f"library_question.{topic}" for topic in table["library_question"]["topics"].split()]
    valued = {name: frozenset(values.split()) for name, values in table["slots"]["values"].items()}
    return Labels(tuple(sorted(intents)), frozenset(table["slots"]["free"].split()), valued)


def read_file(path: Path) -> list[CorpusLine]:
    """Return the lines of a file. Raises CorpusError at the first that cannot be read, OSError when the file cannot."""
    return [line for _, line in numbered(path)]


def numbered(path: Path) -> Iterator[tuple[int, CorpusLine]]:
    """Yield the number, from 1 on, and the line for each that is not empty. Raises as `read_file` does."""
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip():
            try:
                yield number, parse(text)
            except CorpusError as error:
                raise CorpusError(f"{path.name}:{number}: {error}") from None


def parse(text: str) -> CorpusLine:
    """Return the line that `text` is. Raises CorpusError, without file and number, when it is none."""
    columns = text.rstrip("\n").split("\t")
    if len(columns) not in (3, 4) or (len(columns) == 4 and columns[3].strip() not in ("", FOR_A_NATIVE_READER)):
        raise CorpusError("a line has three columns with a tab between, and perhaps a fourth with a question mark")
    state, names, said = (column.strip() for column in columns[:3])
    if state not in STATES:
        raise CorpusError(f"“{state}” is no state")
    intents = tuple(names.split("+"))
    for name in intents:
        if name not in labels().intents:
            raise CorpusError(f"“{name}” is no intent")
    words, slots, parts = _marked(said)
    if not words:
        raise CorpusError("there are no words")
    _check_parts(intents, parts, len(words))
    doubtful = len(columns) == 4 and columns[3].strip() == FOR_A_NATIVE_READER
    return CorpusLine(state, intents, parts, tuple(words), tuple(slots), doubtful)


def written(line: CorpusLine) -> str:
    """Return the text of which `parse` makes `line`."""
    marks = {mark.start: mark for mark in line.slots}
    pieces: list[str] = []
    at = 0
    while at < len(line.tokens):
        if at in line.parts[1:]:
            pieces.append(BOUNDARY)
        mark = marks.get(at)
        end = mark.end if mark else at + 1
        words = " ".join(line.tokens[at:end])
        pieces.append(f"{{{mark.name}{_value(mark)}:{words}}}" if mark else words)
        at = end
    columns = [line.state, "+".join(line.intents), " ".join(pieces)]
    return "\t".join([*columns, FOR_A_NATIVE_READER] if line.doubtful else columns)


def _value(mark: SlotMark) -> str:
    if mark.name in labels().free_slots:
        return ""
    return "=" + (str(mark.value).lower() if isinstance(mark.value, bool) else str(mark.value))


def _marked(said: str) -> tuple[list[str], list[SlotMark], tuple[int, ...]]:
    words: list[str] = []
    slots: list[SlotMark] = []
    parts = [0]

    def plain(text: str) -> None:
        if "{" in text or "}" in text:
            raise CorpusError("a mark has no end, or has another inside: {title:…}")
        for piece, stretch in enumerate(text.split(BOUNDARY)):
            if piece:
                parts.append(len(words))
            words.extend(tokens(stretch))

    at = 0
    for match in _MARK.finditer(said):
        plain(said[at : match.start()])
        start = len(words)
        words.extend(tokens(match[2]))
        if len(words) == start:
            raise CorpusError(f"the mark “{match[0]}” has no words")
        slots.append(_slot(match[1], start, len(words), words))
        at = match.end()
    plain(said[at:])
    return words, slots, tuple(parts)


def _slot(head: str, start: int, end: int, words: Sequence[str]) -> SlotMark:
    name, equals, given = (piece.strip() for piece in head.partition("="))
    if name in labels().free_slots:
        if equals:
            raise CorpusError(f"“{name}” is what was said and has no value")
        return SlotMark(name, start, end, " ".join(words[start:end]))
    if name not in labels().valued_slots:
        raise CorpusError(f"“{name}” is no slot")
    return SlotMark(name, start, end, _given(name, given))


def _given(name: str, given: str) -> SlotValue:
    allowed = labels().valued_slots[name]
    if allowed == {"true"} and given == "true":
        return True
    if allowed == {"number"} and re.fullmatch(r"-1|[1-9]\d*", given):
        return int(given)
    if allowed == {"numbers"} and re.fullmatch(r"(-1|[1-9]\d*)(,(-1|[1-9]\d*))+", given):
        return given
    if (allowed == {"code"} and _LANGUAGE_CODE.fullmatch(given)) or (
        given in allowed and given not in ("true", "code")
    ):
        return given
    raise CorpusError(f"“{given}” is no value of {name}")


def _check_parts(intents: Sequence[str], parts: Sequence[int], words: int) -> None:
    if len(set(parts)) < len(parts) or parts[-1] == words:
        raise CorpusError("a part has no words")
    if len(parts) > MOST_PARTS:
        raise CorpusError("nobody asks for so much in one sentence")
    corrects = len(intents) == len(parts) + 1 and intents[0] == CORRECTION
    if len(intents) != len(parts) and not corrects:
        raise CorpusError(f"{len(intents)} intents and {len(parts)} parts: “||” stands where the next begins")

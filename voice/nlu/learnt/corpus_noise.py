"""Copies of corpus lines as they are said otherwise or heard badly, for training only: another name in a slot, words
split and joined, a wrong letter, a lost word, two sentences said in one breath."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from languages.letters import KAZAKH_ALPHABET
from languages.tokens import tokens
from voice.nlu.learnt.corpus import CorpusLine, SlotMark

LETTERS = KAZAKH_ALPHABET.replace("ё", "")
"""Tokens have е for ё."""
SPLIT_FROM = 6
"""Letters of a word that a recogniser may break in two."""
LONGEST_JOINED = 30
"""Words of two sentences in one."""
JOINTS = (
    "", "", "", "и", "и еще", "а потом", "а еще", "потом", "и заодно", "сосын", "және", "тағы", "содан кейін", "ал",
    "and", "and then", "then", "also", "and also",
)  # fmt: skip
SWAPPED = ("title", "author", "subject", "place", "name", "genre", "character", "series", "when", "plot", "note")
"""Slots whose words may be those of another line."""
ANYWHERE = 8
"""States in which an intent is said, from which on it may be said in any."""
ANSWERS = frozenset({"yes", "no", "when", "number", "change"})
"""What these mean depends on the question."""
READ_BACK = "confirm_"
ALONE = frozenset({"other", "unanswerable"})
"""Not joined with another sentence: what is not meant for a library ends what is."""


class CorpusNoise:
    """Makes copies; the same seed and lines give the same copies."""

    def __init__(self, lines: Sequence[CorpusLine], seed: int, names: Mapping[str, Sequence[str]]) -> None:
        """`names`: slot -> further names that may stand in it."""
        self._random = Random(seed)
        self._by_state: dict[str, list[CorpusLine]] = defaultdict(list)
        said_in: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            said_in[line.intents[-1]].add(line.state)
        self._anywhere = {intent for intent, states in said_in.items() if len(states) >= ANYWHERE} - ANSWERS
        self._states = sorted(state for state in {line.state for line in lines} if not state.startswith(READ_BACK))
        values: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
        for line in lines:
            if len(line.parts) == 1 and not line.corrects and not ALONE & set(line.intents):
                self._by_state[line.state].append(line)
            for mark in line.slots:
                if mark.name in SWAPPED:
                    words = line.tokens[mark.start : mark.end]
                    values[mark.name, words[-1][-2:]].append(words)
        for slot, known in names.items():
            for name in known:
                if words := tuple(tokens(name)):
                    values[slot, words[-1][-2:]].append(words)
        self._values: Mapping[tuple[str, str], list[tuple[str, ...]]] = values

    def swapped(self, line: CorpusLine) -> CorpusLine:
        """Return `line` with the words of its slots taken from other lines, with the same ending."""
        for mark in sorted(line.slots, key=lambda mark: -mark.start):
            others = self._values.get((mark.name, line.tokens[mark.end - 1][-2:]), ())
            if others and mark.name in SWAPPED:
                words = self._random.choice(others)
                line = _spliced(line, mark.start, mark.end, words)
        return line

    def disturbed(self, line: CorpusLine) -> CorpusLine:
        """Return `line` as a recogniser or a hasty typist writes it: one fault."""
        at = self._random.randrange(len(line.tokens))
        word = line.tokens[at]
        match self._random.choice(("letter", "letter", "split", "join", "lost")):
            case "letter" if len(word) > 2:
                return _spliced(line, at, at + 1, (self._misspelt(word),))
            case "split" if len(word) >= SPLIT_FROM:
                cut = self._random.randrange(2, len(word) - 1)
                return _spliced(line, at, at + 1, (word[:cut], word[cut:]))
            case "join" if at + 1 < len(line.tokens) and not _borders(line, at + 1):
                return _spliced(line, at, at + 2, (word + line.tokens[at + 1],))
            case "lost" if len(line.tokens) > 3 and not (_borders(line, at) or _borders(line, at + 1)):
                return _spliced(line, at, at + 1, ())
        return line

    def moved(self, line: CorpusLine) -> CorpusLine:
        """Return `line` as it is said in another state, or `line` itself where its intent belongs to few states."""
        if len(line.parts) > 1 or line.corrects or line.intents[0] not in self._anywhere:
            return line
        return replace(line, state=self._random.choice(self._states))

    def joined(self, line: CorpusLine) -> CorpusLine:
        """Return `line` with a second sentence of the same state behind it, or `line` itself where none fits."""
        others = self._by_state.get(line.state, ())
        if not others or len(line.parts) > 1 or ALONE & set(line.intents):
            return line
        other = self._random.choice(others)
        if len(line.tokens) + len(other.tokens) > LONGEST_JOINED:
            return line
        joint = tuple(self._random.choice(JOINTS).split())
        ahead = len(line.tokens)
        moved = tuple(
            replace(mark, start=mark.start + ahead + len(joint), end=mark.end + ahead + len(joint))
            for mark in other.slots
        )
        return CorpusLine(
            line.state,
            line.intents + other.intents,
            (0, ahead),
            line.tokens + joint + other.tokens,
            line.slots + moved,
        )

    def _misspelt(self, word: str) -> str:
        at = self._random.randrange(len(word))
        letter = self._random.choice("abcdefghijklmnopqrstuvwxyz" if word[0].isascii() else LETTERS)
        return self._random.choice((word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :]))


def _borders(line: CorpusLine, at: int) -> bool:
    """Whether a slot or a part begins or ends before token `at`."""
    return at in line.parts or any(at in (mark.start, mark.end) for mark in line.slots)


def _spliced(line: CorpusLine, start: int, end: int, words: tuple[str, ...]) -> CorpusLine:
    """Return `line` with `words` instead of the tokens from `start` to before `end`, which lie on one side of every
    border or fill a slot."""
    longer = len(words) - (end - start)

    def moved(at: int) -> int:
        return at + longer if at >= end else at

    tokens = line.tokens[:start] + words + line.tokens[end:]
    slots = tuple(
        _moved_mark(mark, mark.start if mark.start <= start else moved(mark.start), moved(mark.end), tokens)
        for mark in line.slots
    )
    parts = tuple(part if part <= start else moved(part) for part in line.parts)
    return replace(line, tokens=tokens, slots=slots, parts=parts)


def _moved_mark(mark: SlotMark, start: int, end: int, tokens: tuple[str, ...]) -> SlotMark:
    free = isinstance(mark.value, str) and mark.name not in ("format", "language", "ns")
    return SlotMark(mark.name, start, end, " ".join(tokens[start:end]) if free else mark.value)

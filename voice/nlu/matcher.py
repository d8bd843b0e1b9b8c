"""Finds the best way through the phrases for an utterance: token passing, one pass from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from languages.number_parsing import ParsedNumber
from voice.nlu.automaton import HEARD, START, Node

LITERAL = 1.0
"""Worth of a word that a phrase names."""
LEFT_OVER = -0.45
"""A word that no phrase needs."""
FILLER = -0.02
"""A hesitation or a courtesy left out; a whisker, so that a phrase which names it wins."""
FREE = -0.1
"""A word of a title: less than a word the phrases know, so that carriers do not sink into titles."""
FREE_BEGINS = -0.2
"""Each stretch of free words: one stretch is likelier than two."""
FOREIGN = -0.6
"""A word of other talk, taken for one of a title or a note."""
FOREIGN_LEFT = -1.0
"""The same, left out: a note must not lose its first word."""
BEAM = 5.0
"""Paths that far behind the best at the same word are given up."""


class TokenKind(Enum):
    """What leaving a word out means."""

    CONTENT = "content"
    FILLER = "filler"
    ELSEWHERE = "elsewhere"
    """Belongs to other talk: heavy inside a title, as heavy left out."""
    NEGATION = "negation"
    """Never left out: "do not reserve" is not "reserve"."""


class Token(NamedTuple):
    """One word of an utterance."""

    text: str
    symbols: list[tuple[str, int]]
    """What begins here: the folded word, sets and values, each with its length in words."""
    kind: TokenKind
    number: tuple[ParsedNumber, ...]
    """The number that begins here, if one does."""
    several: tuple[ParsedNumber, ...]
    """Two or more numbers joined by "and" that begin here."""
    run: tuple[ParsedNumber, ...]
    """Numbers that follow each other from here."""


Value = str | tuple[ParsedNumber, ...]


class Path(NamedTuple):
    """One way to have read the words so far."""

    score: float
    literal: int
    left: int
    free: int
    before: Path | None
    slot: str
    value: Value
    """What the last step put into `slot`."""
    at: int
    """Where the last step began."""
    symbol: str
    """What the last step took the words for."""


@dataclass(frozen=True, slots=True)
class Match:
    """An utterance read to its end."""

    intent: str
    score: float
    literal: int
    """Words that the phrase names."""
    left: int
    """Content words that were left over."""
    free: int
    """Words inside free slots."""
    slots: dict[str, list[Value]]
    """What was put into each slot, in order."""
    used: dict[int, str]
    """Positions of the words that the phrase names, and what it took them for."""


def matches(states: Sequence[Node], tokens: Sequence[Token]) -> Iterator[Match]:
    """Every intent that the whole of `tokens` can mean, each in its best reading; no order."""
    arrived: list[dict[int, Path]] = [{} for _ in range(len(tokens) + 1)]
    arrived[0][START] = Path(0.0, 0, 0, 0, None, "", "", -1, "")
    for at in range(len(tokens)):
        here = arrived[at]
        floor = max((path.score for path in here.values()), default=0.0) - BEAM
        for number, path in here.items():
            if path.score >= floor:
                _step(states[number], number, path, tokens, at, arrived)
    best: dict[str, Path] = {}
    for number, path in arrived[-1].items():
        for intent in states[number].ends:
            if intent not in best or path.score > best[intent].score:
                best[intent] = path
    for intent, path in best.items():
        yield _match(intent, path)


def alive(states: Sequence[Node], tokens: Sequence[Token]) -> list[set[int]]:
    """For each position and for the end, states that the words before it lead to.

    Nothing but fillers is left out and no free words are open.
    """
    arrived: list[set[int]] = [set() for _ in range(len(tokens) + 1)]
    arrived[0].add(START)
    for at, token in enumerate(tokens):
        for number in arrived[at]:
            if token.kind is TokenKind.FILLER:
                arrived[at + 1].add(number)
            for symbol, length in token.symbols:
                arrived[at + length].update(arc[0] for arc in states[number].words.get(symbol, ()))
            if token.number:
                arrived[token.number[0].end].update(arc[0] for arc in states[number].numbers)
    return arrived


def _step(
    state: Node, number: int, path: Path, tokens: Sequence[Token], at: int, arrived: list[dict[int, Path]]
) -> None:
    score, literal, left, free, *_ = path
    token = tokens[at]
    kind = token.kind
    if not state.inside and kind is not TokenKind.NEGATION:
        cost = FILLER if kind is TokenKind.FILLER else LEFT_OVER if kind is TokenKind.CONTENT else FOREIGN_LEFT
        _arrive(arrived[at + 1], number, path._replace(score=score + cost, left=left + (kind is not TokenKind.FILLER)))
    for symbol, length in token.symbols:
        for target, effect in state.words.get(symbol, ()):
            slot, value = effect or ("", "")
            if value == HEARD:
                value = " ".join(each.text for each in tokens[at : at + length])
            step = Path(score + LITERAL * length, literal + length, left, free, path, slot, value, at, symbol)
            _arrive(arrived[at + length], target, step)
    for target, slot in state.free:
        cost = (FOREIGN if kind is TokenKind.ELSEWHERE else FREE) + (0 if target == number else FREE_BEGINS)
        _arrive(arrived[at + 1], target, Path(score + cost, literal, left, free + 1, path, slot, token.text, at, ""))
    for target, slot in state.numbers:
        said = _numbers(token, slot)
        if said:
            end = said[-1].end
            heard = " ".join(each.text for each in tokens[at:end]) if slot[-1] == "#" else said
            count = literal + end - at
            step = Path(score + LITERAL * (end - at), count, left, free, path, slot.removesuffix("#"), heard, at, "")
            _arrive(arrived[end], target, step)


def _numbers(token: Token, kind: str) -> tuple[ParsedNumber, ...]:
    match kind:
        case "ns":
            return token.several
        case "digits":
            return token.run
        case "nth":
            return token.number if token.number and token.number[0].ordinal else ()
        case _:
            return token.number


def _arrive(there: dict[int, Path], number: int, path: Path) -> None:
    known = there.get(number)
    if known is None or path.score > known.score:
        there[number] = path


def _match(intent: str, path: Path) -> Match:
    slots: dict[str, list[Value]] = {}
    used: dict[int, str] = {}
    step = path
    while step.before is not None:
        if step.slot:
            slots.setdefault(step.slot, []).insert(0, step.value)
        used.update(dict.fromkeys(range(step.at, step.at + step.literal - step.before.literal), step.symbol))
        step = step.before
    return Match(intent, path.score, path.literal, path.left, path.free, slots, used)

"""Whether what was heard is what Dauys itself is saying: an echo of the line, or of the station's loudspeaker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import count

from languages.numerals import number
from languages.tokens import fold, tokens
from voice.synthesis.normaliser import normalise
from voice.values.lines import Line

MOST_LINES = 50
"""Lines that are remembered: more than are ever on their way to a reader."""
MIN_PIECE_LETTERS = 3
"""An echo begins and ends in the middle of words: from this length on a piece of a word counts as the word."""


class LinesPlaying:
    """Remembers which line the frames of each mark belong to (voice/synthesis/playout.py)."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, Line]] = deque(maxlen=MOST_LINES)
        self._marks = count()

    def begin(self, line: Line) -> int:
        """The mark for the frames of `line`, which come next."""
        mark = next(self._marks)
        self._lines.append((mark, line))
        return mark

    def at(self, mark: int | None) -> tuple[Line, ...]:
        """The line of `mark` and the one before it, whose echo may still be on its way; none in silence."""
        if mark is None:
            return ()
        return tuple(line for begun, line in self._lines if mark - 1 <= begun <= mark)


def own_words(utterance_text: str, lines_playing: Iterable[Line]) -> bool:
    """Whether all of the utterance stands in one of the lines that are being played, word after word.

    The first word may be the end of a spoken one and the last its beginning. No words are never own words.
    """
    heard = _folded(utterance_text)
    return bool(heard) and any(_stands_in(heard, _spoken(line)) for line in lines_playing)


def _spoken(line: Line) -> list[str]:
    """The words as they are spoken: numbers are words too."""
    return [
        word
        for span in line.spans
        for token in tokens(normalise(span.text, span.language))
        for word in _folded(number(token, span.language) if token.isdecimal() else token)
    ]


def _folded(text: str) -> list[str]:
    return [fold(token) for token in tokens(text)]


def _stands_in(heard: Sequence[str], spoken: Sequence[str]) -> bool:
    return any(_begins_at(heard, spoken[start:]) for start in range(len(spoken) - len(heard) + 1))


def _begins_at(heard: Sequence[str], spoken: Sequence[str]) -> bool:
    last = len(heard) - 1
    return all(
        word == said
        or (
            len(word) >= MIN_PIECE_LETTERS
            and ((at == 0 and said.endswith(word)) or (at == last and said.startswith(word)))
        )
        for at, (word, said) in enumerate(zip(heard, spoken, strict=False))
    )

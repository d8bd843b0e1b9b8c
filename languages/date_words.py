"""Cuts what was said about a day or a time into pieces: weekdays, months, numbers, parts of the day, prepositions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from languages.number_parsing import Numbers
from languages.tokens import fold, tokens

LETTERS = {
    "day": "D", "weekday": "W", "month": "M", "unit": "U", "month_unit": "x", "part": "P", "half": "A", "next": "n",
    "this": "t", "next_week": "g", "this_week": "v", "weekend": "k", "later": "a", "through": "i", "after": "z",
    "before": "l", "hour": "h", "one_hour": "c", "hours": "H", "duration": "j", "minute": "m", "quarter": "q",
    "less": "w", "past": "p", "number_of": "o", "year": "y", "half_after": "f", "half_to": "F", "half_past": "B",
    "half_before": "K", "begin": "b", "until": "u", "to": "T", "cardinal": "N", "ordinal": "O", "clock": "e",
    "date": "X", "remain": "r", "gone": "s",
}  # fmt: skip
"""Kind of a piece -> its letter in the patterns of date_parsing."""

_ISO = r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"
_POINTS = r"(?<!\d)(?P<first>\d{1,2})(?P<sign>[./])(?P<second>\d{1,2})(?:(?P=sign)(?P<last>\d{4}|\d{2}))?(?!\d)"
_COLON = r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?!\d)"
_WRITTEN = re.compile(f"{_ISO}|{_POINTS}|{_COLON}")
_POSSESSIVES = tuple(re.compile(rf"-?{link}[іы](?:нде|нда|не|на|нен|нан)$") for link in ("", "с"))
"""Kazakh days of the month: бесінде, алтысына, 25-інен."""
_AT = re.compile(r"(?:[тд]е|[тд]а|[кг]е|[қғ]а)$")
"""Kazakh hours: бесте, үшке."""


@dataclass(frozen=True, slots=True)
class DatePiece:
    """A word or a wording with its kind, a key of LETTERS, and what it stands for."""

    kind: str
    value: str
    is_hour: bool = False
    """A number after "at" or in a case that only hours have."""
    is_alone: bool = False
    """Nothing else was said, not even a preposition."""


class DateWords:
    """The wordings of dates.toml and the numbers beside them."""

    def __init__(self, numbers: Numbers) -> None:
        table = tomllib.loads(files("languages").joinpath("dates.toml").read_text(encoding="utf-8"))
        self._wordings = {
            tuple(map(fold, wording.split())): DatePiece(kind, value)
            for kind, values in table["kind"].items()
            for value, text in values.items()
            for wording in text.split("|")
        }
        self._longest = max(map(len, self._wordings))
        self._expanded: dict[str, str] = table["expanded"]
        self._before_hours = frozenset(map(fold, table["before_hours"]))
        self._numbers = numbers

    def readings(self, text: str) -> Iterator[list[DatePiece]]:
        """Pieces of the whole of `text`, once for each way to read its figures; nothing when a word has no place."""
        for segments in _variants(text):
            pieces: list[DatePiece] = []
            for segment in segments:
                found = [segment] if isinstance(segment, DatePiece) else self._pieces(segment)
                if found is None:
                    break
                pieces += found
            else:
                yield pieces

    def _pieces(self, text: str) -> list[DatePiece] | None:
        words = [part for word in tokens(text) for part in self._expanded.get(word, word).split()]
        days = {at: stem for at, word in enumerate(words) if (stem := self._possessed(word))}
        bare = [days.get(at, word) for at, word in enumerate(words)]
        pieces: list[DatePiece] = []
        at = 0
        while at < len(words):
            length, piece = self._wording(words, at)
            if piece is None:
                number = self._numbers.at(bare, at, hours=True)
                if number is None:
                    return None
                length, last = number.end - at, number.end - 1
                ordinal = number.ordinal or last in days
                is_hour = not ordinal and (
                    (at > 0 and fold(words[at - 1]) in self._before_hours)
                    or bool(_AT.search(words[last]) and not words[last].isdigit())
                )
                piece = DatePiece("ordinal" if ordinal else "cardinal", number.digits, is_hour, len(words) == length)
            if piece.kind != "nothing":
                pieces.append(piece)
            at += length
        return [_days_not_daytime(pieces, at) for at in range(len(pieces))]

    def kind_at(self, words: list[str], at: int) -> tuple[str, int]:
        """Return the kind, a key of LETTERS, and the length in words of the wording at `at`; "" and 1 for none.

        Numbers have no kind here.
        """
        length, piece = self._wording(words, at)
        return (piece.kind, length) if piece else ("", 1)

    def _possessed(self, word: str) -> str | None:
        """The number in "бесінде", "25-іне"; None when `word` is something else."""
        if self._numbers.at([word], 0):
            return None
        stems = (pattern.sub("", word) for pattern in _POSSESSIVES)
        return next((stem for stem in stems if stem not in ("", word) and self._numbers.at([stem], 0)), None)

    def _wording(self, words: list[str], at: int) -> tuple[int, DatePiece | None]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            if piece := self._wordings.get(tuple(map(fold, words[at : at + length]))):
                return length, piece
        return 0, None


def _days_not_daytime(pieces: list[DatePiece], at: int) -> DatePiece:
    """«через два дня» counts days, «в два часа дня» names a part of the day: the word is the same."""
    piece, around = pieces[at], [each.kind for each in (*pieces[max(0, at - 2) : at], *pieces[at + 1 : at + 2])]
    counted = at > 0 and pieces[at - 1].kind == "cardinal"
    if piece == DatePiece("part", "12-17 or day"):
        return (
            DatePiece("unit", "1")
            if counted and ("through" in around or "later" in around)
            else DatePiece("part", "12-17")
        )
    return piece


def _variants(text: str) -> Iterator[list[str | DatePiece]]:
    """`text` cut at its first date or time in figures, once for each way to read that; the whole when it has none."""
    found = _WRITTEN.search(text)
    if found is None:
        yield [text]
        return
    for piece in _figures(found):
        for rest in _variants(text[found.end() :]):
            yield [text[: found.start()], piece, *rest]


def _figures(found: re.Match[str]) -> Iterator[DatePiece]:
    if found["hour"]:
        yield DatePiece("clock", f"{found['hour']}:{found['minute']}", is_hour=True)
    elif found["year"]:
        yield DatePiece("date", f"{found['year']}-{found['month']}-{found['day']}")
    else:
        first, second, last = found["first"], found["second"], found["last"] or ""
        year = f"20{last}" if len(last) == 2 else last or "0"
        yield DatePiece("date", f"{year}-{second}-{first}")
        if found["sign"] == "/":
            yield DatePiece("date", f"{year}-{first}-{second}")
        elif not last and len(second) == 2:
            yield DatePiece("clock", f"{first}:{second}", is_hour=True)

"""Hears days and times of day: "бүрсігүні кешке", "в следующую среду", "on the 25th at three pm".

Every word must have its place: what is left over, contradicts itself or does not exist gives None, never a guess.
A weekday alone is the first one after today; "next" is the one of the next week, Monday to Sunday; a date without a
year is the first from today on. An hour alone is taken between 9 and 20, when books are brought; it must be read back.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from importlib.resources import files
from typing import NamedTuple

from languages.number_parsing import Numbers
from languages.tokens import fold, tokens

FIRST_HOUR = 9
"""Bare hours below this are afternoon hours."""
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A day, a time, or both."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    """End of a stretch of time; None for a moment."""


class _Piece(NamedTuple):
    kind: str
    value: str


_LETTERS = {
    "day": "D",
    "weekday": "W",
    "month": "M",
    "unit": "U",
    "part": "P",
    "half": "A",
    "next": "n",
    "this": "t",
    "after": "a",
    "through": "i",
    "hour": "h",
    "number_of": "o",
    "year": "y",
    "thirty": "f",
    "half_to": "F",
    "half_past": "H",
    "begin": "b",
    "until": "u",
    "cardinal": "N",
    "ordinal": "O",
}
"""Kind of a piece -> its letter in the patterns below."""

_CLOCK = "(?:h?[NO]N?f?h?|F[NO]h?|H[NO])"
_TIME = re.compile(
    f"i?P?(?P<clock>{_CLOCK})i?[PA]?|b(?P<from>{_CLOCK})u(?P<to>{_CLOCK})i?[PA]?|(?P<ko>P?h?[NO]h?[NO]u)|i?P"
)
_DAY = re.compile("D|[nt]?W|Wt?|i[NO]?U|[NO]?Ua|[NO]Mo?|M[NO]o?|[NO]M[NO]y?|[NO]y[NO]?M[NO]?o?|M[NO][NO]y?|[NO]o|O")


class Dates:
    """The words for days and times of three languages."""

    def __init__(self, wordings: dict[tuple[str, ...], _Piece], numbers: Numbers) -> None:
        self._wordings = wordings
        self._longest = max(len(words) for words in wordings)
        self._numbers = numbers

    @classmethod
    def load(cls) -> Dates:
        table = tomllib.loads(files(__package__).joinpath("dates.toml").read_text(encoding="utf-8"))
        wordings = {
            tuple(fold(word) for word in wording.split()): _Piece(kind, value)
            for kind, values in table["kind"].items()
            for value, text in values.items()
            for wording in text.split("|")
        }
        return cls(wordings, Numbers.load())

    def read(self, text: str, today: date) -> ParsedDate | None:
        """What the whole of `text` says, seen from `today`; None when it is no day or time, or not a possible one."""
        pieces = self._pieces(tokens(text))
        if not pieces:
            return None
        letters = "".join(_LETTERS[piece.kind] for piece in pieces)
        for cut in range(len(letters) + 1):
            for day, clock in ((slice(0, cut), slice(cut, None)), (slice(cut, None), slice(0, cut))):
                found = self._both(pieces[day], letters[day], pieces[clock], letters[clock], today)
                if found:
                    return found
        return None

    def _both(
        self, day: Sequence[_Piece], day_letters: str, clock: Sequence[_Piece], clock_letters: str, today: date
    ) -> ParsedDate | None:
        on, span = None, None
        if day:
            on = _day(day, today) if _DAY.fullmatch(day_letters) or _dated_weekday(day_letters) else None
            if on is None:
                return None
        if clock:
            span = _span(clock, clock_letters)
            if span is None:
                return None
        return ParsedDate(on, *(span or (None, None)))

    def _pieces(self, words: list[str]) -> list[_Piece] | None:
        pieces: list[_Piece] = []
        keys = [fold(word) for word in words]
        at = 0
        while at < len(words):
            length, piece = self._wording(keys, at)
            number = self._numbers.at(words, at, hours=True)
            if piece is None and number is None:
                return None
            if piece is None and number is not None:
                length, piece = number.end - at, _Piece("ordinal" if number.ordinal else "cardinal", number.digits)
            if piece is not None and piece.kind != "nothing":
                pieces.append(piece)
            at += length
        return pieces

    def _wording(self, keys: list[str], at: int) -> tuple[int, _Piece | None]:
        for length in range(min(self._longest, len(keys) - at), 0, -1):
            piece = self._wordings.get(tuple(keys[at : at + length]))
            if piece:
                return length, piece
        return 0, None


def _dated_weekday(letters: str) -> bool:
    """A weekday beside a date: they must agree."""
    return bool(re.fullmatch("W[NO]Mo?|[NO]MW|WM[NO]|M[NO]W|WO?o?", letters))


def _day(pieces: Sequence[_Piece], today: date) -> date | None:
    said: dict[str, list[int]] = {}
    for piece in pieces:
        said.setdefault(piece.kind, []).append(int(piece.value))
    numbers = [int(piece.value) for piece in pieces if piece.kind in ("cardinal", "ordinal")]
    if "day" in said:
        return today + timedelta(days=said["day"][0])
    if "unit" in said:
        count = numbers[0] if numbers else 1
        return today + timedelta(days=count * said["unit"][0]) if 0 < count <= 366 else None
    if "month" in said or numbers:
        found = _date(numbers, said.get("month", [0])[0], today)
        agrees = found and ("weekday" not in said or found.weekday() == said["weekday"][0])
        return found if agrees else None
    return _weekday(said["weekday"][0], "next" in said, "this" in said, today)


def _date(numbers: list[int], month: int, today: date) -> date | None:
    day, year = (numbers[0], numbers[1]) if len(numbers) > 1 else (numbers[0], 0)
    if year and day > 31:
        day, year = year, day
    if year:
        return _possible(year, month, day) if year in YEARS else None
    if month:
        tries = [(today.year, month), (today.year + 1, month)]
    else:
        following = [today.month - 1 + ahead for ahead in range(3)]
        tries = [(today.year + each // 12, each % 12 + 1) for each in following]
    dates = (_possible(each_year, each_month, day) for each_year, each_month in tries)
    return next((each for each in dates if each and each >= today), None)


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(weekday: int, following: bool, this: bool, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    if following:
        return monday + timedelta(days=7 + weekday)
    if this:
        found = monday + timedelta(days=weekday)
        return found if found >= today else None
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _span(pieces: Sequence[_Piece], letters: str) -> tuple[time, time | None] | None:
    match = _TIME.fullmatch(letters)
    if match is None:
        return None
    part = next((piece.value for piece in pieces if piece.kind == "part"), "")
    half = next((int(piece.value) for piece in pieces if piece.kind == "half"), None)
    if match["ko"]:
        hours = [piece for piece in pieces if piece.kind in ("cardinal", "ordinal")]
        ends = [_clock([hour], part, half) for hour in hours]
    elif match["from"]:
        ends = [_clock(pieces[slice(*match.span(group))], part, half) for group in ("from", "to")]
    elif match["clock"]:
        ends = [_clock(pieces[slice(*match.span("clock"))], part, half)]
    else:
        first, last = (int(hour) for hour in part.split("-"))
        ends = [time(first), time(last)]
    if len(ends) == 1:
        return (ends[0], None) if ends[0] else None
    starts, ends_at = ends
    return (starts, ends_at) if starts and ends_at and starts < ends_at else None


def _clock(pieces: Sequence[_Piece], part: str, half: int | None) -> time | None:
    numbers = [int(piece.value) for piece in pieces if piece.kind in ("cardinal", "ordinal")]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    kinds = {piece.kind for piece in pieces}
    if kinds & {"thirty", "half_past", "half_to"}:
        if minute:
            return None
        hour, minute = (hour - 1 if "half_to" in kinds else hour), 30
    exact = _of_day(hour, part, half)
    return time(exact, minute) if exact is not None and minute < 60 else None


def _of_day(hour: int, part: str, half: int | None) -> int | None:
    """The hour from 0 to 23; None when it does not fit the part of the day that was said."""
    if hour > 23 or hour < 0:
        return None
    if half is not None:
        return hour % 12 + half if 1 <= hour <= 12 else None
    match part:
        case "":
            return hour + 12 if hour < FIRST_HOUR and hour else hour
        case "9-12":
            return hour if 4 <= hour <= 12 else None
        case "0-5":
            return hour % 12 if hour in (12, 0, 1, 2, 3, 4, 5) else None
        case _:
            exact = hour + 12 if hour < 12 else hour
            first, last = (12, 18) if part == "12-17" else (16, 23)
            return exact if first <= exact <= last else None

"""Hears days and times of day: "бүрсігүні кешке", "в следующую среду", "in two hours", "on the 25th at three pm".

Every word must have its place: what is left over, contradicts itself or does not exist gives nothing, never a guess.
A bare ordinal is a day of the month; an hour is a cardinal. A weekday alone is the first one after today; "next" is
the one of the next week, Monday to Sunday; a date without a year is the first from today on. An hour alone is taken
between 9 and 20, when books are brought; it must be read back. Where words have two readings there are two.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from languages.clock_parsing import times
from languages.date_words import LETTERS, DatePiece, DateWords
from languages.number_parsing import Numbers

YEARS = range(2000, 2100)
MOST_DAYS = 366
"""Ahead, when counted from today."""
MOST_DAYS_IN_ROW = 31
_MINUTES = 24 * 60

_AHEAD = re.compile("i(?:Nm|N?[hcH]|j)|(?:Nm|N[hcH]|j)a")
_WEEKDAY_IN_WEEKS = re.compile("(?:iN?U|N?Ua)W|W(?:iN?U|N?Ua)")
_DAY = re.compile(
    "D|[ntgv]?W|W[tgv]|g|v|[ntgv]?k|iN?[Ux]|N?[Ux]a|X|"
    "[NO]Mo?|MN|MOo?|[NO]M[NO]y?|[NO]yM[NO]o?|M[NO][NO]y?|[NO]o|O|(?P<alone>N)"
)
_INSEPARABLE = re.compile("[NO][Uxhcm]")
"""A number and what it counts or orders."""
_DATED = re.compile("W(?:[NO]Mo?|M[NO]|Oo?|No|X)|(?:[NO]M|M[NO]|X)W")
_DAYS = re.compile(
    "b?(?P<first>W|D|X|O|N(?=u[NO]M)|[NO]M|M[NO])[uT](?P<last>W|D|X|O|[NO]Mo?|Oo|M[NO])|(?P<ko>OO|WW|DD|O[NO]M)u"
)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A day or several, a time or a stretch of time, or both."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    """End of a stretch of time; None for a moment."""
    last_day: date | None = None
    """The last of several days, included; None for one."""


class Dates:
    """The words for days and times of three languages."""

    def __init__(self, words: DateWords) -> None:
        self._words = words

    @classmethod
    def load(cls) -> Dates:
        """Read dates.toml and numbers.toml."""
        return cls(DateWords(Numbers.load()))

    def read(self, text: str, now: date) -> ParsedDate | None:
        """Return what the whole of `text` says, seen from `now`; None when it says nothing, or may mean two things.

        `now` is local. "In two hours" needs a datetime; seen from a mere date it says nothing.
        """
        found = self.readings(text, now)
        return found[0] if len(found) == 1 else None

    def readings(self, text: str, now: date) -> tuple[ParsedDate, ...]:
        """Return everything that the whole of `text` may mean, seen from `now`: none, one or several to ask about."""
        found: dict[ParsedDate, None] = {}
        for pieces in self._words.readings(text):
            letters = "".join(LETTERS[piece.kind] for piece in pieces)
            if _AHEAD.fullmatch(letters) and isinstance(now, datetime):
                found |= dict.fromkeys(_ahead(pieces, letters, now))
            for cut in range(len(letters) + 1 if letters else 0):
                # A cut at an end leaves one side empty: the whole is a day, or the whole is a time.
                if _INSEPARABLE.fullmatch(letters[max(0, cut - 1) : cut + 1]):
                    continue
                halves = [(slice(0, cut), slice(cut, None))]
                if 0 < cut < len(letters):
                    halves.append((slice(cut, None), slice(0, cut)))
                for day, clock in halves:
                    found |= dict.fromkeys(_both(pieces[day], letters[day], pieces[clock], letters[clock], now))
        return tuple(found)


def _both(
    day: Sequence[DatePiece], day_letters: str, clock: Sequence[DatePiece], clock_letters: str, now: date
) -> Iterator[ParsedDate]:
    today = now.date() if isinstance(now, datetime) else now
    days = list(_days(day, day_letters, today)) if day else [(None, None)]
    for first, last in days:
        for starts, ends in times(clock, clock_letters) if clock else [(None, None)]:
            yield ParsedDate(first, starts, ends, last)


def _ahead(pieces: Sequence[DatePiece], letters: str, now: datetime) -> Iterator[ParsedDate]:
    number = next((int(piece.value) for piece in pieces if piece.kind == "cardinal"), 1)
    each = next((int(piece.value) for piece in pieces if piece.kind == "duration"), 1 if "m" in letters else 60)
    if 0 < number * each < _MINUTES:
        then = now + timedelta(minutes=number * each)
        yield ParsedDate(then.date(), then.time().replace(second=0, microsecond=0, tzinfo=None))


def _days(pieces: Sequence[DatePiece], letters: str, today: date) -> Iterator[tuple[date | None, date | None]]:
    """First and last day; None for the last of a single one. Numbers said as hours are no days."""
    if any(piece.is_hour for piece in pieces):
        return
    if match := _DAYS.fullmatch(letters):
        yield from _span_of_days(pieces, match, today)
    elif _WEEKDAY_IN_WEEKS.fullmatch(letters):
        yield from ((day, None) for day in _weekday_in_weeks(pieces, today))
    elif match := _DAY.fullmatch(letters):
        if not match["alone"] or pieces[0].is_alone:
            yield from _day(pieces, letters, today)
    elif _DATED.fullmatch(letters):
        weekday = next(int(piece.value) for piece in pieces if piece.kind == "weekday")
        dated = [piece for piece in pieces if piece.kind != "weekday"]
        rest = letters.replace("W", "")
        yield from ((day, last) for day, last in _day(dated, rest, today) if day.weekday() == weekday)


def _day(pieces: Sequence[DatePiece], letters: str, today: date) -> Iterator[tuple[date, date | None]]:
    values = {piece.kind: piece.value for piece in pieces}
    numbers = [int(piece.value) for piece in pieces if piece.kind in ("cardinal", "ordinal")]
    monday = today - timedelta(days=today.weekday())
    if "weekend" in values:
        yield from _weekend(letters, today)
    elif letters in ("g", "v"):
        yield (
            (monday + timedelta(days=7), monday + timedelta(days=13))
            if letters == "g"
            else (
                today,
                monday + timedelta(days=6),
            )
        )
    elif "weekday" in values:
        yield from _alone(_weekday(int(values["weekday"]), letters, today))
    elif "date" in values:
        year, month, day = map(int, values["date"].split("-"))
        yield from _alone(_date([day, year] if year else [day], month, today))
    elif "month" in values or (numbers and not {"unit", "month_unit"} & values.keys()):
        yield from _alone(_date(numbers, int(values.get("month", 0)), today))
    elif "day" in values:
        yield today + timedelta(days=int(values["day"])), None
    else:
        yield from _alone(_counted(numbers[0] if numbers else 1, values, today))


def _alone(day: date | None) -> Iterator[tuple[date, date | None]]:
    if day:
        yield day, None


def _counted(count: int, values: dict[str, str], today: date) -> date | None:
    if "unit" in values:
        days = count * int(values["unit"])
        return today + timedelta(days=days) if 0 < days <= MOST_DAYS else None
    if not 0 < count <= 12:
        return None
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _weekend(letters: str, today: date) -> Iterator[tuple[date, date | None]]:
    """This weekend is what is left of it. "Next" may be the nearest one or, before it, the one after."""
    saturday = today + timedelta(days=5 - today.weekday())
    following = (saturday + timedelta(days=7), saturday + timedelta(days=8))
    nearest = (max(saturday, today), saturday + timedelta(days=1))
    if letters[0] in "ng":
        if letters[0] == "n" and today < saturday:
            yield nearest
        yield following
    else:
        yield nearest if nearest[0] < nearest[1] else (nearest[0], None)


def _weekday_in_weeks(pieces: Sequence[DatePiece], today: date) -> Iterator[date]:
    """«через неделю в среду»: the Wednesday of that week, or the first one a week from now, where these differ."""
    values = {piece.kind: int(piece.value) for piece in pieces}
    if values["unit"] != 7 or not 0 < values.get("cardinal", 1) <= 52:
        return
    then = today + timedelta(weeks=values.get("cardinal", 1))
    in_week = then - timedelta(days=then.weekday() - values["weekday"])
    yield from dict.fromkeys((in_week, then + timedelta(days=(values["weekday"] - then.weekday()) % 7)))


def _span_of_days(
    pieces: Sequence[DatePiece], match: re.Match[str], today: date
) -> Iterator[tuple[date | None, date | None]]:
    letters = match.string
    if match["ko"]:
        cuts = (slice(0, 1), slice(1, len(match["ko"])))
    else:
        cuts = (slice(*match.span("first")), slice(*match.span("last")))
    first, last = pieces[cuts[0]], pieces[cuts[1]]
    if letters[cuts[0]] in ("O", "N"):
        first = [*first, *(piece for piece in last if piece.kind == "month")]
    starts = next(_day(first, "".join(LETTERS[piece.kind] for piece in first), today), (None, None))[0]
    if starts is None:
        return
    ends = next(_day(last, letters[cuts[1]], starts), (None, None))[0]
    if ends and starts < ends <= starts + timedelta(days=MOST_DAYS_IN_ROW):
        yield starts, ends


def _date(numbers: list[int], month: int, today: date) -> date | None:
    day, year = (numbers[0], numbers[1]) if len(numbers) > 1 else (numbers[0], None)
    if year is not None:
        day, year = (year, day) if day > 31 else (day, year)
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


def _weekday(weekday: int, letters: str, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    if set(letters) & set("ng"):
        return monday + timedelta(days=7 + weekday)
    if set(letters) & set("tv"):
        found = monday + timedelta(days=weekday)
        return found if found >= today else None
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)

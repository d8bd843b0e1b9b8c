"""On which day a reader asks whether a place is open, and what is known of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from functools import cache

from catalogue_client.values.opening_hours import Hours, Place, SpecialDay
from languages.date_parsing import Dates, ParsedDate
from languages.tokens import tokens
from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import capitalised, day, prompt
from voice.dialogue.prompts import text_of
from voice.values.intents import Intent
from voice.values.lines import Line

ALL_DAY = 1440
LONG_MONTH = "қаңтар"
"""A month that has every number of a day."""
LONGEST_DAY = 8
"""Words in which a day and a time are said."""
MOST_DAYS = 7
"""Days of a stretch that are said one by one."""


class NoDay(Enum):
    """Why a day that was said is none."""

    IMPOSSIBLE = auto()
    """30 February."""
    PAST = auto()
    MOVABLE = auto()
    """A holiday whose date is not known here."""


NO_SUCH_DAY: Mapping[object, str] = {NoDay.IMPOSSIBLE: "slots.no_such_day", NoDay.PAST: "slots.past_day"}
"""Prompts for a day on which nothing can be had."""


@cache
def dates() -> Dates:
    """The words for days and times."""
    return Dates.load()


def says_when(text: str, now: datetime) -> bool:
    """Return whether `text` says nothing but a day or a time."""
    return bool(dates().readings(text, now))


def day_words(text: str, now: datetime) -> str:
    """Return the longest stretch of `text` that says a day or a part of one; "" when there is none."""
    words = tokens(text)
    parts = (words[at : at + n] for n in range(LONGEST_DAY, 0, -1) for at in range(len(words) - n + 1))
    return next((" ".join(part) for part in parts if _reading(part, now) is not None), "")


def asked_day(context: DialogueContext, intent: Intent) -> ParsedDate | NoDay | None:
    """Return the day or time that the words of an intent name; None when they name none."""
    today = context.now.date()
    if feast := str(intent.slots.get("feast", "")):
        month, _, number = feast.partition("-")
        if not number:
            return NoDay.MOVABLE
        this_year = date(today.year, int(month), int(number))
        return ParsedDate(this_year if this_year >= today else this_year.replace(year=today.year + 1))
    said = _said_day(context, intent)
    if isinstance(said, ParsedDate) and said.day is not None and (said.last_day or said.day) < today:
        return NoDay.PAST
    return said


def without_day(context: DialogueContext, name: str) -> str:
    """Return the name of a place without words that say a day: "жамбыла в субботу" is the place жамбыла."""
    words = name.split()
    for length in range(min(len(words), LONGEST_DAY), 0, -1):
        if len(words) > length and _reading(words[-length:], context.now) is not None:
            return " ".join(words[:-length])
        if len(words) > length and _reading(words[:length], context.now) is not None:
            return " ".join(words[length:])
    return name


def _said_day(context: DialogueContext, intent: Intent) -> ParsedDate | NoDay | None:
    place = set(tokens(str(intent.slots.get("place", ""))))
    words = [word for word in tokens(intent.text) if word not in place]
    parts = [words[at : at + n] for n in range(LONGEST_DAY, 0, -1) for at in range(len(words) - n + 1)]
    months = [word for word in words if word.isalpha() and _reading(("1", word), context.now) is not None]
    for part in parts:
        if all(month in part for month in months) and (found := _reading(part, context.now)) is not None:
            return found
    return NoDay.IMPOSSIBLE if any(_is_numbered(words, month, context.now) for month in months) else None


def _is_numbered(words: Sequence[str], month: str, now: date) -> bool:
    """Whether a number of a day stands beside the month; "in February" names none."""
    at = words.index(month)
    beside = (words[max(0, at - 1) : at], words[max(0, at - 2) : at], words[at + 1 : at + 2])
    return any(number and _reading((*number, LONG_MONTH), now) is not None for number in beside)


def _reading(words: Sequence[str], now: date) -> ParsedDate | None:
    """The first reading of words that name a day or a part of one; a number is an hour only beside such a part."""
    if not any(word.isalpha() for word in words):
        return None
    found = dates().readings(" ".join(words), now)
    for reading in found:
        if reading.day is not None or reading.ends is not None:
            return reading
        if len(words) > 1 and any(_reading((word,), now) is not None for word in words):
            return reading
    return None


@dataclass(frozen=True, slots=True)
class OpenSpans:
    """What is known of one place on one day."""

    spans: tuple[Hours, ...] | None
    """None when nobody has said whether it is open."""
    special: SpecialDay | None = None


def open_spans(place: Place, on: date) -> OpenSpans:
    """Return when a place is open on a day: a special day's own hours count before those of the weekday."""
    special = next((each for each in place.special_days if each.day == on), None)
    if special is not None:
        return OpenSpans(special.hours, special)
    if place.round_the_clock:
        return OpenSpans((Hours(on.weekday(), 0, ALL_DAY),))
    if not place.hours:
        return OpenSpans(None)
    return OpenSpans(tuple(span for span in place.hours if span.weekday == on.weekday()))


def times(context: DialogueContext, spans: Sequence[Hours]) -> str:
    """Return spans of hours as they are said."""
    clocks = [[f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (span.opens, span.closes)] for span in spans]
    return ", ".join(text_of(context.language, "calendar.times", starts=starts, ends=ends) for starts, ends in clocks)


def is_all_day(spans: Sequence[Hours]) -> bool:
    """Whether the place does not close on that day."""
    return any(span.opens == 0 and span.closes >= ALL_DAY for span in spans)


def named_day(context: DialogueContext, on: date, special: SpecialDay | None) -> str:
    """Return a day as it is said, with what it is called."""
    said = day(context, on)
    called = special.names.get(context.language, "") if special else ""
    return f"{said}, {called}" if called else said


def on_day(context: DialogueContext, place: Place, asked: ParsedDate) -> tuple[Line, ...]:
    """Return whether a place is open on the day or days that were asked for, one sentence a day."""
    today, name = context.now.date(), capitalised(place.name(context.language))
    first = max(asked.day or today, today)
    count = min(((asked.last_day or first) - first).days + 1, MOST_DAYS)
    days = [first + timedelta(days=ahead) for ahead in range(count)]
    if not any(open_spans(place, on).special or open_spans(place, on).spans is not None for on in days):
        return (prompt(context, "place.hours_unknown", place=name),)
    return tuple(_on(context, place, on, asked, "" if ahead else name) for ahead, on in enumerate(days))


def _on(context: DialogueContext, place: Place, on: date, asked: ParsedDate, name: str) -> Line:
    known = open_spans(place, on)
    said_day = named_day(context, on, known.special)
    said_day = f"{name}, {said_day}" if name else capitalised(said_day)
    if known.spans is None:
        return prompt(context, "place.on_unknown", date=said_day)
    if not known.spans:
        return prompt(context, "place.on_closed", date=said_day)
    if is_all_day(known.spans):
        return prompt(context, "place.on_always", date=said_day)
    said = times(context, known.spans)
    if asked.starts is None:
        return prompt(context, "place.on_open", date=said_day, times=said)
    begins = asked.starts.hour * 60 + asked.starts.minute
    ends = asked.ends.hour * 60 + asked.ends.minute if asked.ends else begins + 1
    ends = ends if ends > begins else ALL_DAY
    is_then = any(span.opens < ends and begins < span.closes for span in known.spans)
    return prompt(context, "place.on_open_then" if is_then else "place.on_closed_then", date=said_day, times=said)


def everywhere(context: DialogueContext, places: Sequence[Place], asked: ParsedDate) -> tuple[Line, ...]:
    """Return how many places are known to be open on a day, with the first of them, and what is not known."""
    on = asked.day or context.now.date()
    known = [(place, open_spans(place, on)) for place in places]
    open_ones = [place for place, day in known if day.spans]
    special = next((day.special for _, day in known if day.special), None)
    date_said = capitalised(named_day(context, on, special))
    unknown = any(day.spans is None for _, day in known)
    if not open_ones:
        return (prompt(context, "place.day_unknown" if unknown else "place.day_closed", date=date_said),)
    names = "; ".join(place.name(context.language) for place in open_ones[:3])
    said = prompt(context, "place.day_open", date=date_said, count=len(open_ones), places=names)
    return (said, prompt(context, "place.day_rest")) if unknown else (said,)

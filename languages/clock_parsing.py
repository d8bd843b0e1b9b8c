"""Times of day in pieces: "без четверти три", "half past two", "с двух до пяти вечера", «бестен кейін»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time

from languages.date_words import LETTERS, DatePiece

FIRST_HOUR = 9
"""Bare hours below this are afternoon hours."""
LAST_MINUTE = time(23, 59)
_HOUR = "(?:h?N[hc]?|c)"
_TO = f"wq{_HOUR}|wNm?{_HOUR}|wN|qTN|Nm?TN|Nqr|hNNm?r|NNm?r"
"""So many minutes before the hour."""
_PAST = "qpN|Nm?pN|Nqs|hNNm?s|NNm?s"
_CLOCK = f"(?:h?NN?f?[hc]?|FOh?|FN|BN|K|h?e|c|{_TO}|qO|NmO|{_PAST})"
_TIME = re.compile(
    f"P?(?P<clock>{_CLOCK})i?[PA]?|b?(?P<from>{_CLOCK})[uT](?P<to>{_CLOCK})i?[PA]?|P?h?(?P<ko>Nh?N)u"
    f"|z(?P<late>{_CLOCK})i?[PA]?|P?h?(?P<late_ko>N)a|[lu](?P<early>{_CLOCK})i?[PA]?|P?h?(?P<early_ko>N)u"
    "|(?P<within>O)c[PA]?|(?P<part>i?P)"
)
_SPAN_TO = re.compile("NTN")
"""Ten to three, or from ten to three."""

Span = tuple[time, time | None]


def times(pieces: Sequence[DatePiece], letters: str) -> Iterator[Span]:
    """Yield everything that the pieces may mean, as a moment (its end None) or a stretch of time."""
    match = _TIME.fullmatch(letters)
    if match is None:
        return
    part = next((piece.value for piece in pieces if piece.kind == "part"), "")
    half = next((int(piece.value) for piece in pieces if piece.kind == "half"), None)

    def clock(group: str) -> time | None:
        return _clock(pieces[slice(*match.span(group))], match[group], part, half)

    if match["clock"]:
        if moment := clock("clock"):
            yield moment, None
        if _SPAN_TO.fullmatch(match["clock"]):
            at = match.start("clock")
            yield from _stretch([pieces[at : at + 1], pieces[at + 2 : at + 3]], part, half)
    elif match["from"]:
        yield from _stretch([pieces[slice(*match.span(group))] for group in ("from", "to")], part, half)
    elif match["ko"]:
        numbers = [piece for piece in pieces if piece.kind == "cardinal"]
        yield from _stretch([[number] for number in numbers], part, half)
    elif group := next((name for name in ("late", "late_ko", "early", "early_ko") if match[name]), ""):
        if moment := clock(group):
            yield (moment, LAST_MINUTE) if group.startswith("late") else (time(0), moment)
    elif match["within"]:
        hour = int(next(piece.value for piece in pieces if piece.kind == "ordinal"))
        starts, ends = _of_day(hour - 1 or 12, part, half), _of_day(hour, part, half)
        if starts is not None and ends is not None and 1 <= hour <= 12 and starts < ends:
            yield time(starts), time(ends)
    else:
        first, last = map(int, part.split("-"))
        yield time(first), time(last)


def _stretch(ends: Sequence[Sequence[DatePiece]], part: str, half: int | None) -> Iterator[Span]:
    """From one moment to another. The part of the day belongs to both, or to the second: «с 2 до 5 вечера»."""
    letters = ["".join(LETTERS[piece.kind] for piece in each) for each in ends]
    last = _clock(ends[1], letters[1], part, half)
    for first_part, first_half in dict.fromkeys(((part, half), ("", None))):
        first = _clock(ends[0], letters[0], first_part, first_half)
        if first and last and first < last:
            yield first, last
            return


def _clock(pieces: Sequence[DatePiece], letters: str, part: str, half: int | None) -> time | None:
    if written := next((piece.value for piece in pieces if piece.kind == "clock"), ""):
        hour, minute = map(int, written.split(":"))
        exact = _of_day(hour, part, half) if part or half is not None or hour not in (0, 12) else hour
        return time(exact, minute) if exact is not None and minute < 60 else None
    numbers = [int(piece.value) for piece in pieces if piece.kind in ("cardinal", "ordinal")]
    fixed = [int(piece.value) for piece in pieces if piece.kind in ("quarter", "half_before")]
    minute = 0
    if letters == "c":
        hour = 1
    elif letters == "K":
        hour, minute = fixed[0], -30
    elif letters[0] == "F":
        hour, minute = numbers[0], -30
    elif letters[0] == "B" or "f" in letters:
        hour, minute = numbers[0], 30
        if len(numbers) > 1:
            return None
    elif letters == "qO" or letters == "NmO":
        hour, minute = numbers[-1] - 1, (fixed or numbers)[0]
    elif re.fullmatch(f"{_TO}|{_PAST}", letters):
        hour, minute = _beside(letters, numbers, fixed)
    else:
        hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
        if minute > 59:
            return None
    if not -60 < minute < 60:
        return None
    exact = _of_day(hour, part, half)
    if exact is None or (minute < 0 and not 1 <= hour <= 12):
        return None
    return time((exact * 60 + minute) // 60 % 24, minute % 60)


def _beside(letters: str, numbers: Sequence[int], fixed: Sequence[int]) -> tuple[int, int]:
    """Hour and minutes after it (before it when negative)."""
    if letters == "wN":  # «без двадцати три» is heard as 23
        minute, hour = numbers[0] // 10 * 10, numbers[0] % 10
        return (hour, -minute) if 20 < numbers[0] < 60 and hour else (99, 0)
    sign = -1 if re.fullmatch(_TO, letters) else 1
    if letters[-1] in "rs":  # Kazakh names the hour first
        hour, minute = numbers[0], fixed[0] if fixed else numbers[1]
    else:
        hour, minute = (1 if "c" in letters and len(numbers) + len(fixed) < 2 else numbers[-1]), (fixed or numbers)[0]
    return (hour, sign * minute) if minute else (99, 0)


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

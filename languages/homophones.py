"""English words that sound like a digit: an ear without sentences writes "seven to zero five" for 7205.

A model hears "two", "to" and "too" as the same sounds, and only what stands beside them tells which was said. Between
two digits "to" stays what it is: "from two to four" are hours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

DIGITS_IN_A_ROW = r"(?<![dab])(?=(?:[ab]*d){2})[dab]{4,}(?![dab])"
"""Four and more, at least two of them certain: d is a digit, a sounds like one, b is "to"."""
NOTHING_ELSE = r"^(?!dbd$)(?=[ab]*d)[dab]{3,}$"
BEFORE_HUNDRED = r"[ab](?=m)"
AFTER_TENS = r"(?<=[tm])[ab]$"
"""At the end of what was said: no sentence ends with "ninety to"."""
_NUMBERS = re.compile("|".join((DIGITS_IN_A_ROW, NOTHING_ELSE, BEFORE_HUNDRED, AFTER_TENS)))


def as_digits(words: Sequence[str], alike: Mapping[str, str], value_of: Callable[[str], int | None]) -> list[str]:
    """`words` with the digits that were meant. `alike`: "to" -> "two"; `value_of`: the value of one English word."""
    if alike.keys().isdisjoint(words):
        return list(words)
    kinds = "".join("b" if word == "to" else "a" if word in alike else _kind(value_of(word)) for word in words)
    meant = {at for found in _NUMBERS.finditer(kinds) for at in range(*found.span())}
    return [alike.get(word, word) if at in meant else word for at, word in enumerate(words)]


def _kind(value: int | None) -> str:
    """d: a digit; t: tens, which a digit may follow; m: hundred and more; -: something else."""
    if value is None:
        return "-"
    if value < 10:
        return "d"
    return "m" if value in (100, 1000, 1_000_000) else "t" if value >= 20 and value % 10 == 0 else "-"

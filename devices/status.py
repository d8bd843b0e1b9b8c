"""Status cells at the left of a display: what Dauys is doing and which result the row is about.

count   cells
1       the mode
2       the mode, a blank cell
3       the number of the result in two digits, a blank cell
4       the mode, the number of the result in two digits, a blank cell
"""

from __future__ import annotations

from enum import IntEnum

MOST = 4
_DIGITS = bytes([0b011010, 0b000001, 0b000011, 0b001001, 0b011001, 0b010001, 0b001011, 0b011011, 0b010011, 0b001010])
"""The digits 0 to 9 without a number sign: j, a to i."""


class Mode(IntEnum):
    """What Dauys is doing, as a cell."""

    NONE = 0
    LISTENING = 0b000111
    """⠇"""
    SPEAKING = 0b001110
    """⠎"""
    BUSY = 0b000011
    """⠃"""
    TYPING = 0b011110
    """⠞"""


def status_cells(count: int, mode: Mode, region: int | None) -> bytes:
    """`count` cells, 0 to 4; `region` is the 0-based result of the row, shown 1-based, modulo 100."""
    number = bytes(2) if region is None else _two_digits((region + 1) % 100)
    return {0: b"", 1: bytes([mode]), 2: bytes([mode, 0]), 3: number + b"\0", 4: bytes([mode]) + number + b"\0"}[count]


def _two_digits(number: int) -> bytes:
    tens, ones = divmod(number, 10)
    return bytes([_DIGITS[tens] if tens else 0, _DIGITS[ones]])

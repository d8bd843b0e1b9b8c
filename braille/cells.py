"""Braille cells: one byte each, dot n in bit n-1, as ISO 11548-1 and Unicode number them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from braille.errors import NotBraille

UNICODE_BRAILLE = 0x2800
BLANK = 0
SIX_DOTS = 0x3F
_LATIN_SIGNS = (b"\x20", b"\x28")
"""Dots 6 and dots 4-6: the letter after them has its sign already."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A text in Braille, with the way back from every cell and the way there from every character."""

    text: str
    """What was asked for, as it was given."""
    cells: bytes
    input_positions: tuple[int, ...]
    """For each cell the 0-based position in `text` of the character it comes from. Never counted: always looked up."""
    output_positions: tuple[int, ...]
    """For each character of `text` the 0-based position of its first cell; len(cells) when nothing follows it."""
    signs: Mapping[int, bytes] = field(default_factory=dict, compare=False)
    """For each 0-based cell that is a letter, or inside a passage in another code, what has to stand before it in a row
    that begins after its own sign; b"" for what needs none."""

    def sign_of_row(self, start: int, end: int) -> tuple[int, bytes]:
        """Return the cell (0-based) before which a row from `start` to before `end` repeats a sign, and the sign."""
        first = next((at for at in range(start, end) if at in self.signs), end)
        own = self.cells[start:first]
        sign = self.signs.get(first, b"")
        return first, b"" if sign and own.endswith((*_LATIN_SIGNS, sign)) else sign


def to_unicode(cells: bytes) -> str:
    """The cells as characters U+2800 to U+28FF."""
    return "".join(chr(UNICODE_BRAILLE | cell) for cell in cells)


def from_unicode(text: str) -> bytes:
    """The cells that `text` shows; an ordinary space is a blank cell. Raises NotBraille for any other character."""
    cells = bytearray()
    for position, character in enumerate(text):
        if character == " ":
            cells.append(BLANK)
        elif UNICODE_BRAILLE <= ord(character) <= UNICODE_BRAILLE + 0xFF:
            cells.append(ord(character) - UNICODE_BRAILLE)
        else:
            raise NotBraille(
                f"Character {position + 1} (U+{ord(character):04X}) is not a Braille cell. "
                "Give characters from U+2800 to U+28FF, such as ⠅⠽⠞⠁⠏."
            )
    return bytes(cells)

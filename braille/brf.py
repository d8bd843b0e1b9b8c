"""Braille Ready Format: ASCII signs for cells of six dots, CR LF after rows, a form feed between pages.

The sixty-four signs are those of North American Braille ASCII, the same as liblouis's en-us-brf.dis.
"""

from __future__ import annotations

from collections.abc import Sequence

from braille.cells import SIX_DOTS
from braille.errors import BadBrailleFile, NotSixDots

_SIGNS = " A1B'K2L@CIF/MSP\"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)="
_CELLS = {sign: cell for cell, sign in enumerate(_SIGNS)} | {sign.lower(): cell for cell, sign in enumerate(_SIGNS)}


def to_ascii(cells: bytes) -> str:
    """One row as Braille ASCII. Raises NotSixDots."""
    for position, cell in enumerate(cells, 1):
        if cell > SIX_DOTS:
            raise NotSixDots(
                f"Cell {position} has dot 7 or 8, and BRF holds six dots. Lay the text out for paper first."
            )
    return "".join(_SIGNS[cell] for cell in cells)


def write(pages: Sequence[Sequence[bytes]]) -> bytes:
    """A BRF file. Raises NotSixDots."""
    return "\f".join("".join(to_ascii(row) + "\r\n" for row in page) for page in pages).encode("ascii")


def read(data: bytes) -> list[tuple[bytes, ...]]:
    """The pages of a BRF file; lower case and line ends of any system are accepted. Raises BadBrailleFile."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise BadBrailleFile(f"Byte {error.start + 1} is no Braille ASCII sign: this is not a BRF file.") from error
    pages = text.replace("\r\n", "\n").removesuffix("\x1a").removesuffix("\f").split("\f")
    return [tuple(_row(row, number) for number, row in enumerate(_rows(page), 1)) for page in pages]


def _rows(page: str) -> list[str]:
    return page.removesuffix("\n").split("\n") if page else []


def _row(row: str, number: int) -> bytes:
    unknown = next((sign for sign in row if sign not in _CELLS), None)
    if unknown is not None:
        raise BadBrailleFile(f"Row {number} holds U+{ord(unknown):04X}, which is no Braille ASCII sign.")
    return bytes(_CELLS[sign] for sign in row.rstrip())

"""Braille Ready Format: ASCII signs for cells of six dots, CR LF after rows, a form feed between pages.

The sixty-four signs are those of North American Braille ASCII, the same as liblouis's en-us-brf.dis.
"""

from __future__ import annotations

from collections.abc import Sequence

from braille.cells import SIX_DOTS
from braille.errors import BadBrailleFile, NotSixDots

_SIGNS = " A1B'K2L@CIF/MSP\"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)="
_CELLS = {sign: cell for cell, sign in enumerate(_SIGNS)}
_CELLS |= {chr(ord(sign) + 32): cell for sign, cell in _CELLS.items() if "@" <= sign <= "^"}
"""Lower case too, of signs as of letters: note-takers write } for ] (liblouis issue 1648)."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def to_ascii(cells: bytes) -> str:
    """One row as Braille ASCII. Raises NotSixDots."""
    for position, cell in enumerate(cells, 1):
        if cell > SIX_DOTS:
            raise NotSixDots(
                f"Cell {position} has dot 7 or 8, and BRF holds six dots. Lay the text out for paper first."
            )
    return "".join(_SIGNS[cell] for cell in cells)


def write(pages: Sequence[Sequence[bytes]]) -> bytes:
    """A BRF file; a form feed ends every page, for an embosser keeps the sheet until it gets it. Raises NotSixDots."""
    return "".join("".join(_line(row, first=not at) for at, row in enumerate(page)) + "\f" for page in pages).encode()


def _line(row: bytes, *, first: bool) -> str:
    # A line end directly after a form feed is taken for a part of it by many programs, ours too.
    return (to_ascii(row) or " " * first) + "\r\n"


def read(data: bytes) -> list[tuple[bytes, ...]]:
    """The pages of a BRF file as it is found: lower case, line ends of any system, with or without a byte order mark, a
    form feed after or between pages and on a line of its own or not. Raises BadBrailleFile."""
    try:
        text = data.removeprefix(_BYTE_ORDER_MARK).decode("ascii")
    except UnicodeDecodeError as error:
        raise BadBrailleFile(f"Byte {error.start + 1} is no Braille ASCII sign: this is not a BRF file.") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a\n\0")
    pages = lines.replace("\f\n", "\f").removesuffix("\f").split("\f")
    return [tuple(_row(row, number) for number, row in enumerate(_rows(page), 1)) for page in pages]


def _rows(page: str) -> list[str]:
    return page.removesuffix("\n").split("\n") if page else []


def _row(row: str, number: int) -> bytes:
    unknown = next((sign for sign in row if sign not in _CELLS), None)
    if unknown is not None:
        raise BadBrailleFile(f"Row {number} holds U+{ord(unknown):04X}, which is no Braille ASCII sign.")
    return bytes(_CELLS[sign] for sign in row.rstrip())

"""Pages for an embosser or a note-taker: six dots, a page number, lists with a hanging indent."""

from __future__ import annotations

from collections.abc import Sequence

from braille.cells import BLANK
from braille.errors import BadSize
from braille.layout import HYPHEN, Passage, Render, Wrap, lay_out
from braille.translation import translate

Page = tuple[bytes, ...]
"""Rows from the top, none longer than the page is wide, without the blank cells that fill them up."""

WIDTH = 40
HEIGHT = 25
RUNOVER = 2
_NARROWEST = 8
_LOWEST = 3


def paginate(
    passages: Sequence[Passage],
    width: int = WIDTH,
    height: int = HEIGHT,
    *,
    wrap: Wrap = Wrap.WORDS,
    render: Render = translate,
) -> list[Page]:
    """The passages on pages of `width` cells and `height` rows; at least one page, which may be empty.

    More than one page carry a number at the right of the last row. Raises BadSize, LiblouisMissing.
    """
    check_size(width, height, _LOWEST)
    rows = [row.cells for row in lay_out(passages, width, wrap=wrap, runover=RUNOVER, mark=HYPHEN, render=render)]
    if len(rows) <= height:
        return [tuple(rows)]
    text_rows = height - 1
    pages = [rows[at : at + text_rows] for at in range(0, len(rows), text_rows)]
    return [(*_filled(page, text_rows), number_row(number, width)) for number, page in enumerate(pages, 1)]


def _filled(page: list[bytes], text_rows: int) -> list[bytes]:
    return page + [b""] * (text_rows - len(page))


def check_size(width: int, height: int, lowest: int) -> None:
    """Raise BadSize for a page that is narrower than 8 cells or has fewer than `lowest` rows."""
    if width < _NARROWEST or height < lowest:
        raise BadSize(f"A page of {width} x {height} is too small: give at least {_NARROWEST} cells and {lowest} rows.")


def number_row(number: int, width: int) -> bytes:
    """Return the row that ends a page, with its number at the right."""
    cells = translate(str(number), "kk").cells
    return bytes([BLANK] * (width - len(cells))) + cells

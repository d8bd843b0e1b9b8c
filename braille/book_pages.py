"""A book on paper: paragraphs, centred headings, a running head, print pages, contents, and a page number.

Paragraphs begin in cell 3 and go on in cell 1, items go on in cell 3; a heading of the first level is centred between
blank rows, a lower one begins in cell 5 (BANA Braille Formats 2016, 4). No heading stands alone at the foot of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from braille.book_blocks import BookBlock, BookBlockKind
from braille.cards import label
from braille.cells import BLANK, from_unicode
from braille.embosser_pages import HEIGHT, WIDTH, Page, check_size, number_row
from braille.layout import HYPHEN, Passage, Render, Wrap, lay_out
from braille.translation import translate

_INDENT = 2
_LOWER_HEADING = 4
_MARGIN = 3
"""Cells that stay free at both sides of a centred heading."""
_PAGE_LINE = from_unicode("⠤")[0]
_GUIDE = from_unicode("⠄")[0]
_FEWEST_TEXT_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the book before it has a page."""

    cells: bytes
    heading: int | None = None
    """0-based number of the heading that begins here."""
    keep: bool = False
    """Whether the next row has to stand on the same page."""
    new_page: bool = False


def book_pages(
    blocks: Sequence[BookBlock],
    width: int = WIDTH,
    height: int = HEIGHT,
    *,
    title: Passage | None = None,
    contents: str | None = None,
    wrap: Wrap = Wrap.WORDS,
    render: Render = translate,
) -> list[Page]:
    """Return the pages of a book, `width` cells wide and `height` rows high.

    `title` is the running head of every page. `contents` is the language in which a list of the headings with their
    pages is headed; None for no such list. Raises BadSize, LiblouisMissing.
    """
    check_size(width, height, _FEWEST_TEXT_ROWS + 2)
    head = _centred(title, width, wrap, render)[:1] if title else []
    rows = height - 1 - len(head)
    body = _broken(_lines(blocks, width, wrap, render), rows)
    headings = [block for block in blocks if block.kind is BookBlockKind.HEADING]
    listed: list[list[_Line]] = []
    if contents is not None and headings:
        starts = {line.heading: at for at, page in enumerate(body) for line in page if line.heading is not None}
        before = len(_broken(_contents(headings, [1] * len(headings), contents, width, render), rows))
        numbers = [before + 1 + starts[number] for number in range(len(headings))]
        listed = _broken(_contents(headings, numbers, contents, width, render), rows)
    pages = [[line.cells for line in page] for page in listed + body]
    return [
        (*head, *page, *[b""] * (rows - len(page)), number_row(number, width)) for number, page in enumerate(pages, 1)
    ]


def _lines(blocks: Sequence[BookBlock], width: int, wrap: Wrap, render: Render) -> list[_Line]:
    lines: list[_Line] = []
    headings = 0
    new_page = False
    for block in blocks:
        if block.kind is BookBlockKind.NEW_PAGE:
            new_page = True
            continue
        if block.kind is BookBlockKind.HEADING:
            first = block.level == 1
            shown = _centred(block.passage, width, wrap, render) if first else _rows(
                block.passage, width, wrap, render, _LOWER_HEADING, _LOWER_HEADING
            )  # fmt: skip
            made = [_Line(b"", keep=True)] if lines and not new_page else []
            made += [_Line(cells, headings if not at else None, keep=True) for at, cells in enumerate(shown)]
            made += [_Line(b"", keep=True)] if first else []
            headings += 1
        elif block.kind is BookBlockKind.PRINT_PAGE:
            number = render(block.text, "kk").cells
            made = [_Line(bytes([_PAGE_LINE] * max(0, width - len(number))) + number, keep=True)]
        else:
            item = block.kind is BookBlockKind.ITEM
            shown = _rows(block.passage, width, wrap, render, 0 if item else _INDENT, _INDENT if item else 0)
            made = [_Line(cells) for cells in shown]
        if made and new_page and lines:
            made[0] = _Line(made[0].cells, made[0].heading, made[0].keep, new_page=True)
        new_page = new_page and not made
        lines += made
    return lines


def _rows(passage: Passage, width: int, wrap: Wrap, render: Render, first: int, later: int) -> list[bytes]:
    """Rows whose first one is indented by `first` cells and all others by `later`."""
    shown = lay_out([passage], width, wrap=wrap, first=first, runover=later, mark=HYPHEN, render=render)
    return [row.cells for row in shown]


def _centred(passage: Passage, width: int, wrap: Wrap, render: Render) -> list[bytes]:
    room = max(width - 2 * _MARGIN, width // 2)
    rows = lay_out([passage], room, wrap=wrap, mark=HYPHEN, render=render)
    return [bytes([BLANK] * ((width - len(row.cells)) // 2)) + row.cells for row in rows]


def _contents(
    headings: Sequence[BookBlock], numbers: Sequence[int], language: str, width: int, render: Render
) -> list[_Line]:
    """The list of headings: each with guide dots to the number of its page at the right."""
    name = Passage(((label("contents", language, short=False).capitalize(), language),))
    lines = [_Line(cells, keep=True) for cells in _centred(name, width, Wrap.WORDS, render)] + [_Line(b"", keep=True)]
    for block, number in zip(headings, numbers, strict=True):
        cells = render(str(number), "kk").cells
        indent = _INDENT * (block.level - 1) if width >= 4 * _INDENT * block.level else 0
        room = width - indent - len(cells) - 2
        rows = [bytes(indent) + row for row in _rows(block.passage, room, Wrap.WORDS, render, 0, _INDENT)]
        free = width - len(rows[-1]) - len(cells) - 2
        guide = bytes([BLANK]) + bytes([_GUIDE] * free if free > 1 else [BLANK] * max(0, free)) + bytes([BLANK])
        rows[-1] += guide + cells
        lines += [_Line(row, keep=at < len(rows) - 1) for at, row in enumerate(rows)]
    return lines


def _broken(lines: Sequence[_Line], rows: int) -> list[list[_Line]]:
    """The lines on pages of at most `rows`; what is to be kept with its next row moves on with it."""
    pages: list[list[_Line]] = [[]]
    for line in lines:
        page = pages[-1]
        if line.new_page and page:
            pages.append([])
        elif len(page) == rows:
            kept = len(page)
            while kept and page[kept - 1].keep:
                kept -= 1
            # A page of nothing but headings stays as it is.
            pages.append(page[kept:] if kept else [])
            del page[kept or len(page) :]
        if pages[-1] or line.cells:
            pages[-1].append(line)
    return [_without_blanks(page) for page in pages]


def _without_blanks(page: list[_Line]) -> list[_Line]:
    """A page does not begin with a blank row."""
    first = next((at for at, line in enumerate(page) if line.cells), len(page))
    return page[first:]

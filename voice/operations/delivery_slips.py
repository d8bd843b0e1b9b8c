"""Slips and run sheets on paper: lines become pages for an embosser, a note-taker or an eye."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from braille import brf, lay_out, paginate, passage, pef, to_unicode
from braille.embosser_pages import Page
from catalogue_client.delivery.run_sheets import RunSheets
from catalogue_client.delivery.staff_desk import Job
from languages.codes import Language

WIDTH, HEIGHT = 40, 25
"""Cells and rows of the pages that embossers take."""
TITLES = (None, 60, 30, 15)
"""How many letters of each title a slip gives, until it fits on one page: ten books and all."""


def slip_lines(job: Job, language: Language) -> tuple[str, ...]:
    """The slip of a parcel, with titles as long as one page of Braille allows."""
    sheets = RunSheets(language)
    slips = [sheets.slip(job, longest) for longest in TITLES]
    return next((slip for slip in slips if len(_pages(slip, language)) == 1), slips[-1])


def as_unicode(lines: Sequence[str], language: Language) -> str:
    """Braille rows in Unicode, without pages. Raises BrailleError."""
    passages = [passage(line, language) for line in lines]
    return "\n".join(to_unicode(row.cells) for row in lay_out(passages, WIDTH))


def as_brf(lines: Sequence[str], language: Language) -> bytes:
    """A file for embossers and note-takers. Raises BrailleError."""
    return brf.write(_pages(lines, language))


def as_pef(lines: Sequence[str], language: Language, title: str, made: date) -> bytes:
    """The same as PEF, with its title. Raises BrailleError."""
    name = f"dauys-{title.replace(' ', '-')}"
    pages = _pages(lines, language)
    return pef.write(pages, WIDTH, HEIGHT, title=title, language=language, identifier=name, made=made)


def _pages(lines: Sequence[str], language: Language) -> list[Page]:
    return paginate([passage(line, language) for line in lines], WIDTH, HEIGHT)

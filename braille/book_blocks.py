"""Longer texts as blocks: paragraphs, headings, list items and print pages, read from plain text.

blocks = read_text("# Абай жолы\\n\\nБірінші тарау…", lambda line: "kk")
book_pages(blocks, 40, 25)                  pages for an embosser (embosser_pages)
ebraille.write(blocks, about)               a book for note-takers (ebraille)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from braille.layout import Passage

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_ITEM = re.compile(r"[-*•]\s+(.+)")
_PRINT_PAGE = re.compile(r"\[\[\s*(\S{1,12})\s*\]\]")


_NOTHING = Passage(())


class BookBlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    PRINT_PAGE = "print_page"
    """Where a page of the print edition begins; its passage is the number."""
    NEW_PAGE = "new_page"
    """Where the text itself begins a page, by a form feed."""


@dataclass(frozen=True, slots=True)
class BookBlock:
    """A part of a book that begins a row of its own."""

    kind: BookBlockKind
    passage: Passage = _NOTHING
    level: int = 0
    """Of a heading, 1 the highest; 0 for everything else."""

    @property
    def text(self) -> str:
        """Return the text in print."""
        return "".join(text for text, _ in self.passage.spans)


def read_text(content: str, language_of: Callable[[str], str]) -> list[BookBlock]:
    """Return the blocks of a plain text; `language_of` gives the ISO 639-1 code of a line.

    A line is a paragraph; where blank lines stand between paragraphs, lines without one belong together. `# Title` is a
    heading of its number of signs, `- ` an item, `[[12]]` alone print page 12, a form feed a new page.
    """
    blocks: list[BookBlock] = []
    together = "\n\n" in content.replace("\r\n", "\n").replace("\r", "\n")
    open_paragraph = False
    for page, part in enumerate(re.split("\f", content)):
        if page:
            blocks.append(BookBlock(BookBlockKind.NEW_PAGE))
        open_paragraph = False
        for line in part.splitlines():
            text = line.strip()
            block = _block(text, language_of) if text else None
            if block and open_paragraph and together and block.kind is BookBlockKind.PARAGRAPH:
                text = f"{blocks[-1].text} {text}"
                blocks[-1] = BookBlock(BookBlockKind.PARAGRAPH, Passage(((text, language_of(text)),)))
            elif block:
                blocks.append(block)
            open_paragraph = bool(block) and blocks[-1].kind is BookBlockKind.PARAGRAPH
    return blocks


def _block(text: str, language_of: Callable[[str], str]) -> BookBlock:
    if found := _PRINT_PAGE.fullmatch(text):
        return BookBlock(BookBlockKind.PRINT_PAGE, Passage(((found[1], "kk"),)))
    if found := _HEADING.fullmatch(text):
        return BookBlock(BookBlockKind.HEADING, Passage(((found[2], language_of(found[2])),)), len(found[1]))
    if found := _ITEM.fullmatch(text):
        return BookBlock(BookBlockKind.ITEM, Passage(((found[1], language_of(found[1])),)))
    return BookBlock(BookBlockKind.PARAGRAPH, Passage(((text, language_of(text)),)))

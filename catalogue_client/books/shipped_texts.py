"""The texts that ship: a welcome, how to use Dauys, and small stories, in Kazakh, Russian and English. Our own writing,
free for everybody; they need no adding and stand behind the library's own books."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from catalogue_client.books.formats.plain_text import read_markdown
from catalogue_client.values.books import BookRight, BookText, HeldBook

PREFIX = "dauys-"
"""How the ids of the texts that ship begin."""


@cache
def shipped_books() -> dict[str, tuple[HeldBook, BookText]]:
    """Return the texts that ship, by id."""
    found = {}
    for file in sorted(files(__package__).joinpath("shipped").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".md"):
            text = read_markdown(file.read_bytes(), file.name)
            book = held(f"{PREFIX}{file.name.removesuffix('.md')}", text, BookRight.EVERYBODY)
            found[book.id] = (book, text)
    return found


def held(book_id: str, text: BookText, right: BookRight, record_id: str = "") -> HeldBook:
    """Return what the reading room says about a text."""
    words = sum(len(sentence.text.split()) for block in text.blocks for sentence in block.sentences)
    return HeldBook(book_id, text.title, text.author, text.language, right, record_id, words)

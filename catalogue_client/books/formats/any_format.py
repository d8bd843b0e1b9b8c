"""A file of a book, whatever its format: by its name first, then by what is in it."""

from __future__ import annotations

from pathlib import PurePath

from catalogue_client.books.errors import UnknownBookFormat
from catalogue_client.books.formats.archives import Archive
from catalogue_client.books.formats.daisy import is_daisy, read_daisy
from catalogue_client.books.formats.epub import CONTAINER, read_epub
from catalogue_client.books.formats.fb2 import read_fb2
from catalogue_client.books.formats.plain_text import read_markdown, read_plain_text
from catalogue_client.values.books import BookText

FORMATS = "EPUB, DAISY (as a ZIP archive), FB2, plain text or Markdown"


def read_book(data: bytes, file_name: str) -> BookText:
    """Return the book of a file. Raises UnknownBookFormat, BrokenBook, BookTooLarge."""
    path = PurePath(file_name)
    name, suffix = path.stem.removesuffix(".fb2"), path.suffix.lower()
    if data[:4] == b"PK\x03\x04":
        return _of_archive(data, name)
    if suffix == ".fb2" or b"<FictionBook" in data[:2000]:
        return read_fb2(data, name)
    if suffix in (".md", ".markdown"):
        return read_markdown(data, name)
    if suffix in (".txt", "") and b"\0\0" not in data[:2000]:
        return read_plain_text(data, name)
    raise UnknownBookFormat(f"{path.name} is no book that can be read: it has to be {FORMATS}")


def _of_archive(data: bytes, name: str) -> BookText:
    archive = Archive(data)
    if CONTAINER in archive:
        return read_epub(data, name)
    if is_daisy(archive):
        return read_daisy(data, name)
    if fb2 := next((each for each in archive.names if each.lower().endswith(".fb2")), None):
        return read_fb2(archive.read(fb2), name)
    raise UnknownBookFormat(f"{name}.zip has no book in it that can be read: it has to be {FORMATS}")

"""FictionBook 2: sections inside one another, verse, notes; plain or zipped."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from catalogue_client.books.formats.markup import all_named, attribute, language, parsed, tag, text_of
from catalogue_client.books.sentences import BookBuilder
from catalogue_client.values.books import BlockKind, BookText

_PARAGRAPHS = ("p", "subtitle", "text-author", "td", "th", "date")
_VERSE = "v"


def read_fb2(data: bytes, name: str) -> BookText:
    """A FictionBook. The bodies after the first are its notes. Raises BrokenBook, BookTooLarge."""
    root = parsed(data, "the FictionBook")
    builder = BookBuilder(name)
    for info in all_named(root, "title-info"):
        builder.title = next((text_of(each) for each in all_named(info, "book-title")), name)
        builder.author = ", ".join(_names(info))
        builder.language = next((text_of(each).strip() for each in all_named(info, "lang")), "")
        break
    for body in (child for child in root if tag(child) == "body"):
        notes = attribute(body, "name") in ("notes", "comments", "footnotes")
        _walk(body, builder, 1, language(body), notes)
    return builder.book()


def _names(info: Element) -> list[str]:
    authors = [child for child in info if tag(child) == "author"]
    parts = ("first-name", "middle-name", "last-name")
    names = (" ".join(text_of(each).strip() for each in author if tag(each) in parts) for author in authors)
    return [name for name in names if name.strip()]


def _walk(element: Element, builder: BookBuilder, level: int, spoken: str, notes: bool) -> None:
    for child in element:
        name, its = tag(child), language(child, spoken)
        if name == "title":
            text = ". ".join(part for part in (text_of(each).strip() for each in child) if part)
            builder.add(BlockKind.NOTE if notes else BlockKind.HEADING, text, its, level=0 if notes else level)
        elif name in _PARAGRAPHS:
            builder.add(BlockKind.NOTE if notes else BlockKind.PARAGRAPH, text_of(child), its)
        elif name == _VERSE:
            builder.add(BlockKind.NOTE if notes else BlockKind.VERSE, text_of(child), its)
        elif name not in ("image", "binary", "empty-line", ""):
            _walk(child, builder, level + (name == "section"), its, notes)

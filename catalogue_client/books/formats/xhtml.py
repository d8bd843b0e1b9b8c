"""The text of an (X)HTML document, as EPUB and DAISY have it: headings, paragraphs, verse, notes, printed pages."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from catalogue_client.books.formats.markup import attribute, language, tag, text_of
from catalogue_client.books.sentences import BookBuilder
from catalogue_client.values.books import BlockKind, BookSentence, SoundClip

_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"hd": 2, "doctitle": 1}
_PARAGRAPHS = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "figcaption",
        "caption",
        "address",
        "title-page",
        "docauthor",
        "bridgehead",
        "byline",
        "dateline",
        "linenum",
        "author",
    ]
)
_LEFT_OUT = frozenset({"script", "style", "head", "nav", "svg", "math", "img", "audio", "video", "rt", "rp"})
_MARKS = frozenset({"noteref", "annoref"})
"""What only points to a note: read aloud it is a number without a meaning."""
_NOTES = ("footnote", "endnote", "rearnote", "note", "annotation")

Clips = Mapping[str, SoundClip]
"""Id of an element -> where it is spoken."""


def read_xhtml(root: Element, builder: BookBuilder, clips: Clips | None = None, level: int = 0) -> None:
    """Add the blocks of a document to a book; elements whose id is in `clips` become sentences of their own."""
    _walk(root, builder, language(root), clips or {}, level, False)


def _walk(element: Element, builder: BookBuilder, spoken: str, clips: Clips, level: int, notes: bool) -> None:
    loose = element.text or ""
    for child in element:
        name, its = tag(child), language(child, spoken)
        if _is_page(child):
            loose = _flushed(builder, loose, spoken, notes)
            builder.page(attribute(child, "title") or attribute(child, "aria-label") or text_of(child))
        elif name in _LEFT_OUT or not name:
            pass
        elif name in _HEADINGS:
            loose = _flushed(builder, loose, spoken, notes)
            depth = level if name == "hd" and level else _HEADINGS[name]
            _block(child, builder, BlockKind.NOTE if notes else BlockKind.HEADING, its, clips, 0 if notes else depth)
        elif _is_leaf(child) and (name in _PARAGRAPHS or name in ("div", "section", "line", "sent")):
            loose = _flushed(builder, loose, spoken, notes)
            in_notes = notes or _is_note(child)
            kind = BlockKind.NOTE if in_notes else BlockKind.VERSE if name == "line" else BlockKind.PARAGRAPH
            _block(child, builder, kind, its, clips, 0)
        elif _is_leaf(child):
            loose += " " if name == "br" else text_of(child, _MARKS)
        else:
            loose = _flushed(builder, loose, spoken, notes)
            deeper = int(name[5]) if name[:5] == "level" and name[5:].isdecimal() else level + (name == "level")
            _walk(child, builder, its, clips, deeper, notes or _is_note(child))
        loose += child.tail or ""
    _flushed(builder, loose, spoken, notes)


def _flushed(builder: BookBuilder, text: str, spoken: str, notes: bool) -> str:
    builder.add(BlockKind.NOTE if notes else BlockKind.PARAGRAPH, text, spoken)
    return ""


def _block(element: Element, builder: BookBuilder, kind: BlockKind, spoken: str, clips: Clips, level: int) -> None:
    for page in element.iter():
        if page is not element and _is_page(page):
            builder.page(attribute(page, "title") or attribute(page, "aria-label") or text_of(page))
    spoken_parts = [each for each in element.iter() if each.get("id", "") in clips] if clips else []
    if not spoken_parts:
        builder.add(kind, text_of(element, _MARKS), spoken, level=level)
        return
    parts = [
        BookSentence(" ".join(text_of(each, _MARKS).split()), language(each, spoken), clips[each.get("id", "")])
        for each in spoken_parts
        if not any(inner is not each and inner.get("id", "") in clips for inner in each.iter())
    ]
    builder.add_sentences(kind, parts, level=level)


def _is_leaf(element: Element) -> bool:
    """Whether no block stands inside it."""
    blocks = _PARAGRAPHS | _HEADINGS.keys() | {"div", "section", "table", "ul", "ol", "line", "linegroup", "dl"}
    return not any(tag(inner) in blocks for inner in element.iter() if inner is not element)


def _is_page(element: Element) -> bool:
    return (
        tag(element) == "pagenum"
        or "pagebreak" in (attribute(element, "type"), element.get("role", "")[4:])
        or (tag(element) == "span" and element.get("class", "").startswith("page-"))
    )


def _is_note(element: Element) -> bool:
    kinds = f"{attribute(element, 'type')} {element.get('role', '')}"
    return tag(element) in ("note", "annotation") or any(kind in kinds for kind in _NOTES)

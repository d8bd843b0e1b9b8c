"""eBraille 1.0: a Braille book for displays of any width, XHTML with Unicode cells in an EPUB 3 container.

Source: eBraille 1.0, DAISY Consortium, 14 August 2025: sections 4 (file set), 5 (package document), 6 (content
documents) and 8 (primary entry page). No validator for it was to be had: the tests hold a check of our own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from braille.book_blocks import BookBlock, BookBlockKind
from braille.cards import label
from braille.cells import to_unicode
from braille.errors import NotSixDots
from braille.layout import Passage, Render, line_cells
from braille.translation import translate

_TEXT = "ebraille/text.xhtml"
_STYLE = "ebraille/style.css"
_CSS = """p { margin: 0; text-indent: 2ch; }
h1 { text-align: center; }
h2, h3, h4, h5, h6 { margin-left: 4ch; }
"""
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_FALLBACK_HEADING = "1"


@dataclass(frozen=True, slots=True)
class About:
    """What a book says of itself."""

    identifier: str
    """Unique to this transcription, such as urn:uuid:…"""
    title: str
    language: str
    """ISO 639-1 code of the text."""
    creators: tuple[str, ...]
    copyrighted: str
    """Of the print work: YYYY, YYYY-MM or YYYY-MM-DD."""
    producer: str
    made: datetime
    systems: tuple[str, ...] = ()
    """The Braille codes by their names in the registry of eBraille, the most used first; by default the language's."""
    complete: bool = True


def write(blocks: Sequence[BookBlock], about: About, *, render: Render = translate) -> bytes:
    """Return a packaged eBraille publication (.ebrl). Raises NotSixDots, LiblouisMissing."""
    body, entries, pages = _body(blocks, about, render)
    files = {
        "META-INF/container.xml": _CONTAINER,
        "package.opf": _package(about),
        "index.html": _index(about, entries, pages, render),
        _TEXT: _page(about, body, '<link rel="stylesheet" href="style.css"/>'),
        _STYLE: _CSS,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        # EPUB 3.3, 4.2.1: the first file, stored, without an extra field.
        package.writestr(zipfile.ZipInfo("mimetype", _EARLIEST), "application/epub+zip")
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, _EARLIEST), text.encode(), zipfile.ZIP_DEFLATED)
    return data.getvalue()


_Entry = tuple[int, str, str]
"""Level, anchor and cells of a heading."""


def _body(
    blocks: Sequence[BookBlock], about: About, render: Render
) -> tuple[str, list[_Entry], list[tuple[str, str, str]]]:
    """The text as XHTML, its headings, and its print pages as (anchor, cells, number in print)."""
    parts: list[str] = []
    entries: list[_Entry] = []
    pages: list[tuple[str, str, str]] = []
    in_list = False
    for block in blocks:
        cells = escape(_cells(block.passage, render))
        if in_list and block.kind is not BookBlockKind.ITEM:
            parts.append("</ul>")
            in_list = False
        if block.kind is BookBlockKind.HEADING:
            anchor = f"h{len(entries) + 1}"
            entries.append((block.level, anchor, cells))
            parts.append(f'<h{block.level} id="{anchor}">{cells}</h{block.level}>')
        elif block.kind is BookBlockKind.PRINT_PAGE:
            anchor = f"p{len(pages) + 1}"
            pages.append((anchor, cells, block.text))
            parts.append(f'<div id="{anchor}" role="doc-pagebreak" epub:type="pagebreak" '
                         f"title={_attribute(block.text)}>{cells}</div>")  # fmt: skip
        elif block.kind is BookBlockKind.ITEM:
            parts += [] if in_list else ['<ul style="list-style-type: none">']
            in_list = True
            parts.append(f"<li>{cells}</li>")
        elif block.kind is BookBlockKind.PARAGRAPH:
            parts.append(f"<p>{cells}</p>")
    parts += ["</ul>"] if in_list else []
    if not entries:
        # The table of contents needs an entry.
        entries.append(
            (1, "h1", escape(_cells(Passage(((about.title or _FALLBACK_HEADING, about.language),)), render)))
        )
        parts.insert(0, f'<h1 id="h1">{entries[0][2]}</h1>')
    return "\n".join(parts), entries, pages


def _cells(passage: Passage, render: Render) -> str:
    cells = line_cells(passage.spans, render)
    if any(cell > 0x3F for cell in cells):
        raise NotSixDots("A cell has dot 7 or 8, and this book says that it has six dots. Translate it for paper.")
    return to_unicode(cells)


def _page(about: About, body: str, head: str) -> str:
    title = escape(_print(about.title) or _FALLBACK_HEADING)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{about.language}-Brai" xml:lang="{about.language}-Brai">\n'
        f'<head><meta charset="UTF-8"/><title>{title}</title>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'
    )


def _index(about: About, entries: Sequence[_Entry], pages: Sequence[tuple[str, str, str]], render: Render) -> str:
    """The primary entry page: the contents, and the print pages where there are any."""
    name = Passage(((label("contents", about.language, short=False).capitalize(), about.language),))
    heading = f"<h2>{escape(_cells(name, render))}</h2>"
    body = f'<nav epub:type="toc" role="doc-toc" aria-label={_attribute(name.spans[0][0])}>{heading}\n'
    body += _nested(entries) + "</nav>"
    if pages:
        items = "".join(
            f'<li><a href="{_TEXT}#{anchor}" title={_attribute(number)}>{cells}</a></li>'
            for anchor, cells, number in pages
        )
        body += f'\n<nav epub:type="page-list" role="doc-pagelist"><ol>{items}</ol></nav>'
    return _page(about, body, '<link rel="publication" href="package.opf" type="application/oebps-package+xml"/>')


def _nested(entries: Sequence[_Entry]) -> str:
    """The headings as lists in lists, each deeper than its parent however many levels were left out."""
    shown = ["<ol>"]
    open_levels: list[int] = []
    for level, anchor, cells in entries:
        while open_levels and open_levels[-1] > level and len(open_levels) > 1:
            shown.append("</li></ol>")
            open_levels.pop()
        if open_levels and level > open_levels[-1]:
            shown.append("<ol>")
            open_levels.append(level)
        elif open_levels:
            shown.append("</li>")
        else:
            open_levels.append(level)
        shown.append(f'<li><a href="{_TEXT}#{anchor}">{cells}</a>')
    return "".join(shown) + "</li></ol>" * len(open_levels) + "\n"


def _package(about: About) -> str:
    systems = about.systems or ({"en": "ueb grade1", "ru": "Russian grade1"}.get(about.language, "Kazakh grade1"),)
    made = about.made.astimezone(UTC)
    properties = [
        ("dcterms:modified", made.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("dcterms:dateCopyrighted", about.copyrighted),
        ("a11y:brailleCellType", "6"),
        *(("a11y:brailleSystem", system) for system in systems),
        ("a11y:completeTranscription", str(about.complete).lower()),
        ("a11y:producer", about.producer),
        ("a11y:tactileGraphics", "none"),
    ]
    elements = [
        ("title", about.title or _FALLBACK_HEADING),
        *(("creator", creator) for creator in about.creators),
        ("language", f"{about.language}-Brai"),
        ("format", "eBraille 1.0"),
        ("date", made.date().isoformat()),
    ]
    metadata = f'<dc:identifier id="uid">{escape(_print(about.identifier))}</dc:identifier>\n'
    metadata += "".join(f"<dc:{name}>{escape(_print(value))}</dc:{name}>\n" for name, value in elements)
    metadata += "".join(f'<meta property="{name}">{escape(_print(value))}</meta>\n' for name, value in properties)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid" xml:lang="{about.language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}</metadata>
<manifest>
<item id="nav" href="index.html" media-type="application/xhtml+xml" properties="nav"/>
<item id="text" href="{_TEXT}" media-type="application/xhtml+xml"/>
<item id="style" href="{_STYLE}" media-type="text/css"/>
</manifest>
<spine><itemref idref="text"/></spine>
</package>
"""


def _print(text: str) -> str:
    """Text without what XML does not allow."""
    return "".join(character for character in text if character.isprintable())


def _attribute(text: str) -> str:
    return quoteattr(_print(text))

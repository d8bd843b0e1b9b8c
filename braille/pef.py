"""Portable Embosser Format 1.0: Braille pages as XML with Unicode cells, so that no language needs to be guessed.

Source: the PEF 1.0 specification (Daisy Consortium, 2011): one head with Dublin Core metadata, one body of volumes,
sections, pages and rows; every volume names its cols, rows, rowgap and duplex.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree as ET

from braille.cells import SIX_DOTS, to_unicode
from braille.errors import NotSixDots

PEF = "http://www.daisy.org/ns/2008/pef"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def write(
    pages: Sequence[Sequence[bytes]],
    width: int,
    height: int,
    *,
    title: str,
    language: str,
    identifier: str,
    made: date,
) -> bytes:
    """A PEF file of one volume, printed on one side. `identifier` is unique to the document, such as a booking's id.

    Raises NotSixDots.
    """
    ET.register_namespace("", PEF)
    ET.register_namespace("dc", DUBLIN_CORE)
    root = ET.Element(f"{{{PEF}}}pef", version="2008-1")
    meta = ET.SubElement(ET.SubElement(root, f"{{{PEF}}}head"), f"{{{PEF}}}meta")
    for name, value in (
        ("format", "application/x-pef+xml"),
        ("identifier", identifier),
        ("title", title),
        ("language", language),
        ("date", made.isoformat()),
    ):
        ET.SubElement(meta, f"{{{DUBLIN_CORE}}}{name}").text = "".join(filter(str.isprintable, value))
    body = ET.SubElement(root, f"{{{PEF}}}body")
    volume = ET.SubElement(body, f"{{{PEF}}}volume", cols=str(width), rows=str(height), rowgap="0", duplex="false")
    section = ET.SubElement(volume, f"{{{PEF}}}section")
    for number, rows in enumerate(pages, 1):
        page = ET.SubElement(section, f"{{{PEF}}}page")
        for row in rows:
            if any(cell > SIX_DOTS for cell in row):
                raise NotSixDots(f"Page {number} has a cell with dot 7 or 8. Lay the text out for paper first.")
            ET.SubElement(page, f"{{{PEF}}}row").text = to_unicode(row)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"

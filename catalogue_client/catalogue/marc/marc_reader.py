"""Takes MARC files apart into records: ISO 2709 at its record marks, MARCXML at its elements.

Damage in one record is reported, and reading goes on behind it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from pymarc import Field, Indicators, Record, Subfield
from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException

from catalogue_client.catalogue.marc.encodings import HEADER, encoding_of

END_OF_RECORD = b"\x1d"
BLOCK = 1 << 16
LONGEST = 1 << 20
"""Bytes of a record; ISO 2709 allows 99,999, damaged files run on."""
MARCXML = "{http://www.loc.gov/MARC21/slim}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One record of a file, or what is wrong with it."""

    number: int
    """1-based in its file."""
    record: Record | None
    problem: str = ""


def read_records(path: Path, encoding: str | None = None) -> Iterator[Piece]:
    """The records of a file in their order. `encoding` of ISO 2709 is one of ENCODINGS; None guesses for each record.

    Raises OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
        file.seek(0)
        if start.startswith(b"<"):
            yield from _from_xml(file)
        else:
            yield from _from_iso2709(file, encoding)


def _from_iso2709(file: BinaryIO, encoding: str | None) -> Iterator[Piece]:
    for number, raw in enumerate(_chunks(file), 1):
        try:
            yield Piece(number, _decoded(raw, encoding or encoding_of(raw)))
        except (PymarcException, ValueError, LookupError, IndexError, AttributeError, TypeError) as error:
            # pymarc answers damage with whatever the damaged place happened to raise
            yield Piece(number, None, f"damaged: {type(error).__name__} {error}".strip())


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """The bytes between record marks, without the line ends some systems put there; the last one may lack its mark."""
    rest = b""
    while block := file.read(BLOCK):
        *whole, rest = (rest + block).split(END_OF_RECORD)
        for raw in whole:
            if raw.strip():
                yield raw.lstrip(b"\xef\xbb\xbf\r\n\t \x1a\x00") + END_OF_RECORD
        if len(rest) > LONGEST:
            yield rest[:LONGEST]
            rest = b""
    if rest.strip(b"\r\n\t \x1a\x00"):
        yield rest


def _decoded(raw: bytes, encoding: str) -> Record:
    if len(raw) < HEADER + 2:
        raise ValueError("too short for a record")
    if not raw.endswith(END_OF_RECORD):
        raise ValueError("cut off before its end")
    # The leader's own word on the encoding is taken out of the way: position 9 is "a" for UTF-8.
    marked = raw[:9] + (b"a" if encoding == "utf-8" else b" ") + raw[10:]
    # Lengths in the leader count only as far as the directory; the record ends where its mark is.
    marked = f"{min(len(marked), 99_999):05}".encode() + marked[5:]
    file_encoding = "iso8859-1" if encoding in ("marc-8", "utf-8") else encoding
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BadSubfieldCodeWarning)  # the rest of such a field is read all the same
        return Record(data=marked, to_unicode=True, file_encoding=file_encoding, utf8_handling="replace")


def _from_xml(file: BinaryIO) -> Iterator[Piece]:
    number = 0
    try:
        for _, element in iterparse(file, forbid_dtd=True):
            if _name(element) == "record":
                number += 1
                yield Piece(number, record_from_xml(element))
                element.clear()
    except (ParseError, DefusedXmlException) as error:
        yield Piece(number + 1, None, f"the XML is damaged or not allowed from here on: {type(error).__name__} {error}")


def record_from_xml(element: Element) -> Record:
    """The record of a MARCXML element `record`, whatever its namespace."""
    leader, fields = " " * HEADER, []
    for child in element:
        tag, text = child.get("tag", ""), child.text or ""
        if _name(child) == "leader":
            leader = text[:HEADER].ljust(HEADER)
        elif _name(child) == "controlfield":
            fields.append(Field(tag=tag, data=text))
        elif _name(child) == "datafield":
            subfields = [Subfield(part.get("code", ""), part.text or "") for part in child if part.text]
            indicators = Indicators(child.get("ind1", " "), child.get("ind2", " "))
            fields.append(Field(tag=tag, indicators=indicators, subfields=subfields))
    return Record(fields=fields, leader=leader)


def _name(element: Element) -> str:
    return element.tag.removeprefix(MARCXML).rpartition("}")[2]

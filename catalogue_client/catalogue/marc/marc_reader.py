"""Takes MARC files apart into records: ISO 2709 at its marks, MARCXML at its elements, ИРБИС's text at its lines.

A file is read as a stream, whatever its size. A record is cut out first and understood only when somebody asks: one
whose bytes are known is not. Damage in one is reported, and reading goes on behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from pymarc import Field, Indicators, Record, Subfield

from catalogue_client.catalogue.marc.encodings import TextEncoding, encoding_of, encoding_of_file
from catalogue_client.catalogue.marc.irbis_text import END, looks_like_irbis_text, record_from_irbis_text
from catalogue_client.catalogue.marc.iso2709 import END_OF_RECORD, HEADER, record_from_iso2709

BLOCK = 1 << 16
LONGEST = 1 << 20
"""Bytes of a record; ISO 2709 allows 99,999, damaged files run on."""
SAMPLED = 400
"""Records by which the encoding of a file is found."""
MARCXML = "{http://www.loc.gov/MARC21/slim}"
INSIDE = ("leader", "controlfield", "datafield")


@dataclass(frozen=True, slots=True)
class Piece:
    """One record of a file, or what is wrong with it."""

    number: int
    """1-based in its file."""
    record: Record | None
    problem: str = ""
    encoding: str = "utf-8"
    doubtful: bool = False
    """Its text looks like no language of this library."""


@dataclass(frozen=True, slots=True)
class RawPiece:
    """One record of a file before it is understood."""

    number: int
    """1-based in its file."""
    digest: str
    """Of its bytes; "" when they could not be had."""
    read: Callable[[], Piece]
    cut: bool = False
    """The file ends or breaks here: what would follow is not known."""


def read_records(path: Path, encoding: str | None = None) -> Iterator[Piece]:
    """The records of a file in their order. `encoding` of ISO 2709 is one of ENCODINGS; None guesses for each record.

    Raises OSError when the file cannot be read.
    """
    for raw in raw_records(path, encoding):
        yield raw.read()


def raw_records(path: Path, encoding: str | None = None) -> Iterator[RawPiece]:
    """The same, cut out but not yet understood. Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
        file.seek(0)
        if start.startswith(b"<"):
            yield from _from_xml(file)
            return
        text = looks_like_irbis_text(start)
        of_file = encoding or encoding_of_file(islice(_chunks(file, text), SAMPLED))
        file.seek(0)
        forced = TextEncoding(encoding) if encoding else None
        make = record_from_irbis_text if text else record_from_iso2709
        for number, raw in enumerate(_chunks(file, text), 1):
            cut = not text and not raw.endswith(END_OF_RECORD)
            yield RawPiece(
                number, _digest(raw, encoding), partial(_understood, number, raw, forced, of_file, make), cut
            )


def _digest(raw: bytes, encoding: str | None) -> str:
    return hashlib.blake2s(raw, digest_size=12, key=(encoding or "").encode()).hexdigest()


def _understood(
    number: int, raw: bytes, forced: TextEncoding | None, of_file: str, make: Callable[[bytes, str], Record]
) -> Piece:
    reading = forced or encoding_of(raw, of_file)
    try:
        # A zero byte means nothing in any of these encodings, and PostgreSQL keeps no text with one. The length stays.
        text = raw.replace(b"\0", b" ")
        return Piece(number, make(text, reading.encoding), "", reading.encoding, reading.doubtful)
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        # pymarc answers damage with whatever the damaged place happened to raise
        return Piece(number, None, f"damaged: {error}".strip(": "), reading.encoding)


def _chunks(file: BinaryIO, text: bool) -> Iterator[bytes]:
    return _lines_of_records(file) if text else _between_marks(file)


def _between_marks(file: BinaryIO) -> Iterator[bytes]:
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


def _lines_of_records(file: BinaryIO) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    while line := file.readline(LONGEST):
        if not line.startswith(END):
            lines.append(line)
            size += len(line)
        if lines and (line.startswith(END) or size > LONGEST):
            yield b"".join(lines)
            lines, size = [], 0
    if b"".join(lines).strip():
        yield b"".join(lines)


def _from_xml(file: BinaryIO) -> Iterator[RawPiece]:
    number = 0
    open_elements: list[Element] = []
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                open_elements.append(element)
                continue
            open_elements.pop()
            # OAI and SRU wrap a record in another element of that name, which has no fields.
            if local_name(element) == "record" and any(local_name(child) in INSIDE for child in element):
                number += 1
                piece = Piece(number, record_from_xml(element))
                yield RawPiece(number, digest_of_xml(element), lambda piece=piece: piece)  # type: ignore[misc]
            if local_name(element) == "record":
                element.clear()
                if open_elements:
                    open_elements[-1].remove(element)  # else a large file's empty records fill the memory
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        # The last two: an encoding is declared that expat cannot read, or nobody knows.
        problem = f"the XML is damaged or not allowed from here on: {type(error).__name__} {error}"
        piece = Piece(number + 1, None, problem)
        yield RawPiece(number + 1, "", lambda: piece, cut=True)


def digest_of_xml(element: Element, identifier: str = "") -> str:
    """Return a digest of what matters in a record's element, whatever its prefixes and spaces."""
    parts = [identifier]
    for part in element.iter():
        parts += (local_name(part), part.get("tag", ""), part.get("ind1", ""), part.get("ind2", ""))
        parts += (part.get("code", ""), (part.text or "").strip())
    return _digest("\x1f".join(parts).encode("utf-8", "replace"), None)


def record_from_xml(element: Element) -> Record:
    """The record of a MARCXML element `record`, whatever its namespace."""
    leader, fields = " " * HEADER, []
    for child in element:
        tag, text = child.get("tag", ""), child.text or ""
        if local_name(child) == "leader":
            leader = text[:HEADER].ljust(HEADER)
        elif local_name(child) == "controlfield":
            fields.append(Field(tag=tag, data=text))
        elif local_name(child) == "datafield":
            subfields = [Subfield(part.get("code", ""), part.text or "") for part in child if part.text]
            indicators = Indicators(child.get("ind1", " "), child.get("ind2", " "))
            fields.append(Field(tag=tag, indicators=indicators, subfields=subfields))
    return Record(fields=fields, leader=leader)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.removeprefix(MARCXML).rpartition("}")[2]

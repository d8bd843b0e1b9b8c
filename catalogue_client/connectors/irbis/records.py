"""Records as ИРБИС64 sends them: lines `tag#value`, subfields marked `^x`, one letter or digit, case not minded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pymarc import Field, Indicators, Record, Subfield

from catalogue_client.errors import BadAnswer

LOGICALLY_DELETED = 1
DELETED = 0b11
"""Bits of the status: deleted, and deleted for good."""
FREE = "0"
"""910 ^a of a copy that can be taken: 1 is lent, 2 awaited, 3 in the bindery, 4 lost, 5 not lent, 6 written off."""
GROUPS = frozenset("URC")
"""910 ^a of copies counted together: ^1 holds their number, ^2 how many of them are lent."""
MOST_COPIES = 500
ANNOTATION = 331
"""UNIMARC has it in 330."""
LINE = re.compile(r"(\d{1,6})#(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IrbisRecord:
    """One record of any database."""

    number: int
    """MFN, 1-based; 0 for a record that is yet to be written."""
    status: int
    version: int
    fields: tuple[tuple[int, str], ...]

    @property
    def is_deleted(self) -> bool:
        """Whether the library has deleted it."""
        return bool(self.status & DELETED)

    def first(self, tag: int, code: str = "") -> str:
        """The first value of a field, or of a subfield of it; "" when there is none."""
        return next((found for value in self.all(tag) if (found := subfield(value, code))), "")

    def all(self, tag: int) -> tuple[str, ...]:
        """Every field of that tag."""
        return tuple(value for known, value in self.fields if known == tag)

    def deleted(self) -> IrbisRecord:
        """The same, to be written as deleted."""
        return replace(self, status=self.status | LOGICALLY_DELETED)

    def lines(self) -> list[str]:
        """As the server takes it."""
        head = [f"{self.number}#{self.status}", f"0#{self.version}"]
        return head + [f"{tag}#{value}" for tag, value in self.fields]


def record_of(lines: Sequence[str]) -> IrbisRecord:
    """Raises BadAnswer. A line that is no field costs itself."""
    try:
        number, status = _pair(lines[0])
        _, version = _pair(lines[1])
    except (IndexError, ValueError) as error:
        raise BadAnswer("ИРБИС64: a record that does not begin like one") from error
    found = (LINE.fullmatch(line) for line in lines[2:])
    return IrbisRecord(number, status, version, tuple((int(match[1]), match[2]) for match in found if match))


def _pair(line: str) -> tuple[int, int]:
    first, _, second = line.partition("#")
    return int(first), int(second or 0)


def subfield(value: str, code: str) -> str:
    """One subfield's text; with code "" what stands before the first of them."""
    before, *parts = value.split("^")
    if not code:
        return before.strip()
    return next((part[1:].strip() for part in parts if part[:1].lower() == code.lower()), "")


def written(text: str) -> str:
    """Text that can stand in a field: without what the protocol gives a meaning."""
    return re.sub(r"[\^\x00-\x1f]+", " ", text).strip()


def marc_of(record: IrbisRecord) -> Record:
    """The record as UNIMARC, from which its fields descend; its id is the code of the book (903), else the MFN."""
    fields = [Field(tag="001", data=book_id(record))]
    for tag, value in record.fields:
        if tag == 910:
            for place in _free(value):
                fields.append(_field("910", [Subfield("a", FREE), Subfield("d", place), *_barcode(value)]))
        elif 10 <= tag <= 999 and tag != 903:
            before, *parts = value.split("^")
            subfields = [Subfield(part[0].lower(), part[1:].strip()) for part in parts if part[1:].strip()]
            if before.strip():
                subfields.insert(0, Subfield("a", before.strip()))
            if subfields:
                fields.append(_field(f"{330 if tag == ANNOTATION else tag:03}", subfields))
    return Record(fields=fields)


def book_id(record: IrbisRecord) -> str:
    """By which loans and holds name a book."""
    return record.first(903) or str(record.number)


def _field(tag: str, subfields: list[Subfield]) -> Field:
    return Field(tag=tag, indicators=Indicators(" ", " "), subfields=subfields)


def _barcode(value: str) -> list[Subfield]:
    barcode = subfield(value, "h") or subfield(value, "b")
    return [Subfield("h", barcode)] if barcode else []


def _free(value: str) -> list[str]:
    """The place of each copy of a 910 that can be taken."""
    status, place = subfield(value, "a").upper() or FREE, subfield(value, "d")
    if status in GROUPS:
        there, lent = (int(text) if text.isdecimal() else 0 for text in (subfield(value, "1"), subfield(value, "2")))
        return [place] * min(max(0, there - lent), MOST_COPIES)
    return [place] if status == FREE else []

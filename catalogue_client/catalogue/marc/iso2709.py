"""Takes one ISO 2709 record apart. Damage costs the subfield that it is in, never the record.

Lengths in the directory are believed only where a field ends there; else the marks between the fields count.
"""

from __future__ import annotations

import unicodedata

from pymarc import Field, Indicators, Record, Subfield
from pymarc.marc8 import marc8_to_unicode

HEADER = 24
END_OF_FIELD = b"\x1e"
END_OF_RECORD = b"\x1d"
ENTRY = 12
"""Bytes of an entry of the directory: tag, length, start."""
MARC8 = "marc-8"
WORST = 0.5
"""Share of the fields that may be lost before the record counts as damaged as a whole."""


def record_from_iso2709(raw: bytes, encoding: str) -> Record:
    """Return the record in `raw`, its end mark included. Raises ValueError for what is no record or is cut off."""
    if len(raw) < HEADER + 2:
        raise ValueError("too short for a record")
    if not raw.endswith(END_OF_RECORD):
        raise ValueError("cut off before its end")
    head, mark, body = raw[HEADER:-1].partition(END_OF_FIELD)
    entries = [head[start : start + ENTRY] for start in range(0, len(head) - ENTRY + 1, ENTRY)]
    if not mark or not entries:
        raise ValueError("no directory")
    found = _by_directory(entries, body) or _by_marks(entries, body)
    fields = [field for tag, data in found if (field := _field(tag, data, encoding)) is not None]
    if len(fields) < WORST * len(entries) or not fields:
        raise ValueError("most of its fields cannot be read")
    return Record(fields=fields, leader=raw[:HEADER].decode("ascii", "replace").replace("\ufffd", " "))


def _by_directory(entries: list[bytes], body: bytes) -> list[tuple[str, bytes]]:
    """The fields where the directory says, or nothing when one of them does not end there."""
    found: list[tuple[str, bytes]] = []
    for entry in entries:
        tag, length, start = entry[:3], entry[3:7], entry[7:]
        if not (length.isdigit() and start.isdigit()):
            return []
        data = body[int(start) : int(start) + int(length)]
        if not data.endswith(END_OF_FIELD) or data.count(END_OF_FIELD) != 1:
            return []
        found.append((tag.decode("ascii", "replace"), data[:-1]))
    return found


def _by_marks(entries: list[bytes], body: bytes) -> list[tuple[str, bytes]]:
    """The fields as the marks cut them, tags by the order of their starts in the directory."""
    pieces = body.removesuffix(END_OF_FIELD).split(END_OF_FIELD)
    if all(entry[7:].isdigit() for entry in entries) and len({entry[7:] for entry in entries}) == len(entries):
        entries = sorted(entries, key=lambda entry: int(entry[7:]))
    return [(entry[:3].decode("ascii", "replace"), data) for entry, data in zip(entries, pieces, strict=False)]


def _field(tag: str, data: bytes, encoding: str) -> Field | None:
    """None when nothing in it can be read."""
    if not (tag.isascii() and tag.isalnum()):
        return None
    if tag < "010" and tag.isdigit():
        return Field(tag=tag, data=_text(data, encoding).strip("\x1f"))
    head, *parts = data.split(b"\x1f")
    marks = head[-2:].decode("ascii", "replace").ljust(2)
    subfields = [
        Subfield(chr(part[0]), text)
        for part in parts
        if part and 0x21 <= part[0] < 0x7F and (text := _text(part[1:], encoding))
    ]
    if not subfields:
        # Some systems write a field without subfields where one should be.
        text = "" if parts else _text(data, encoding).strip()
        subfields = [Subfield("a", text)] if text else []
    return Field(tag=tag, indicators=Indicators(marks[0], marks[1]), subfields=subfields) if subfields else None


def _text(data: bytes, encoding: str) -> str:
    if data.isascii() and 0x1B not in data:
        return data.decode("ascii")
    text = marc8_to_unicode(data, hide_utf8_warnings=True) if encoding == MARC8 else data.decode(encoding, "replace")
    return unicodedata.normalize("NFC", text)

"""Reads ИРБИС's text export: a line a field, "#910: ^A0^B1234", and a line of asterisks after each record.

ИРБИС describes books nearly as RUSMARC does; where it does otherwise, its fields get RUSMARC's tags and subfields.
"""

from __future__ import annotations

import re

from pymarc import Field, Indicators, Record, Subfield

END = b"*****"
LINE = re.compile(r"#(\d{1,4}):\s?(.*)", re.DOTALL)
RENAMED = {"331": "330", "10": "010", "903": "001", "922": "327", "517": "517"}
"""ИРБИС's tag -> RUSMARC's, where it is another."""
LEADER = "00000nam a2200000 i 4500"
SUBFIELDS = {"200": {"v": "h"}, "461": {"c": "t", "x": "f"}, "700": {"1": "4"}}
"""Tag -> ИРБИС's subfield -> RUSMARC's."""


def looks_like_irbis_text(start: bytes) -> bool:
    """Return whether a file that begins with `start` is such an export."""
    return re.match(rb"#\d{1,4}:", start) is not None


def record_from_irbis_text(raw: bytes, encoding: str) -> Record:
    """Return the record in the lines of `raw`. Raises ValueError when no line is a field."""
    fields: list[Field] = []
    for line in raw.decode(encoding, "replace").splitlines():
        if found := LINE.fullmatch(line.strip("\ufeff\r\n")):
            fields += _fields(*found.groups())
    if not fields:
        raise ValueError("no line of a field")
    return Record(fields=fields, leader=LEADER)


def _fields(tag: str, text: str) -> list[Field]:
    tag = RENAMED.get(tag, tag).zfill(3)
    if len(tag) > 3 or not text.strip():
        return []
    if tag == "001":
        return [Field(tag=tag, data=text.strip())]
    renamed = SUBFIELDS.get(tag, {})
    before, *parts = text.split("^")
    subfields = [Subfield("a", before.strip())] if before.strip() else []
    for part in parts:
        if part[1:].strip():
            code = part[0].lower()
            subfields.append(Subfield(renamed.get(code, code), part[1:].strip()))
    return [Field(tag=tag, indicators=Indicators(" ", " "), subfields=subfields)] if subfields else []

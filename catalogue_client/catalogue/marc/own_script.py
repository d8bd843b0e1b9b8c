"""MARC21's fields 880: the same title or name in its own script. Cyrillic is what Dauys speaks, so it comes first."""

from __future__ import annotations

import re

from pymarc import Field, Record

CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LINK = re.compile(r"(\d{3})-(\d{2})")
PAIRED = ("100", "110", "240", "245", "490", "700", "800", "830")


def in_own_script(record: Record) -> tuple[Record, tuple[Field, ...]]:
    """Return the record with Cyrillic where it has both, and the fields that are left over in the other script.

    Without fields 880 it is the record itself.
    """
    others = record.get_fields("880")
    if not others:
        return record, ()
    linked: dict[tuple[str, str], Field] = {}
    unlinked: list[Field] = []
    for other in others:
        found = LINK.match(other.get("6") or "")
        if found is None or found[1] not in PAIRED:
            continue
        again = Field(tag=found[1], indicators=other.indicators, subfields=list(other.subfields))
        if found[2] == "00":
            unlinked.append(again)
        else:
            linked[found[1], found[2]] = again
    fields: list[Field] = []
    left = list(unlinked)
    for field in record.fields:
        found = LINK.match(field.get("6") or "") if not field.is_control_field() and field.tag in PAIRED else None
        own = linked.get((field.tag, found[2])) if found else None
        if own is None:
            fields.append(field)
            continue
        spoken = own if CYRILLIC.search(_text(own)) and not CYRILLIC.search(_text(field)) else field
        fields.append(spoken)
        left.append(field if spoken is own else own)
    return Record(fields=fields, leader=str(record.leader)), tuple(left)


def _text(field: Field) -> str:
    return " ".join(subfield.value for subfield in field.subfields)

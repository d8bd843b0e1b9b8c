"""The copies of a MARC record, as far as it says: where each stands, its bar code, and what keeps it from being taken.

MARC21: 952 (Koha), 852 with 876 to 878. UNIMARC: 995 (Koha), 930. RUSMARC: 899. ИРБИС: 910.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from pymarc import Field, Record

from catalogue_client.catalogue.marc.copy_status import (
    AWAITED,
    LENT,
    LOST,
    READING_ROOM,
    REPAIR,
    SHELF,
    WITHDRAWN,
    irbis_status,
    status_of_words,
)

NOTHING = ("", "0")
MOST_IN_A_GROUP = 500
"""Copies that one field may stand for; more is a slip of the pen."""
CODE_LENGTH = 96


@dataclass(frozen=True, slots=True)
class CopyNote:
    """What a record says of one copy."""

    code: str
    """Of its place, as the record writes it; "" when it says nothing. "ORGANISATION/BRANCH" where it says both."""
    status: str
    """One of those of circulation/items.py."""
    item: str = ""
    """Its bar code, or its inventory number; "" when it says neither."""
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """One kind of field for a copy."""

    place: str
    """Subfields that may name the place, the first filled one counts."""
    within: str = ""
    """Subfield of the organisation whose place that is."""
    item: str = ""
    """Subfields that tell the copy from others, the first filled one counts."""
    barcode: str = ""
    """The one of them that is a bar code."""
    flags: dict[str, str] = field(default_factory=dict)
    """Subfield -> what it means when it is filled with anything but 0; the first that is filled counts."""


HOLDINGS = {
    # Koha's own order: withdrawn, lost, damaged, due date, restricted; not for loan is below zero while on order.
    "952": Holdings(
        "ba", item="pi9", barcode="p",
        flags={"0": WITHDRAWN, "1": LOST, "4": REPAIR, "q": LENT, "7": READING_ROOM, "5": READING_ROOM},
    ),
    "995": Holdings(
        "cb", item="fj9", barcode="f",
        flags={"0": WITHDRAWN, "2": LOST, "1": REPAIR, "n": LENT, "o": READING_ROOM, "3": READING_ROOM},
    ),
    "930": Holdings("b", item="5"),
    "852": Holdings("bca", item="p", barcode="p"),
    "899": Holdings("b", within="a", item="px", barcode="p"),
    "910": Holdings("d", item="hb", barcode="h"),
}  # fmt: skip
"""MARC tag -> how it tells of copies."""
ITEM_FIELDS = ("876", "877", "878")
"""MARC21: one copy of what a field 852 has; $8 says which."""


def copies(record: Record, tags: Collection[str] = HOLDINGS.keys()) -> Iterator[CopyNote]:
    """The copies that the record names in fields `tags`, in its order."""
    for tag in tags:
        if tag == "852" and any(record.get_fields(*ITEM_FIELDS)):
            yield from _items(record)
            continue
        for holding in record.get_fields(tag):
            if tag == "910":
                yield from _irbis(holding)
            else:
                yield _copy(holding, HOLDINGS[tag])


def standing(record: Record) -> Counter[str]:
    """Place as the record writes it -> copies there that nothing is said against."""
    return Counter(copy.code for copy in copies(record) if copy.code and copy.status == SHELF)


def barcodes(record: Record) -> tuple[str, ...]:
    """Bar codes of all copies, in the order of the record, those that can be taken now before the others."""
    coded = [copy for copy in copies(record) if copy.barcode]
    there = (copy.barcode for copy in coded if copy.status == SHELF)
    return tuple(dict.fromkeys((*there, *(copy.barcode for copy in coded if copy.status != SHELF))))


def _copy(holding: Field, kind: Holdings) -> CopyNote:
    code = _filled(holding, kind.place)
    if kind.within and (organisation := _first(holding, kind.within)):
        code = f"{organisation}/{code}" if code else organisation
    status = next((said for flag, said in kind.flags.items() if _first(holding, flag) not in NOTHING), SHELF)
    if status == READING_ROOM and (_first(holding, "7") or _first(holding, "o")).startswith("-"):
        status = AWAITED  # Koha's "on order" and "in processing" are below zero
    barcode = _first(holding, kind.barcode) if kind.barcode else ""
    return CopyNote(code[:CODE_LENGTH], status, _filled(holding, kind.item), barcode)


def _items(record: Record) -> Iterator[CopyNote]:
    """Copies of MARC21 876 to 878, each at the place of its 852."""
    shelves = record.get_fields("852")
    linked = {_link(shelf): shelf for shelf in reversed(shelves)}
    used: set[str] = set()
    for item in record.get_fields(*ITEM_FIELDS):
        shelf = linked.get(_link(item)) or (shelves[0] if shelves else None)
        used.add(_link(item))
        code = _first(item, "l") or (_filled(shelf, HOLDINGS["852"].place) if shelf is not None else "")
        status = status_of_words(" ".join((*item.get_subfields("j"), *item.get_subfields("h"))))
        yield CopyNote(code[:CODE_LENGTH], status, _filled(item, "pa"), _first(item, "p"))
    for link, shelf in linked.items():
        if link and link not in used:
            yield _copy(shelf, HOLDINGS["852"])


def _link(holding: Field) -> str:
    return _first(holding, "8").partition(".")[0]


def _irbis(holding: Field) -> Iterator[CopyNote]:
    """ИРБИС: one copy, or a group without numbers of its own ($1 in all, $2 of them lent)."""
    code, said = _first(holding, "d")[:CODE_LENGTH], _first(holding, "a").upper()
    barcode, number = _first(holding, "h"), _first(holding, "b")
    if said not in ("U", "R", "C"):
        yield CopyNote(code, irbis_status(said), barcode or number.strip("*"), barcode)
        return
    count = min(_number(_first(holding, "1") or number) or 1, MOST_IN_A_GROUP)
    lent = min(_number(_first(holding, "2")), count)
    for nth in range(count):
        yield CopyNote(code, LENT if nth < lent else SHELF, "", barcode if nth == lent else "")


def _number(text: str) -> int:
    found = re.match(r"\d{1,6}", text)
    return int(found.group()) if found else 0


def _filled(holding: Field, codes: str) -> str:
    return next((value for code in codes if (value := _first(holding, code))), "")


def _first(holding: Field, code: str) -> str:
    return (holding.get(code) or "").strip()

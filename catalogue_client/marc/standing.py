"""Where the copies of a MARC record stand, as far as the record says: Koha writes there what is lent or lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pymarc import Field, Record

NOTHING = ("", "0")


@dataclass(frozen=True, slots=True)
class Holdings:
    """One kind of field for a copy."""

    place: str
    """Subfields that may name the place, the first filled one counts."""
    away: str = ""
    """Subfields that say, when filled with anything but 0, that the copy cannot be taken now."""
    barcode: str = ""
    """Subfield of the bar code."""


HOLDINGS = {
    "952": Holdings("b", away="q1475", barcode="p"),  # Koha, MARC21: due date, lost, damaged, not for loan, restricted
    "995": Holdings("b", away="no2", barcode="f"),  # Koha, UNIMARC: due date, not for loan, lost
    "852": Holdings("ba", barcode="p"),
    "899": Holdings("a"),
    "910": Holdings("d", barcode="h"),  # IRBIS
}
"""MARC tag -> how it tells of copies."""


def standing(record: Record) -> Counter[str]:
    """Place as the record writes it -> copies there that nothing is said against."""
    found: Counter[str] = Counter()
    for tag, holdings in HOLDINGS.items():
        for field in record.get_fields(tag):
            place = next((told for code in holdings.place if (told := _first(field, code))), "")
            if place and all(_first(field, code) in NOTHING for code in holdings.away):
                found[place] += 1
    return found


def barcodes(record: Record) -> tuple[str, ...]:
    """Bar codes of all copies, in the order of the record, those that can be taken now before the others."""
    there: list[str] = []
    away: list[str] = []
    for tag, holdings in HOLDINGS.items():
        for field in record.get_fields(tag) if holdings.barcode else ():
            if barcode := _first(field, holdings.barcode):
                free = all(_first(field, code) in NOTHING for code in holdings.away)
                (there if free else away).append(barcode)
    return tuple(dict.fromkeys((*there, *away)))


def _first(field: Field, code: str) -> str:
    return (field.get(code) or "").strip()

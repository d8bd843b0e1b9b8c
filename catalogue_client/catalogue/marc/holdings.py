"""Where the copies of a MARC record stand, as far as the record says: Koha writes there what is lent or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
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
    lent: str = ""
    """The one of `away` that holds the date at which a copy is due."""
    lost: str = ""
    """The one of `away` that says that nobody knows where it is."""


HOLDINGS = {
    "952": Holdings(
        "b", away="q1475", barcode="p", lent="q", lost="1"
    ),  # Koha, MARC21: due date, lost, damaged, not for loan, restricted
    "995": Holdings("b", away="no2", barcode="f", lent="n", lost="2"),  # Koha, UNIMARC: due date, not for loan, lost
    "852": Holdings("ba", barcode="p"),
    "899": Holdings("a"),
    "910": Holdings("d", barcode="h"),  # IRBIS
}
"""MARC tag -> how it tells of copies."""


def copies(record: Record, tags: Collection[str] = HOLDINGS.keys()) -> Iterator[tuple[str, str]]:
    """For each copy the place as the record writes it, or "", and what keeps it from being taken: "lent", "lost",
    "away", or "" for nothing."""
    for tag in tags:
        holdings = HOLDINGS[tag]
        for field in record.get_fields(tag):
            place = next((written for code in holdings.place if (written := _first(field, code))), "")
            said = [code for code in holdings.away if _first(field, code) not in NOTHING]
            if holdings.lost and holdings.lost in said:
                yield place, "lost"
            elif holdings.lent and holdings.lent in said:
                yield place, "lent"
            else:
                yield place, "away" if said else ""


def standing(record: Record) -> Counter[str]:
    """Place as the record writes it -> copies there that nothing is said against."""
    return Counter(place for place, kept_by in copies(record) if place and not kept_by)


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

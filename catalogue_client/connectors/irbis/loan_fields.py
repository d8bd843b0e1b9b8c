"""Loans in a reader's record of ИРБИС64: field 40, one for each book given out and each visit."""

from __future__ import annotations

from datetime import date, datetime

from catalogue_client.connectors.irbis.records import subfield
from catalogue_client.values.accounts import Loan

BOOK, INVENTORY, BARCODE, TITLE, DUE, RETURNED, LOST = "a", "b", "h", "c", "e", "f", "u"


def loan_of(value: str, today: date) -> Loan | None:
    """None for a visit, and for a book that was given back: asterisks stand where its date will be."""
    returned = subfield(value, RETURNED)
    book = subfield(value, BOOK)
    if (returned and not returned.startswith("*")) or not book:
        return None
    number = subfield(value, BARCODE) or subfield(value, INVENTORY) or book
    due = _date(subfield(value, DUE))
    late = max(0, (today - due).days) if due else 0
    return Loan(number, book, subfield(value, TITLE) or book, "", due, 0, False, "ask_staff", late)


def _date(text: str) -> date | None:
    """YYYYMMDD; None for anything else."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None

"""What of a delivery or a call-back is personal: sealed in the database, as JSON."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One book of a delivery."""

    record_id: str
    copy_id: int
    loan_id: int | None
    """The loan that a collection ends."""
    place_id: str
    """Where the copy stood when it was booked."""
    grams: int
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Personal:
    """The personal part of a delivery. Empty fields were deleted or are not known."""

    ticket: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    """For the courier; never says why the reader has deliveries unless the reader agreed."""
    code: str = ""
    """Four digits that the reader says to the courier."""
    courier: str = ""
    courier_phone: str = ""
    items: tuple[KeptItem, ...] = ()
    """Its books, once it is over; see kept_items.py."""


def new_code(kind: Literal["delivery", "collection"]) -> str:
    """Return what the reader says at the door to the library's own driver; "" where books are only fetched."""
    return f"{secrets.randbelow(10_000):04}" if kind == "delivery" else ""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Who is to be called back, and about what."""

    ticket: str = ""
    caller: str = ""
    context: str = ""

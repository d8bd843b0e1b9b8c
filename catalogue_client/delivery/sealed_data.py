"""What of a delivery, a right or a call-back is personal: kept sealed, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from catalogue_client.store.encryption import Encryption


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
    """Four digits that the reader tells the courier."""
    courier: str = ""
    courier_phone: str = ""
    items: tuple[KeptItem, ...] = ()
    """Its books, once it is over; see kept_items.py."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Why a reader may have deliveries: who looked at what paper. Never the diagnosis, never a copy of the paper."""

    verified_by: str = ""
    paper: str = ""
    """The kind of paper only, such as "certificate of disability"."""
    district: str = ""
    may_tell: bool = False
    """The reader agreed that a courier may be told that the reader does not see."""
    until: date | None = None
    """The last day of the right; None for none."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Who is to be called back, and about what."""

    ticket: str = ""
    caller: str = ""
    context: str = ""


Kept = TypeVar("Kept", Personal, Entitlement, CallBack)

ADAPTERS: Mapping[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (Personal, Entitlement, CallBack)}
"""Made once: making one takes longer than a booking's own work."""


def sealed(secrecy: Encryption, value: Personal | Entitlement | CallBack) -> bytes:
    """`value` for the database."""
    return secrecy.seal(ADAPTERS[type(value)].dump_json(value).decode())


def opened(secrecy: Encryption, kept: bytes | None, kind: type[Kept]) -> Kept:
    """What was sealed; an empty value for None."""
    return kind() if kept is None else cast(Kept, ADAPTERS[kind].validate_json(secrecy.unseal(kept)))

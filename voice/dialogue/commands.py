"""What a conversation asks of the world outside it. The session does it; the outcome comes back as an event."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Newcomer, Preferences
from catalogue_client.values.bibliographic import Query


@dataclass(frozen=True, slots=True)
class Search:
    """Answered with Results."""

    query: Query


@dataclass(frozen=True, slots=True)
class ListNewBooks:
    """Answered with Results."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class FindHoldings:
    """Where a record stands now. Answered with tuple[Shelf, ...]."""

    record_id: str
    near: str | None = None
    """Place id; nearest first."""


@dataclass(frozen=True, slots=True)
class FindPlace:
    """Answered with tuple[Place, ...], best first; all places when the name is ""."""

    name: str
    said: str = ""
    """The whole wish: it may say that a library is meant, or a station."""


@dataclass(frozen=True, slots=True)
class Identify:
    """Answered with Reader."""

    ticket: str
    pin: str


@dataclass(frozen=True, slots=True)
class ListHistory:
    """Answered with tuple[Loan, ...], what was given back, the latest first; None when the reader keeps no history."""

    ticket: str


@dataclass(frozen=True, slots=True)
class ListLoans:
    """Answered with tuple[Loan, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class ListHolds:
    """Answered with tuple[Hold, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class UsedHolds:
    """The reader's own holds that a delivery of these records uses up. Answered with tuple[Hold, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    """Answered with tuple[Delivery, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class AcknowledgeDeliveryNews:
    """The reader has been told what went wrong with deliveries. Answered with None."""

    ticket: str
    heard: tuple[tuple[str, str], ...]
    """(delivery id, what was told: Delivery.news)."""


@dataclass(frozen=True, slots=True)
class ListRequestOutcomes:
    """What became of wishes that had to wait for the library system. Answered with tuple[Wish, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class AcknowledgeRequestOutcomes:
    """The reader has been told. Answered with None."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Changes the world; only from a confirmed read-back. Answered with Hold."""

    ticket: str
    record_id: str
    place_id: str


@dataclass(frozen=True, slots=True)
class CancelHold:
    """Changes the world; only from a confirmed read-back, or as undo. Answered with Hold."""

    ticket: str
    hold_id: str


@dataclass(frozen=True, slots=True)
class Renew:
    """Changes the world; only from a confirmed read-back. Answered with Loan."""

    ticket: str
    loan_id: str


@dataclass(frozen=True, slots=True)
class RenewAll:
    """Changes the world; only from a confirmed read-back. Answered with tuple[RenewOutcome, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class DeliverySlots:
    """Answered with tuple[Slot, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionSlots:
    """Answered with tuple[Slot, ...]. Empty loan_ids means all loans."""

    ticket: str
    loan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookDelivery:
    """Changes the world; only from a confirmed read-back. Answered with Delivery."""

    ticket: str
    record_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""


@dataclass(frozen=True, slots=True)
class BookCollection:
    """Changes the world; only from a confirmed read-back. Answered with Delivery."""

    ticket: str
    loan_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""


@dataclass(frozen=True, slots=True)
class CancelDelivery:
    """Changes the world; only from a confirmed read-back, or as undo. Answered with Delivery."""

    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class CourierPhone:
    """Connect the reader with the courier. Answered with str: "" when the call was connected, else the number to dial,
    with an extension to key after a comma."""

    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Register:
    """Changes the world; only from a confirmed read-back. Answered with Reader."""

    newcomer: Newcomer


@dataclass(frozen=True, slots=True)
class SetAddress:
    """Changes the world; only from a confirmed read-back. Answered with Reader."""

    ticket: str
    address: str


@dataclass(frozen=True, slots=True)
class SavePreferences:
    """Answered with None."""

    ticket: str
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class HandOver:
    """Bring a person on the line, or leave a call-back request with the context. Answered with bool: True when the call
    was transferred, False when a call-back request was left."""

    context: str
    ticket: str = ""


Command = (
    Search
    | ListNewBooks
    | FindHoldings
    | FindPlace
    | Identify
    | ListLoans
    | ListHistory
    | ListHolds
    | UsedHolds
    | ListDeliveries
    | AcknowledgeDeliveryNews
    | ListRequestOutcomes
    | AcknowledgeRequestOutcomes
    | PlaceHold
    | CancelHold
    | Renew
    | RenewAll
    | DeliverySlots
    | CollectionSlots
    | BookDelivery
    | BookCollection
    | CancelDelivery
    | CourierPhone
    | Register
    | SetAddress
    | SavePreferences
    | HandOver
)

CHANGES = (
    PlaceHold,
    CancelHold,
    Renew,
    RenewAll,
    BookDelivery,
    BookCollection,
    CancelDelivery,
    Register,
    SetAddress,
)
"""Asks that change the world: reachable only through Confirm and yes, or undo of what was just done."""

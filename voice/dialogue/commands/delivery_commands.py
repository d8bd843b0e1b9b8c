"""What is asked of delivery: hours, bookings, collections, what is on its way."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Hold
from catalogue_client.values.shipments import Delivery, Slot
from voice.dialogue.commands.command import RING_DEADLINE_S, ChangeCommand, Command
from voice.values.intents import Intent


@dataclass(frozen=True, slots=True)
class UsedHolds(Command[tuple[Hold, ...]]):
    """The reader's own holds that a delivery of these records uses up. Answered with tuple[Hold, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliverySlots(Command[tuple[Slot, ...]]):
    """Answered with tuple[Slot, ...]."""

    ticket: str
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionSlots(Command[tuple[Slot, ...]]):
    """Answered with tuple[Slot, ...]. Empty loan_ids means all loans."""

    ticket: str
    loan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookDelivery(ChangeCommand[Delivery]):
    """Answered with Delivery."""

    ticket: str
    record_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""
    address: str = ""
    """Where this delivery goes; "" for the address on file."""


@dataclass(frozen=True, slots=True)
class BookCollection(ChangeCommand[Delivery]):
    """Answered with Delivery."""

    ticket: str
    loan_ids: tuple[str, ...]
    slot_id: str
    note: str = ""
    may_tell: bool = False
    """The reader agrees that the note says why books are brought."""


@dataclass(frozen=True, slots=True)
class ListDeliveries(Command[tuple[Delivery, ...]]):
    """Answered with tuple[Delivery, ...]."""

    ticket: str
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class AcknowledgeDeliveryNews(Command[None]):
    """The reader has heard what went wrong with deliveries. Answered with None."""

    outlives_deadline = True
    ticket: str
    heard: tuple[tuple[str, str], ...]
    """(delivery id, what was heard: Delivery.news)."""
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class CancelDelivery(ChangeCommand[Delivery]):
    """Also as undo. Answered with Delivery."""

    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class CourierPhone(Command[str]):
    """Connect the reader with the courier. Answered with str: "" when the call was connected, else the number to dial,
    with an extension to key after a comma."""

    deadline_s = RING_DEADLINE_S
    ticket: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class MoveSlots(Command[tuple[Slot, ...]]):
    """Windows for `delivery`, which is booked already; `said` may choose one. Answered with tuple[Slot, ...]."""

    ticket: str
    delivery: Delivery
    said: Intent


@dataclass(frozen=True, slots=True)
class MoveDelivery(ChangeCommand[Delivery]):
    """Answered with Delivery."""

    ticket: str
    delivery_id: str
    slot_id: str

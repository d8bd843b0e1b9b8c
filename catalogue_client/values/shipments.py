"""Deliveries to a reader's home and collections from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Slot:
    """A delivery window that is offered."""

    id: str
    starts: datetime
    ends: datetime


DeliveryStatus = Literal[
    "requested",
    "confirmed",
    "preparing",
    "on_the_way",
    "arrived",
    "delivered",
    "returning",
    "failed",
    "cancelled",
    "with_staff",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Books on their way to a reader's home (`delivery`) or from it (`collection`)."""

    id: str
    """Short and speakable: digits only."""
    kind: Literal["delivery", "collection"]
    status: DeliveryStatus
    record_ids: tuple[str, ...]
    titles: tuple[str, ...]
    slot: Slot
    address_hint: str
    undo_until: datetime | None = None
    """Until then the reader may take it back without a reason."""
    cancellable: bool = True
    expected: datetime | None = None
    courier: str = ""
    """The courier's name and car, once known."""
    code: str = ""
    """What the reader says to the courier at the door; "" when none is asked."""
    late: bool = False
    note: str = ""
    """What the courier learns besides name, telephone and address."""
    news: Literal["", "late", "failed", "with_staff"] = ""
    """What has gone wrong and was not announced to the reader yet."""
    used_holds: tuple[str, ...] = ()
    """Titles of the reader's own holds that it uses up; they are open again when it is cancelled."""

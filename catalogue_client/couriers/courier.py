"""What any courier does for the library, and the values that go to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from catalogue_client.values.shipments import DeliveryStatus

Stage = Literal["estimating", "offered", "refused", "lost", "withdrawn"] | DeliveryStatus
"""Where a trip is. Before anybody is bound: `estimating`, `offered` (waits for our yes), `refused` (needs a person).
`lost`: it ended without a courier and may be ordered again; `withdrawn`: it ended because we asked for that.
Otherwise the status of the delivery."""


@dataclass(frozen=True, slots=True)
class ParcelItem:
    """One book of a parcel."""

    id: str
    grams: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be carried, between whom. Holds personal data: never logged."""

    number: str
    kind: Literal["delivery", "collection"]
    name: str
    phone: str
    """E.164."""
    address: str
    note: str
    items: tuple[ParcelItem, ...]
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Trip:
    """One order at a courier, as the courier sees it at a moment."""

    id: str
    stage: Stage | None
    """None when the courier uses a word that is not known here: the last known stage still holds."""
    status: str
    """The courier's own word."""
    version: int = 0
    updated: str = ""
    """The courier's time of the last change, ISO 8601 in UTC: greater is later."""
    courier: str = ""
    expected: datetime | None = None
    price: str = ""
    """Decimal; for the library's ledger, never read to a reader."""
    why: str = ""
    """For staff: what the courier says about a refusal."""

    @property
    def over(self) -> bool:
        """Nothing more will happen to it: nobody is, or will be, on the way for it."""
        return self.stage in ("refused", "lost", "withdrawn", "cancelled", "failed", "delivered")


@dataclass(frozen=True, slots=True)
class CourierEvent:
    """One entry of a courier's journal. It may come again, and late."""

    operation: str
    trip_id: str
    updated: str = ""
    """As Trip.updated: a trip that was read with less is older than this entry."""


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since a place in the journal."""

    cursor: str
    happenings: tuple[CourierEvent, ...]


class Courier(Protocol):
    """An outside courier. All methods raise Unavailable, OutcomeUnknown, BadAnswer, and the errors of errors.py."""

    @property
    def skew_s(self) -> float:
        """How far the courier's clock is ahead of ours, as last seen."""

    async def check(self, parcel: Parcel) -> None:
        """Ask whether such a parcel would be carried; nothing is ordered. Raises CourierSaysNo."""

    async def intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """When the courier fetches and brings on the days for which it says so; other days are not restricted."""

    async def order(self, parcel: Parcel, request_id: str, *, again: bool) -> Trip:
        """Make an order that binds nobody yet. The same `request_id` gives the same order; `again` says that it may
        have been sent before."""

    async def accept(self, trip: Trip) -> Trip:
        """Say yes to the order as it was read. Raises StateChanged when it has changed since."""

    async def trip(self, trip_id: str) -> Trip:
        """Return the trip as it stands now. Raises Unavailable, BadAnswer."""

    async def trips(self, trip_ids: Sequence[str]) -> dict[str, Trip]:
        """Several at once; those that the courier does not name, or that cannot be read, are left out."""

    async def may_withdraw(self, trip_id: str) -> bool:
        """Whether the order can be taken back now without a charge."""

    async def withdraw(self, trip: Trip) -> Trip:
        """Take the order back without a charge. Raises StateChanged and TooLateToWithdraw."""

    async def news(self, cursor: str) -> News:
        """The journal from a place on; "" is its beginning. Raises CursorLost."""

    async def phone(self, trip_id: str) -> str:
        """A number that reaches the courier now. Raises Unavailable."""

    async def expected(self, trip_id: str) -> datetime | None:
        """When the courier will be at the reader's door; None when that is not known."""

    async def tracking_link(self, trip_id: str) -> str:
        """A page that shows where the courier is, for staff; "" when there is none."""

    async def position(self, trip_id: str) -> tuple[float, float] | None:
        """Longitude and latitude of the courier, for staff; None when they are not known."""

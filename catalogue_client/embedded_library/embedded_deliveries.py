"""The reader's side of home delivery, joined to one protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.subject_rights import SubjectRights
from catalogue_client.delivery.tracking import DeliveryTracking
from catalogue_client.values.accounts import Reader
from catalogue_client.values.shipments import Delivery, Slot


@dataclass(frozen=True, slots=True)
class EmbeddedDeliveries:
    """Implements the protocol HomeDelivery; the services that do the work are the store's."""

    _bookings: Bookings
    _tracking: DeliveryTracking
    _rights: SubjectRights

    async def delivery_slots(self, ticket: str, record_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return the free windows, the earliest first. Raises Refused."""
        return await self._bookings.delivery_slots(ticket, record_ids)

    async def collection_slots(self, ticket: str, loan_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return the free windows, the earliest first. Raises Refused."""
        return await self._bookings.collection_slots(ticket, loan_ids)

    async def book_delivery(
        self,
        ticket: str,
        record_ids: Sequence[str],
        slot_id: str,
        *,
        note: str = "",
        may_tell: bool = False,
        address: str = "",
        key: str,
    ) -> Delivery:
        """Raises Refused."""
        return await self._bookings.book_delivery(
            ticket, record_ids, slot_id, note=note, may_tell=may_tell, address=address, key=key
        )

    async def book_collection(
        self, ticket: str, loan_ids: Sequence[str], slot_id: str, *, note: str = "", may_tell: bool = False, key: str
    ) -> Delivery:
        """Raises Refused."""
        return await self._bookings.book_collection(ticket, loan_ids, slot_id, note=note, may_tell=may_tell, key=key)

    async def move_slots(self, ticket: str) -> tuple[Slot, ...]:
        """Return the free windows, the earliest first. Raises NotFound."""
        return await self._bookings.move_slots(ticket)

    async def move_delivery(self, ticket: str, delivery_id: str, slot_id: str, *, key: str) -> Delivery:
        """Raises NotFound, Refused."""
        return await self._bookings.move_delivery(ticket, delivery_id, slot_id, key=key)

    async def set_address(self, ticket: str, address: str, *, key: str) -> Reader:
        """Raises Refused("outside_city")."""
        return await self._rights.keep_own_address(ticket, address, key=key)

    async def deliveries(self, ticket: str) -> tuple[Delivery, ...]:
        """Return the open ones and those that ended lately, newest first."""
        return await self._tracking.deliveries(ticket)

    async def news_heard(self, ticket: str, heard: Mapping[str, str]) -> None:
        """Announce these (delivery id -> news) no more."""
        await self._tracking.news_heard(ticket, heard)

    async def cancel_delivery(self, ticket: str, delivery_id: str, *, key: str) -> Delivery:
        """Raises NotFound, Refused."""
        return await self._tracking.cancel_delivery(ticket, delivery_id, key=key)

    async def courier_phone(self, ticket: str, delivery_id: str) -> str:
        """Return an E.164 number. Raises Refused."""
        return await self._tracking.courier_phone(ticket, delivery_id)

"""Booking: a delivery to a reader or a collection from one, made once, taken back while that is free."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from pydantic import TypeAdapter
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.couriers.courier import Courier, Parcel, ParcelItem
from catalogue_client.couriers.errors import CourierSaysNo
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, delivery_items
from catalogue_client.delivery.eligibility import for_courier, outside
from catalogue_client.delivery.orders import Order, OrderKind, Recipient, collection_order, delivery_order, who_is
from catalogue_client.delivery.outbox import want
from catalogue_client.delivery.row_mapping import is_open, to_deliveries
from catalogue_client.delivery.sealed_data import Personal, new_code
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.delivery.state_machine import locked_of
from catalogue_client.delivery.windows import free
from catalogue_client.errors import LibraryError, Refused
from catalogue_client.store.database import take_turns
from catalogue_client.store.encryption import sealed
from catalogue_client.store.idempotency import once
from catalogue_client.values.shipments import Delivery, Slot

NUMBER = TypeAdapter(int)
FIRST_NUMBER = 1001
WEEK = timedelta(days=7)
"""A right that ends within it may be why no window is left."""
COURIER_S = 1.2
"""A reader in a conversation waits no longer for an outside courier."""
OUTSIDE = ("address_too_far", "address_outside_delivery_zone", "unknown_zone", "estimating.claim.no_zone_id")
"""A courier's words for an address that it does not go to."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader wants the courier to know."""

    text: str
    may_tell: bool
    """The reader agrees for this time that it says why the books are brought."""
    address: str = ""
    """Where this one goes; "" for the address on file."""


class Bookings:
    """Offers windows and books them. `couriers` are those outside the library, by their ids of the rules."""

    def __init__(self, books: DeliveryContext, couriers: Mapping[str, Courier]) -> None:
        self._books = books
        self._couriers = couriers

    async def delivery_slots(self, ticket: str, record_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return every free window that the rules allow, the earliest first. Raises as book_delivery does."""
        async with self._books.database.reading() as connection:
            who = await who_is(self._books, connection, ticket)
            order = await delivery_order(self._books, connection, who, record_ids)
            slots = await self._offered(connection, who)
        return await self._asked_couriers(who, order, slots)

    async def collection_slots(self, ticket: str, loan_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Return every free window for fetching books from the reader. Raises as book_collection does."""
        async with self._books.database.reading() as connection:
            who = await who_is(self._books, connection, ticket)
            order = await collection_order(self._books, connection, who, loan_ids)
            slots = await self._offered(connection, who)
        return await self._asked_couriers(who, order, slots)

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
        """Book, and take the copies off the shelf list. The same key gives the same booking, as it stands by then.
        `address` is where this delivery goes; "" for the reader's own. Staff are asked to look at its district.

        Raises NotFound and Refused (not_eligible, no_address, outside_city, one_delivery_only, too_many_items,
        too_many_loans, already_loaned, may_not_travel, item_taken, too_heavy, slot_taken).
        """
        wanted = tuple(dict.fromkeys(record_ids))
        address = " ".join(address.split())
        if outside(address, self._books.delivery_policy.city):
            raise Refused("outside_city")
        return await self._book("delivery", ticket, wanted, slot_id, Note(note, may_tell, address), key)

    async def book_collection(
        self, ticket: str, loan_ids: Sequence[str], slot_id: str, *, note: str = "", may_tell: bool = False, key: str
    ) -> Delivery:
        """Book the fetching of read books. Raises as book_delivery, and Refused("nothing_to_collect")."""
        wanted = tuple(dict.fromkeys(loan_ids))
        return await self._book("collection", ticket, wanted, slot_id, Note(note, may_tell), key)

    async def _book(
        self, kind: OrderKind, ticket: str, ids: tuple[str, ...], slot_id: str, note: Note, key: str
    ) -> Delivery:
        books, now = self._books, self._books.clock()

        async def act() -> int:
            who = await who_is(books, connection, ticket)
            make = delivery_order if kind == "delivery" else collection_order
            order = await make(books, connection, who, ids, taking=True)
            # Room in a window, and the next number, are for one booking at a time.
            await take_turns(connection, "deliveries")
            slots = await self._free(connection, who.right)
            slot = next((slot for slot in slots if slot.id == slot_id), None)
            if slot is None:
                raise Refused("slot_taken")
            number = await self._write(connection, who, order, slot, note, now)
            await books.audit.note(connection, now, books.readers.pseudonym(ticket), f"book_{kind}", f"{kind} {number}")
            return number

        async with books.database.writing() as connection:
            # Only the number is kept with the key: titles, code and address stay sealed.
            request: tuple[object, ...] = (
                f"book_{kind}",
                books.readers.pseudonym(ticket),
                ids,
                slot_id,
                note.text,
                note.may_tell,
            )
            if note.address:
                request = (*request, books.encryption.pseudonym("address", note.address))
            number = await once(connection, books.encryption, key, request, NUMBER, act, now)
            row = (await connection.execute(select(deliveries).where(deliveries.c.number == number))).one()
            return (await to_deliveries(connection, (row,), books.encryption, books.delivery_policy, now))[0]

    async def move_slots(self, ticket: str) -> tuple[Slot, ...]:
        """Return every free window for what the reader has booked already, the earliest first. Raises NotFound."""
        async with self._books.database.reading() as connection:
            return await self._offered(connection, await who_is(self._books, connection, ticket))

    async def move_delivery(self, ticket: str, delivery_id: str, slot_id: str, *, key: str) -> Delivery:
        """Give another window to what is booked; all else stays. The same key moves it once.

        Raises NotFound and Refused (slot_taken, too_late_to_move).
        """
        books, now = self._books, self._books.clock()
        me = books.readers.pseudonym(ticket)

        async def act() -> int:
            who = await who_is(books, connection, ticket)
            await take_turns(connection, "deliveries")
            row = await locked_of(connection, delivery_id, me)
            # Once books are fetched together, or an outside courier has the order, its hours are fixed.
            if not (row.status == "confirmed" or (row.status == "requested" and now < row.undo_until)):
                raise Refused("too_late_to_move")
            slot = next((slot for slot in await self._free(connection, who.right) if slot.id == slot_id), None)
            if slot is None:
                raise Refused("slot_taken")
            here = deliveries.c.number == row.number
            await connection.execute(update(deliveries).where(here).values(starts=slot.starts, ends=slot.ends))
            await books.audit.note(connection, now, me, "move_delivery", f"{row.kind} {row.number}")
            return int(row.number)

        async with books.database.writing() as connection:
            await once(connection, books.encryption, key, ("move", me, delivery_id, slot_id), NUMBER, act, now)
            row = await locked_of(connection, delivery_id, me)
            return (await to_deliveries(connection, (row,), books.encryption, books.delivery_policy, now))[0]

    async def _offered(self, connection: AsyncConnection, who: Recipient) -> tuple[Slot, ...]:
        slots = await self._free(connection, who.right)
        if not slots and (until := who.right.until) is not None and until < self._books.clock().date() + WEEK:
            raise Refused("right_ends", date=f"{until:%d.%m.%Y}")
        return tuple(slots)

    async def _asked_couriers(self, who: Recipient, order: Order, free: tuple[Slot, ...]) -> tuple[Slot, ...]:
        """Return the windows in which a courier comes.

        An outside one is asked while the reader is here whether it goes to that address at all, and when. If it does
        not answer in time the booking goes on, and the courier is asked again when it is ordered. Raises Refused when
        all say no.
        """
        if not free:
            return free
        parcel = self._parcel(who, order, free[0])
        refusals: list[str] = []
        for sender in self._books.delivery_policy.couriers_to(who.right.district):
            if sender.is_library:
                return free
            courier = self._couriers[sender.id]
            try:
                async with asyncio.timeout(COURIER_S):
                    await courier.check(parcel)
                    served = await courier.intervals()
            except CourierSaysNo as error:
                refusals.append(error.code)
            except (LibraryError, TimeoutError):
                return free
            else:
                return tuple(slot for slot in free if _served(slot, served))
        raise Refused("outside_city" if all(code in OUTSIDE for code in refusals) else "courier_refused")

    def _parcel(self, who: Recipient, order: Order, slot: Slot) -> Parcel:
        unseal, reader = self._books.encryption.unseal, who.row
        return Parcel(
            "",
            order.kind,
            unseal(reader.name),
            unseal(reader.phone),
            unseal(reader.address),
            "",
            tuple(ParcelItem(f"copy-{item['copy_id']}", cast(int, item["grams"])) for item in order.items),
            slot.starts,
            slot.ends,
        )

    async def _free(self, connection: AsyncConnection, right: Entitlement) -> list[Slot]:
        """The windows with room, up to the last day on which the reader may have deliveries."""
        books, now = self._books, self._books.clock()
        count = (
            select(deliveries.c.starts, func.count())
            .where(is_open(), deliveries.c.ends > now)
            .group_by(deliveries.c.starts)
        )
        taken = {starts: number for starts, number in await connection.execute(count)}
        slots = free(books.delivery_policy, now, right.district, taken)
        return [slot for slot in slots if right.until is None or slot.starts.date() <= right.until]

    async def _write(
        self, connection: AsyncConnection, who: Recipient, order: Order, slot: Slot, note: Note, now: datetime
    ) -> int:
        books, reader, right = self._books, who.row, who.right
        courier = books.delivery_policy.couriers_to(right.district)[0]
        number = (await connection.scalar(select(func.max(deliveries.c.number))) or FIRST_NUMBER - 1) + 1
        personal = Personal(
            ticket=reader.ticket,
            name=books.encryption.unseal(reader.name),
            phone=books.encryption.unseal(reader.phone),
            address=note.address or books.encryption.unseal(reader.address),
            note=for_courier(note.text, note.may_tell or right.may_tell, books.delivery_policy),
            code=new_code(order.kind) if courier.is_library else "",
        )
        undo_until = now + timedelta(minutes=books.delivery_policy.limits.undo_minutes)
        row = {
            "number": number,
            "reader": books.readers.pseudonym(reader.ticket),
            "kind": order.kind,
            "status": "confirmed" if courier.is_library else "requested",
            "place_id": order.place_id,
            "district": right.district,
            "courier_id": courier.id,
            "starts": slot.starts,
            "ends": slot.ends,
            "booked": now,
            "undo_until": undo_until,
            "grams": order.grams,
            "signs": bool(reader.temporary),
            "sealed": sealed(books.encryption, personal),
        }
        await connection.execute(insert(deliveries).values(row))
        await connection.execute(insert(delivery_items), [{"number": number, **item} for item in order.items])
        if note.address:
            line = StaffLine("address")
            await books.tasks.note(connection, "delivery", line, about=f"address:{number}", ticket=reader.ticket)
        if not courier.is_library:
            # No outside courier hears of it before the reader can no longer take it back without a reason.
            await want(connection, number, "trip", undo_until)
        return number


def _served(slot: Slot, served: Sequence[tuple[datetime, datetime]]) -> bool:
    """Return whether a courier that names its hours for the day of a window comes within it; other days are open."""
    zone = slot.starts.tzinfo
    that_day = [hours for hours in served if hours[0].astimezone(zone).date() == slot.starts.date()]
    return not that_day or any(first < slot.ends and slot.starts < last for first, last in that_day)

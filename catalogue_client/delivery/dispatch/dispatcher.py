"""Works off the outbox: asks the outside couriers until things are as they are wanted, whatever happens in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.couriers.courier import Courier, Parcel, ParcelItem, Trip
from catalogue_client.couriers.errors import (
    CourierBusy,
    CourierSaysNo,
    NotAdmitted,
    OfferExpired,
    StateChanged,
    TooEarly,
    TooLateToWithdraw,
)
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.dispatch.courier_orders import (
    COURIER,
    Attempt,
    apply,
    attempts_of,
    begin,
    close,
    locked_rows,
    pass_on,
)
from catalogue_client.delivery.kept_items import items_of
from catalogue_client.delivery.outbox import OutboxMessage, again, lease, settle, still_ours, wait_s
from catalogue_client.delivery.row_mapping import ENDED
from catalogue_client.delivery.sealed_data import KeptItem, Personal
from catalogue_client.delivery.staff_messages import StaffLine
from catalogue_client.delivery.state_machine import hand_over, locked
from catalogue_client.errors import BadAnswer, Unavailable
from catalogue_client.store.encryption import Encryption, opened

AT_ONCE = 16
"""Messages of one worker on their way together."""
LEASE_S = 90.0
"""Longer than the few requests of these messages can take over the connections to a courier, deadlines and all."""
LOOK_AGAIN_S = 2.0
"""While the courier estimates."""
STUCK_AFTER = 5
"""Failed tries after which staff are informed; the tries go on."""


@dataclass(frozen=True, slots=True)
class CourierRequest:
    """A leased message with all that its requests need."""

    message: OutboxMessage
    parcel: Parcel
    attempts: tuple[Attempt, ...]
    """To bring a courier: the one attempt that is under way. To call couriers off: every one that may still come."""


class Dispatcher:
    """One worker. Any number of them, on any number of nodes, may work at one outbox."""

    def __init__(
        self, books: DeliveryContext, couriers: Mapping[str, Courier], draw: Callable[[], float] = random.random
    ) -> None:
        """`couriers`: those outside the library, by their ids of the rules."""
        self._books = books
        self._couriers = couriers
        self._draw = draw

    async def work_off(self) -> int:
        """Work on what is due, once each. Return the number of messages; never raises what a courier did."""
        books = self._books
        async with books.database.writing() as connection:
            messages = await lease(connection, books.clock(), most=AT_ONCE, seconds=LEASE_S)
            errands = await prepare(connection, books, messages)
        await asyncio.gather(*(self._work_on(errand) for errand in errands))
        return len(messages)

    async def _work_on(self, errand: CourierRequest) -> None:
        message = errand.message
        try:
            if message.wants == "trip":
                await self._bring_about(errand)
            else:
                await self._call_off(errand)
        except TooEarly as error:
            await self._nearer(errand, str(error))
        except CourierSaysNo as error:
            await self._refused(errand, error.code)
        except StateChanged as error:
            await self._later(message, str(error), LOOK_AGAIN_S)
        except CourierBusy as error:
            await self._later(message, str(error), wait_s(message.tries, self._draw, error.retry_after_s))
        except NotAdmitted as error:
            await self._later(message, str(error), wait_s(message.tries, self._draw))
            await self._inform_staff(StaffLine("token"), "token")
        except (Unavailable, BadAnswer) as error:
            await self._later(message, str(error), wait_s(message.tries, self._draw))

    async def _bring_about(self, errand: CourierRequest) -> None:
        """One look at how things are, and the next step towards a courier who comes."""
        books, message, (attempt,) = self._books, errand.message, errand.attempts
        if attempt.trip_id is None and not await self._is_ours(message):
            return  # this node was away for longer than its lease: somebody else goes on, or nobody is to
        trip = await self._look(errand.parcel, attempt)
        if trip.stage == "offered" and attempt.trip_id is not None:
            trip = await self._accept(message, attempt, trip)
        async with books.database.writing() as connection:
            await apply(connection, books, [(attempt, trip)])
            if trip.stage == "offered":
                await again(connection, message, books.clock())  # its id is kept now: accept it
            elif trip.stage in (None, "estimating"):
                await again(connection, message, books.clock() + timedelta(seconds=LOOK_AGAIN_S))
            elif trip.over and trip.stage != "delivered":
                await again(connection, message, books.clock())  # a new attempt, unless staff have it now
            else:
                await settle(connection, message)

    async def _accept(self, message: OutboxMessage, attempt: Attempt, trip: Trip) -> Trip:
        """Say yes, if that is still wanted. An answer that is lost is found out by the next look."""
        if not await self._is_ours(message):
            return trip
        try:
            return await self._couriers[attempt.courier_id].accept(trip)
        except OfferExpired:
            return await self._couriers[attempt.courier_id].withdraw(trip)

    async def _is_ours(self, message: OutboxMessage) -> bool:
        async with self._books.database.reading() as connection:
            return await still_ours(connection, message)

    async def _call_off(self, errand: CourierRequest) -> None:
        """See to it that nobody comes."""
        books, message = self._books, errand.message
        for attempt in errand.attempts:
            # A request without an answer may still arrive: asking again under its id gives the order to take back.
            trip = await self._look(errand.parcel, attempt)
            if not trip.over:
                try:
                    trip = await self._couriers[attempt.courier_id].withdraw(trip)
                except TooLateToWithdraw:
                    line = StaffLine("coming", {"number": message.number})
                    await self._inform_staff(line, f"coming:{message.number}", message.number)
            async with books.database.writing() as connection:
                await apply(connection, books, [(attempt, trip)])
        async with books.database.writing() as connection:
            await settle(connection, message)

    async def _look(self, parcel: Parcel, attempt: Attempt) -> Trip:
        courier = self._couriers[attempt.courier_id]
        if attempt.trip_id is None:
            return await courier.order(parcel, attempt.request_id, again=attempt.sent)
        return await courier.trip(attempt.trip_id)

    async def _refused(self, errand: CourierRequest, code: str) -> None:
        books, message = self._books, errand.message
        async with books.database.writing() as connection:
            row = await locked(connection, message.number)
            if message.wants == "trip" and row.status not in ENDED:
                (attempt,) = errand.attempts
                if attempt.trip_id is None and not attempt.sent:  # a no to the very first request: nothing was ordered
                    await close(connection, attempt, code)
                await pass_on(connection, books, row, StaffLine("says_no", {"code": code}))
                await again(connection, message, books.clock())
            else:
                line = StaffLine("make_sure", {"number": message.number, "code": code})
                await books.tasks.note(connection, "courier", line, about=f"no:{message.number}", number=message.number)
                await settle(connection, message)

    async def _nearer(self, errand: CourierRequest, error: str) -> None:
        """Ask again half way to the window, and again half way from there; at its beginning staff take over anyway."""
        now = self._books.clock()
        left = max(timedelta(seconds=LOOK_AGAIN_S), (errand.parcel.starts - now) / 2)
        async with self._books.database.writing() as connection:
            await again(connection, errand.message, now + left, error)

    async def _later(self, message: OutboxMessage, error: str, seconds: float) -> None:
        now = self._books.clock()
        async with self._books.database.writing() as connection:
            await again(connection, message, now + timedelta(seconds=seconds), error)
        if message.tries + 1 == STUCK_AFTER:
            line = StaffLine("stuck", {"number": message.number})
            await self._inform_staff(line, f"stuck:{message.number}", message.number)

    async def _inform_staff(self, line: StaffLine, about: str, number: int | None = None) -> None:
        about = about if number is not None else f"{about}:{self._books.clock():%Y-%m-%d}"
        async with self._books.database.writing() as connection:
            await self._books.tasks.note(connection, "courier", line, about=about, number=number)


async def prepare(
    connection: AsyncConnection, books: DeliveryContext, messages: Sequence[OutboxMessage]
) -> list[CourierRequest]:
    """Settle what needs no request, store the request ids of new orders, and return what is to be asked.

    In the transaction of the lease: when it is committed nobody else works on these, and nothing was sent yet.
    """
    numbers = sorted(message.number for message in messages)
    rows = await locked_rows(connection, numbers)
    known = await attempts_of(connection, numbers)
    items = await items_of(connection, rows.values(), books.encryption)
    fresh: list[tuple[Row[Any], int]] = []
    under_way: dict[int, tuple[Attempt, ...]] = {}
    for message in messages:
        row, attempts = rows[message.number], known[message.number]
        asked = sum(attempt.courier_id == row.courier_id for attempt in attempts)
        running = tuple(_to_attempt(attempt) for attempt in attempts if not attempt.closed)
        if gone := next((asked for asked in running if books.delivery_policy.courier(asked.courier_id) is None), None):
            # The rules no longer name who was asked: only a person can find out whether somebody comes.
            line = StaffLine("make_sure", {"number": row.number, "code": gone.courier_id})
            if message.wants == "trip":
                await hand_over(connection, books, row, COURIER, StaffLine("says_no", {"code": gone.courier_id}))
            else:
                await books.tasks.note(connection, "courier", line, about=f"no:{row.number}", number=row.number)
            await settle(connection, message)
        elif message.wants == "none":
            under_way[row.number] = running
        elif row.status in (*ENDED, "with_staff") or not books.is_outside(row.courier_id):
            await settle(connection, message)
        elif attempts and not attempts[-1].closed:
            under_way[row.number] = running[-1:]
        elif _is_used_up(row, asked, books):
            await pass_on(connection, books, row, StaffLine("no_courier", {"count": asked}))
            await again(connection, message, books.clock())
        else:
            fresh.append((row, len(attempts) + 1))
    under_way |= {attempt.number: (attempt,) for attempt in await begin(connection, fresh)}
    return [
        CourierRequest(
            message, parcel_of(rows[message.number], items[message.number], books.encryption), under_way[message.number]
        )
        for message in messages
        if message.number in under_way
    ]


def _is_used_up(row: Row[Any], asked: int, books: DeliveryContext) -> bool:
    """Return whether its courier, asked so many times, need not be asked again."""
    unknown = books.delivery_policy.courier(row.courier_id) is None
    return unknown or asked >= books.delivery_policy.limits.attempts or books.clock() >= row.ends


def _to_attempt(row: Row[Any]) -> Attempt:
    return Attempt(row.number, row.courier_id, row.request_id, row.trip_id, sent=True)


def parcel_of(row: Row[Any], items: Sequence[KeptItem], encryption: Encryption) -> Parcel:
    """Return the parcel of a row of `deliveries`. The courier gets name, telephone, address and note: no titles."""
    personal = opened(encryption, row.sealed, Personal)
    return Parcel(
        number=str(row.number),
        kind=row.kind,
        name=personal.name,
        phone=personal.phone,
        address=personal.address,
        note=personal.note,
        items=tuple(ParcelItem(f"copy-{item.copy_id}", item.grams) for item in items),
        starts=row.starts,
        ends=row.ends,
    )

"""Whatever happens in between: no booking has two couriers, and every booking has an end that somebody sees."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import pytest
from sqlalchemy import select

from catalogue_client.couriers.yandex.sandbox_claims import TERMINAL, Claim
from catalogue_client.couriers.yandex.sandbox_faults import Fault, Kind
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from catalogue_client.delivery.dispatch.courier_events import CourierEventReader
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.errors import LibraryError
from catalogue_client.store.schema import copies
from catalogue_client.values.shipments import Delivery, DeliveryStatus
from tests.catalogue_client.delivery.rig import Rig

KINDS: tuple[Kind, ...] = ("500", "lost", "429", "html", "cut")
CALLS = ("claims/create", "claims/accept", "claims/info", "claims/journal", "claims/search", "claims/cancel", "")
SCRIPTS = (
    ["performer_not_found"],
    ["performer_found", "cancelled_by_taxi"],
    ["performer_found", "hovering", "pickuped", "delivered_finish"],
    ["performer_found", "pickuped", "returning", "returned_finish"],
)
READERS = ("100001", "100002")
BOOKS = ("Абай жолы", "Көшпенділер")
HAS_BOOKS = "100003"
"""A reader whose books are to be collected."""
STAFF_MAY: tuple[DeliveryStatus, ...] = ("preparing", "on_the_way", "delivered", "failed", "cancelled", "with_staff")


class Died(Exception):
    """The worker's process ended here."""


class Mortal:
    """A courier whose caller may die before a request is sent, or after it was answered."""

    def __init__(self, courier: YandexCourier, chance: random.Random) -> None:
        self._courier = courier
        self._chance = chance
        self.skew_s = 0.0

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        call = getattr(self._courier, name)

        async def mortal(*told: object, **named: object) -> Any:
            self._perhaps()
            answer = await call(*told, **named)
            self._perhaps()
            return answer

        return mortal

    def _perhaps(self) -> None:
        if self._chance.random() < 0.3:
            raise Died


async def crash(rig: Rig, chance: random.Random) -> None:
    """Two workers at once, one of which may die at any request; its leases stay until they end."""
    mortal = Dispatcher(rig.books, {"yandex": cast(Any, Mortal(rig.courier, chance))})
    await asyncio.gather(mortal.work_off(), rig.dispatcher().work_off(), return_exceptions=True)
    with suppress(Died, LibraryError):
        await CourierEventReader(rig.books, "yandex", cast(Any, Mortal(rig.courier, chance))).read()


async def disturb(rig: Rig, chance: random.Random, booked: list[tuple[str, Delivery]]) -> None:
    """One thing that happens."""
    match chance.randrange(9):
        case 0 | 1:
            await crash(rig, chance)
        case 2:
            await asyncio.gather(rig.dispatcher().work_off(), rig.dispatcher().work_off())
        case 3:
            rig.sandbox.faults.plan.append(Fault(chance.choice(KINDS), chance.choice(CALLS), chance.random() < 0.4))
        case 4:
            rig.sandbox.faults.stale = chance.randrange(3)
            rig.sandbox.faults.disorder = chance.random() < 0.5
        case 5 if chance.random() < 0.3:
            ticket, delivery = chance.choice(booked)
            with suppress(LibraryError):  # too late, or the courier could not be asked
                await rig.following.cancel_delivery(ticket, delivery.id, key=f"c{chance.random()}")
        case 8 if chance.random() < 0.1:
            with suppress(LibraryError):  # it cannot go there from where it is
                await rig.desk.advance(chance.choice(booked)[1].id, chance.choice(STAFF_MAY), actor="staff:1")
        case 6:
            rig.sandbox.ledger.scripts.append(list(chance.choice(SCRIPTS)))
        case _:
            with suppress(LibraryError):  # read again the next time
                await rig.journal.read()
    rig.pass_by(chance.choice((1, 5, 30, 120, 700)))


def resting(kind: str, status: str) -> str:
    """Where the books of a delivery are in the end: none of them is lost either."""
    ended = {"delivered": ("loan", "shelf"), "cancelled": ("shelf", "loan"), "failed": ("shelf", "loan")}
    return ended.get(status, ("kept", "loan"))[kind == "collection"]


async def copies_of(rig: Rig, delivery: Delivery) -> set[str]:
    """The statuses of the copies that were to be carried; on the way between branches counts as kept."""
    carried = [item.copy_id for item in (await rig.desk.job(delivery.id)).items]
    async with rig.books.database.reading() as connection:
        found = set(await connection.scalars(select(copies.c.status).where(copies.c.id.in_(carried))))
    return {"kept" if status == "transit" else status for status in found}


def running(claims: list[Claim]) -> int:
    """Claims with which somebody is, or may still be, on the way."""
    return sum(claim.accepted for claim in claims if claim.status not in TERMINAL)


def claims_of(rig: Rig, delivery: Delivery) -> list[Claim]:
    name = f"DLV-{delivery.id}-"
    return [
        claim
        for claim in rig.sandbox.ledger.claims.values()
        if claim.body["route_points"][0]["external_order_id"].startswith(name)
    ]


@pytest.mark.real
@pytest.mark.parametrize("seed", range(6))
async def test_never_two_couriers_and_never_none_unseen(rig: Rig, seed: int) -> None:
    await live_through(rig, seed)


async def live_through(rig: Rig, seed: int) -> None:
    """Two deliveries and a collection, through forty things that may happen, to their ends."""
    chance = random.Random(seed)
    booked = []
    for ticket, title in zip(READERS, BOOKS, strict=True):
        await rig.entitle(ticket)
        booked.append((ticket, await rig.book(title, ticket=ticket)))
    await rig.entitle(HAS_BOOKS)
    slot = (await rig.bookings.collection_slots(HAS_BOOKS, ()))[1]
    booked.append((HAS_BOOKS, await rig.bookings.book_collection(HAS_BOOKS, (), slot.id, key="c")))
    rig.pass_by(600)
    for _ in range(40):
        await disturb(rig, chance, booked)
        for _, delivery in booked:
            assert running(claims_of(rig, delivery)) <= 1
    rig.sandbox.faults.plan.clear()
    rig.sandbox.faults.stale = 0
    await rig.work(30 * 3600, step=1800)
    lines = " ".join(await rig.lines())
    for _, delivery in booked:
        claims = claims_of(rig, delivery)
        status = await rig.status(delivery)
        assert status in ("delivered", "cancelled") or f"Delivery {delivery.id} " in lines, status
        assert await copies_of(rig, delivery) == {resting(delivery.kind, status)}, status
        assert running(claims) == 0
        assert sum(claim.status == "delivered_finish" for claim in claims) <= 1
        assert all(claim.accepted <= 1 for claim in claims)
        if status == "cancelled":
            assert not any(claim.status == "delivered_finish" for claim in claims) or f"Delivery {delivery.id}" in lines
    assert await rig.unsettled() == 0

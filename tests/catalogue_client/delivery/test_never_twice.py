"""Whatever happens in between: no booking has two couriers, and every booking has an end that somebody sees."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import pytest

from catalogue_client.couriers.yandex.courier import YandexCourier
from catalogue_client.couriers.yandex.faults import Fault, Kind
from catalogue_client.couriers.yandex.sandbox_claims import TERMINAL, Claim
from catalogue_client.delivery.dispatching import Dispatcher
from catalogue_client.delivery.journal import Journal
from catalogue_client.errors import LibraryError
from catalogue_client.records import Delivery
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
    mortal = Dispatcher(rig.books, cast(Any, Mortal(rig.courier, chance)))
    await asyncio.gather(mortal.work_off(), rig.dispatcher().work_off(), return_exceptions=True)
    with suppress(Died, LibraryError):
        await Journal(rig.books, cast(Any, Mortal(rig.courier, chance))).read()


async def disturb(rig: Rig, chance: random.Random, booked: list[tuple[str, Delivery]]) -> None:
    """One thing that happens."""
    match chance.randrange(8):
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
        case 6:
            rig.sandbox.ledger.scripts.append(list(chance.choice(SCRIPTS)))
        case _:
            with suppress(LibraryError):  # read again the next time
                await rig.journal.read()
    rig.pass_by(chance.choice((1, 5, 30, 120, 700)))


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
    chance = random.Random(seed)
    booked = []
    for ticket, title in zip(READERS, BOOKS, strict=True):
        await rig.entitle(ticket)
        booked.append((ticket, await rig.book(title, ticket=ticket)))
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
        assert running(claims) == 0
        assert sum(claim.status == "delivered_finish" for claim in claims) <= 1
        assert all(claim.accepted <= 1 for claim in claims)
        if status == "cancelled":
            assert not any(claim.status == "delivered_finish" for claim in claims) or f"Delivery {delivery.id}" in lines
    assert await rig.unsettled() == 0

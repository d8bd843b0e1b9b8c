"""An outside courier who fails, is late, answers twice and lies, but keeps the one promise that the interface gives:
the same request id is the same order."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from catalogue_client.couriers.courier import CourierEvent, News, Parcel, Stage, Trip
from catalogue_client.couriers.errors import StateChanged, TooLateToWithdraw
from catalogue_client.errors import BadAnswer, OutcomeUnknown, Unavailable
from tests.simulation.faults import Faults

ON: dict[str, tuple[Stage, ...]] = {
    "estimating": ("offered", "offered", "refused"),
    "accepted": ("on_the_way", "on_the_way", "lost"),
    "on_the_way": ("delivered", "delivered", "failed"),
}
"""What may come after a stage."""


@dataclass
class _Claim:
    trip: Trip
    parcel: str
    is_bound: bool = False


class CourierWorld:
    """The courier's own books: they outlive every death of a library's process."""

    def __init__(self) -> None:
        self.claims: dict[str, _Claim] = {}
        """By request id."""
        self.journal: list[CourierEvent] = []

    def bound_for(self, parcel: str) -> int:
        """Return how many couriers are on their way for one delivery now."""
        return sum(claim.is_bound and not claim.trip.over for claim in self.claims.values() if claim.parcel == parcel)


class SimCourier:
    """Implements the protocol Courier, and the context of YandexCourier."""

    def __init__(self, world: CourierWorld, rng: random.Random, faults: Faults, clock: Callable[[], datetime]) -> None:
        self._world = world
        self._rng = rng
        self._faults = faults
        self._clock = clock
        self.skew_s = 0.0

    @asynccontextmanager
    async def connected(self, token: str) -> AsyncIterator[None]:
        """Nothing has to be opened."""
        yield

    async def _road(self, what: str) -> None:
        await self._faults.at(f"courier {what}", Unavailable("no way there"), BadAnswer("nonsense"))

    async def _road_back(self, what: str) -> None:
        """The answer may be lost although all was done."""
        await self._faults.at(f"courier {what} answered", OutcomeUnknown("no answer"), Unavailable("no way back"))

    def _move(self, claim: _Claim, stage: Stage) -> None:
        trip = claim.trip
        moved = replace(
            trip, stage=stage, status=str(stage), version=trip.version + 1, updated=self._clock().isoformat()
        )
        claim.trip = moved
        claim.is_bound = claim.is_bound and not moved.over
        for _ in range(self._rng.choice((0, 1, 1, 2))):  # the journal may be late, and tell twice
            self._world.journal.append(CourierEvent(str(len(self._world.journal)), trip.id, moved.updated))

    def _of(self, trip_id: str) -> _Claim:
        for claim in self._world.claims.values():
            if claim.trip.id == trip_id:
                return claim
        raise BadAnswer(f"no trip {trip_id}")

    async def check(self, parcel: Parcel) -> None:
        """Everything is carried."""
        await self._road("check")

    async def intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """No day is restricted."""
        await self._road("intervals")
        return ()

    async def order(self, parcel: Parcel, request_id: str, *, again: bool) -> Trip:
        """One order for each request id."""
        await self._road("order")
        claims = self._world.claims
        if request_id not in claims:
            trip = Trip(f"trip-{len(claims) + 1}", "estimating", "estimating", 1, self._clock().isoformat())
            claims[request_id] = _Claim(trip, parcel.number)
        await self._road_back("order")
        return claims[request_id].trip

    async def accept(self, trip: Trip) -> Trip:
        """Bind a courier."""
        await self._road("accept")
        claim = self._of(trip.id)
        if claim.trip.version != trip.version or claim.trip.stage != "offered":
            raise StateChanged("it has moved")
        claim.is_bound = True
        self._move(claim, "accepted")
        await self._road_back("accept")
        return claim.trip

    async def trip(self, trip_id: str) -> Trip:
        """Tell a trip; meanwhile things move on."""
        await self._road("trip")
        claim = self._of(trip_id)
        if (onward := ON.get(str(claim.trip.stage))) and self._rng.random() < 0.6:
            self._move(claim, self._rng.choice(onward))
        told = claim.trip
        return replace(told, stage=None, status="?") if self._rng.random() < 0.05 else told

    async def trips(self, trip_ids: Sequence[str]) -> dict[str, Trip]:
        """Tell those that are known."""
        return {trip_id: await self.trip(trip_id) for trip_id in trip_ids}

    async def may_withdraw(self, trip_id: str) -> bool:
        """Until somebody is on the way."""
        await self._road("may_withdraw")
        return self._of(trip_id).trip.stage in ("estimating", "offered", "accepted")

    async def withdraw(self, trip: Trip) -> Trip:
        """Take the order back."""
        await self._road("withdraw")
        claim = self._of(trip.id)
        if claim.trip.stage == "on_the_way":
            raise TooLateToWithdraw("on the way")
        if not claim.trip.over:
            self._move(claim, "withdrawn")
        await self._road_back("withdraw")
        return claim.trip

    async def news(self, cursor: str) -> News:
        """The journal from a place on, a part of it twice now and then."""
        await self._road("news")
        start = int(cursor or 0)
        again = max(0, start - 1) if self._rng.random() < 0.2 else start
        return News(str(len(self._world.journal)), tuple(self._world.journal[again:]))

    async def phone(self, trip_id: str) -> str:
        """A number."""
        await self._road("phone")
        return "+77019998877"

    async def expected(self, trip_id: str) -> datetime | None:
        """Not known."""
        return None

    async def tracking_link(self, trip_id: str) -> str:
        """None."""
        return ""

    async def position(self, trip_id: str) -> tuple[float, float] | None:
        """Not known."""
        return None


Kind = Literal["own_route", "yandex"]

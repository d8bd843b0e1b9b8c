"""Yandex Delivery as a courier: cargo claims version 2. `offers/calculate` is for Russia only and not used."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from catalogue_client.couriers.courier import CourierEvent, News, Parcel, Trip
from catalogue_client.couriers.errors import CourierSaysNo, StateChanged
from catalogue_client.couriers.sender import Sender
from catalogue_client.couriers.yandex.claims import (
    claim_body,
    expected_at,
    load_statuses,
    order_name,
    point,
    price_body,
    readers_point,
    trip_of,
    utc,
)
from catalogue_client.couriers.yandex.http import CargoApi
from catalogue_client.errors import BadAnswer, Unavailable

JOURNAL_PAGE = "250"
NOT_YET = (CourierSaysNo, StateChanged)
"""404 and 409 before a courier was found: ordinary answers."""


class YandexCourier:
    """Implements the protocol Courier."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._statuses = load_statuses()
        self._api = CargoApi(sender.url, sender.language, self._statuses["errors"], sender.timeout_s)

    def connected(self, token: str) -> AbstractAsyncContextManager[None]:
        """Everything else works while this is entered; outside of it all raises Unavailable."""
        return self._api.connected(token)

    @property
    def skew_s(self) -> float:
        """How far the courier's clock is ahead of ours."""
        return self._api.skew_s

    async def check(self, parcel: Parcel) -> None:
        """Raises CourierSaysNo when the parcel cannot be carried."""
        await self._api.call("check-price", price_body(parcel, self._sender))

    async def intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """The windows that the courier itself offers from the library's door; empty when same-day is not served."""
        start = {"start_point": list(self._sender.coordinates or ()), "fullname": self._sender.address}
        offer = (await self._api.call("delivery-methods", start)).get("same_day_delivery") or {}
        try:
            found = [tuple(datetime.fromisoformat(interval[end]) for end in ("from", "to"))
                     for interval in offer.get("available_intervals") or () if offer.get("allowed")]  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise BadAnswer("delivery-methods: an interval that cannot be read") from error
        return tuple((first, last) for first, last in found)

    async def order(self, parcel: Parcel, request_id: str, *, again: bool) -> Trip:
        """Create a claim; `again`: look first whether `request_id` has made one. Raises as Courier.order."""
        # The same request_id gives the same claim whatever the body says; the search finds it even where the server
        # has forgotten the id, so that a late retry makes no second claim.
        if again:
            name = {"external_order_id": order_name(parcel.number, request_id), "offset": 0, "limit": 2}
            found = (await self._api.call("claims/search", name)).get("claims")
            if not isinstance(found, list):
                raise BadAnswer("claims/search: no list of claims")
            if found:
                return self._trip(found[0])
        body = claim_body(parcel, self._sender, request_id)
        return self._trip(await self._api.call("claims/create", body, request_id=request_id))

    async def accept(self, trip: Trip) -> Trip:
        """Confirm the price; return the trip as it stands then."""
        await self._api.call("claims/accept", {"version": trip.version}, claim_id=trip.id)
        return await self.trip(trip.id)

    async def trip(self, trip_id: str) -> Trip:
        """Return the trip as it stands now."""
        return self._trip(await self._claim(trip_id))

    async def trips(self, trip_ids: Sequence[str]) -> dict[str, Trip]:
        """Return trips by id; those that cannot be read are left out."""
        claims = (await self._api.call("claims/bulk_info", {"claim_ids": list(trip_ids)})).get("claims")
        if not isinstance(claims, list):
            raise BadAnswer("claims/bulk_info: no list of claims")
        found = {}
        for claim in claims:
            with contextlib.suppress(BadAnswer):
                trip = self._trip(claim if isinstance(claim, dict) else {})
                found[trip.id] = trip
        return {trip_id: found[trip_id] for trip_id in trip_ids if trip_id in found}

    async def may_withdraw(self, trip_id: str) -> bool:
        """Return whether withdrawing is free now."""
        return (await self._api.call("claims/cancel-info", claim_id=trip_id)).get("cancel_state") == "free"

    async def withdraw(self, trip: Trip) -> Trip:
        """Withdraw without a fee; return the trip as it stands then."""
        await self._api.call("claims/cancel", {"version": trip.version, "cancel_state": "free"}, claim_id=trip.id)
        return await self.trip(trip.id)

    async def news(self, cursor: str) -> News:
        """Return what happened after `cursor`; "" is the beginning."""
        body = {"cursor": cursor} if cursor else {}
        answer = await self._api.call("claims/journal", body, limit=JOURNAL_PAGE)
        events, after = answer.get("events"), answer.get("cursor")
        if not isinstance(events, list) or not isinstance(after, str):
            raise BadAnswer("claims/journal: no events or no cursor")
        return News(after, tuple(_happening(event) for event in events))

    async def phone(self, trip_id: str) -> str:
        """Return an E.164 number, an extension after a comma. Raises Unavailable before there is a courier."""
        claim = await self._claim(trip_id)
        there = point(claim, readers_point(claim)).get("id")
        try:
            answer = await self._api.call("driver-voiceforwarding", {"claim_id": trip_id, "point_id": there})
        except NOT_YET as error:
            raise Unavailable(f"no courier can be called: {error}") from error
        phone, extension = str(answer.get("phone") or ""), str(answer.get("ext") or "")
        if not phone:
            raise Unavailable("the courier's server gave no number")
        return f"{phone},{extension}" if extension else phone

    async def expected(self, trip_id: str) -> datetime | None:
        """Return when the courier is expected at the reader's door; None before that is known."""
        try:
            answer = await self._api.call("claims/points-eta", claim_id=trip_id)
        except NOT_YET:
            return None
        claim = await self._claim(trip_id)
        return expected_at(answer, readers_point(claim))

    async def tracking_link(self, trip_id: str) -> str:
        """A page that shows where the courier is, for staff; "" before there is one."""
        try:
            answer = await self._api.call("claims/tracking-links", method="GET", claim_id=trip_id)
        except NOT_YET:
            return ""
        return str(point(answer, "destination").get("sharing_link") or "")

    async def position(self, trip_id: str) -> tuple[float, float] | None:
        """Longitude and latitude of the courier; None before there is one."""
        try:
            answer = await self._api.call("claims/performer-position", method="GET", claim_id=trip_id)
        except NOT_YET:
            return None
        here = answer.get("position")
        if not isinstance(here, dict) or not {"lon", "lat"} <= here.keys():
            return None
        return float(here["lon"]), float(here["lat"])

    async def _claim(self, trip_id: str) -> dict[str, Any]:
        return await self._api.call("claims/info", claim_id=trip_id)

    def _trip(self, claim: dict[str, Any]) -> Trip:
        return trip_of(claim, self._statuses)


def _happening(event: object) -> CourierEvent:
    if not isinstance(event, dict) or "operation_id" not in event or "claim_id" not in event:
        raise BadAnswer("claims/journal: an event without operation or claim")
    return CourierEvent(str(event["operation_id"])[:64], str(event["claim_id"])[:64], utc(event.get("updated_ts")))

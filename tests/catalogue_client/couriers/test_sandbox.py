"""The courier's sandbox itself: worked by hand, strict about what it is sent."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import TestClient, TestServer

from catalogue_client.couriers.errors import CourierBusy
from catalogue_client.couriers.yandex.http import BASE
from catalogue_client.couriers.yandex.sandbox import Sandbox
from tests.catalogue_client.couriers.sandboxes import courier_at, parcel


async def test_the_sandbox_is_worked_by_hand(sandbox: Sandbox) -> None:
    async with TestClient(TestServer(sandbox.app())) as client, courier_at(sandbox) as courier:

        async def work(what: str, **body: object) -> int:
            async with client.post(f"/_sandbox/{what}", json=body) as answer:
                return answer.status

        trip = await courier.order(parcel(), "request", again=False)
        first = await courier.news("")
        assert await work("advance", seconds=5) == 200
        assert (await courier.trip(trip.id)).stage == "offered"
        assert await work("change", claim_id=trip.id, price="1890.0000", performer="Дәурен", status="pickuped") == 200
        changed = await courier.trip(trip.id)
        assert (changed.stage, changed.price, changed.courier[:6]) == ("on_the_way", "1890.0000", "Дәурен")
        assert len((await courier.news(first.cursor)).happenings) == 3  # offered, price, status
        assert await work("script", fault={"kind": "429", "path": "claims/info"}, times=2) == 200
        for _ in range(2):
            with pytest.raises(CourierBusy):
                await courier.trip(trip.id)
        await courier.trip(trip.id)
        for what, body in (
            ("change", {"claim_id": "x"}),
            ("advance", {}),
            ("script", {"fault": {"kind": "x", "y": 1}}),
        ):
            assert await work(what, **body) == 400


@pytest.mark.parametrize(
    "body",
    [
        {"items": 7, "route_points": {}},
        {"items": [[]], "route_points": [7, 8]},
        {"items": [{"title": "x", "quantity": "1"}], "route_points": [{"type": "source", "point_id": []}] * 2},
    ],
)
async def test_the_sandbox_refuses_fields_of_other_types(sandbox: Sandbox, body: dict[str, object]) -> None:
    headers = {"Authorization": "Bearer sandbox", "Accept-Language": "ru"}
    async with TestClient(TestServer(sandbox.app()), headers=headers) as client:
        for path in ("check-price", "claims/create?request_id=r", "claims/search", "claims/accept?claim_id=x"):
            async with client.post(BASE + path, json=body | {"version": "x", "limit": "many"}) as answer:
                assert answer.status in (400, 404) and (await answer.json())["code"], path
    assert not sandbox.ledger.claims

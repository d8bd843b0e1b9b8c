"""A sandbox of the courier on a free port, and what is sent to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from aiohttp.test_utils import TestServer

from catalogue_client.couriers.courier import Parcel, ParcelItem
from catalogue_client.couriers.sender import Sender
from catalogue_client.couriers.yandex.sandbox import TOKEN, Sandbox
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from tests.catalogue_client.clock import Clock

SENDER = {
    "kind": "yandex",
    "name": "Кітапхана",
    "sender_phone": "+77270000001",
    "email": "library@library.invalid",
    "address": "Алматы, кітапхана",
    "coordinates": [76.945, 43.238],
    "timeout_s": 2.0,
}


def sender(url: str, **changes: object) -> Sender:
    return Sender.model_validate(SENDER | {"url": url} | changes)


@asynccontextmanager
async def courier_at(sandbox: Sandbox, token: str = TOKEN) -> AsyncIterator[YandexCourier]:
    async with TestServer(sandbox.app()) as server:
        courier = YandexCourier(sender(str(server.make_url(""))))
        async with courier.connected(token):
            yield courier


def parcel(now: datetime | None = None, **changes: object) -> Parcel:
    moment = now or Clock().now
    told: dict[str, object] = {
        "number": "1001",
        "kind": "delivery",
        "name": "Айгүл",
        "phone": "+77010000001",
        "address": "Абай даңғылы, 52",
        "note": "сначала позвоните",
        "items": (ParcelItem("copy-1", 500), ParcelItem("copy-2", 900)),
        "starts": moment + timedelta(hours=4),
        "ends": moment + timedelta(hours=8),
    }
    return Parcel(**(told | changes))  # type: ignore[arg-type]

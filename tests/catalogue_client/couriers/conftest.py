"""The courier's client against its sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalogue_client.couriers.yandex.sandbox import Sandbox
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.couriers.sandboxes import courier_at


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(Clock().now)


@pytest.fixture
async def courier(sandbox: Sandbox) -> AsyncIterator[YandexCourier]:
    async with courier_at(sandbox) as connected:
        yield connected

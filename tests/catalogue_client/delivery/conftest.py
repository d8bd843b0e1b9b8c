"""Home delivery with an outside courier."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.delivery.rig import Rig, outside_courier


@pytest.fixture
async def rig(library: OpenedLibrary, clock: Clock) -> AsyncIterator[Rig]:
    async with outside_courier(library, clock) as ready:
        yield ready

"""Home delivery on PostgreSQL: the same property, where rows and not the file are locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue_client.embedded_library import open_library
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.purpose import Purpose
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.catalogue_client.delivery.rig import outside_courier
from tests.catalogue_client.delivery.test_never_twice import live_through
from tests.rig.postgres import Postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.mark.real
async def test_never_two_couriers_and_never_none_unseen(server: Postgres, tmp_path: Path) -> None:
    clock = Clock()
    async with (
        open_library(
            tmp_path, url=server.url, clock=clock, pepper=b"pepper", works=FEW_WORKS, purpose=Purpose.DEMONSTRATION
        ) as library,
        outside_courier(library, clock) as rig,
    ):
        await live_through(rig, seed=7)
        async with rig.books.database.reading() as connection:
            assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None

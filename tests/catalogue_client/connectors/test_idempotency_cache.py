"""A changing request of a library system is carried out once for its key."""

from __future__ import annotations

import asyncio

import pytest

from catalogue_client.connectors.idempotency_cache import IdempotencyCache, idempotent
from catalogue_client.errors import KeyReused, Unavailable


class System:
    """Counts what it does; fails while it is away."""

    def __init__(self) -> None:
        self._answered = IdempotencyCache()
        self.done: list[str] = []
        self.away = False

    @idempotent
    async def hold(self, ticket: str, record: str = "7", *, key: str) -> str:
        """Hold a record."""
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable
        self.done.append(f"{ticket} {record}")
        return self.done[-1]

    @idempotent
    async def renew(self, ticket: str, record: str, *, key: str) -> str:
        """Renew a loan."""
        self.done.append("renewed")
        return "renewed"


async def test_requests_at_once_and_later_are_carried_out_once() -> None:
    system = System()
    answers = await asyncio.gather(*(system.hold("1", "2", key="k") for _ in range(5)))
    assert {*answers, await system.hold(ticket="1", record="2", key="k")} == {"1 2"}
    assert system.done == ["1 2"]


async def test_a_key_stands_for_one_method_and_its_arguments() -> None:
    system = System()
    await system.hold("1", "2", key="k")
    for other in (system.hold("1", "3", key="k"), system.hold("2", "2", key="k"), system.renew("1", "2", key="k")):
        with pytest.raises(KeyReused):
            await other
    assert await system.hold("1", "3", key="another") == "1 3"


async def test_a_failure_is_not_kept() -> None:
    system = System()
    system.away = True
    with pytest.raises(Unavailable):
        await system.hold("1", key="k")
    system.away = False
    assert await system.hold("1", key="k") == "1 7"


@pytest.mark.parametrize("key", ["", "k" * 129])
async def test_a_key_has_a_length(key: str) -> None:
    with pytest.raises(ValueError, match="1 to 128"):
        await System().hold("1", key=key)

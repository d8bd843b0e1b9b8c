"""The client, a bad line, pysip2's server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from catalogue_client.connectors.sip2.circulation import Sip2Circulation, sip2_circulation
from catalogue_client.connectors.sip2.settings import Sip2Settings
from tests.catalogue_client.connectors.sip2.bad_line import BadLine
from tests.rig.sip2_server import HABITS, TITLES, Habit, LibrarySystem


@dataclass(frozen=True)
class Branch:
    """Everything between a reader and the library system."""

    system: LibrarySystem
    line: BadLine
    circulation: Sip2Circulation

    def name(self, barcode: str) -> str:
        """By what the lists of this system name a copy."""
        return barcode if "barcode" in self.system.habit.entry else TITLES[barcode]


def settings(port: int, **changes: object) -> Sip2Settings:
    told = {"user": "dauys", "password": "secret", "institution": "ALM", "answer_s": 1.0, "page": 2}
    return Sip2Settings("127.0.0.1", port, **(told | {"places": {"KZ": "Орталық кітапхана"}} | changes))  # type: ignore[arg-type]


@asynccontextmanager
async def open_branch(habit: Habit = HABITS["plain"], **changes: object) -> AsyncIterator[Branch]:
    system = LibrarySystem(habit)
    changes = {"month_first": "%m/%d" in habit.due, "sends_pin": habit.changes_need_pin} | changes
    async with system.serving() as far:
        line = BadLine(far)
        async with line.listening() as near, sip2_circulation(settings(near, **changes)) as circulation:
            yield Branch(system, line, circulation)


@pytest.fixture
async def branch() -> AsyncIterator[Branch]:
    async with open_branch() as opened:
        yield opened

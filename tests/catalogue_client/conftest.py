"""A small library under a clock that the test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catalogue_client.library import Library, open_library
from tests.catalogue_client.clock import Clock

FEW_WORKS = Path(__file__).with_name("works")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def library(tmp_path: Path, clock: Clock) -> AsyncIterator[Library]:
    async with open_library(tmp_path, clock=clock, pepper=b"pepper", works=FEW_WORKS) as opened:
        yield opened

"""A small library under a clock that the test turns."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.purpose import Purpose
from tests.catalogue_client.clock import Clock

FEW_WORKS = Path(__file__).with_name("works")


@pytest.fixture(scope="session")
def opened_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library that has been opened for the first time; copied, never changed."""
    home = tmp_path_factory.mktemp("library")

    async def open_and_close() -> None:
        async with open_library(home, clock=Clock(), pepper=b"pepper", works=FEW_WORKS, purpose=Purpose.DEMONSTRATION):
            pass

    asyncio.run(open_and_close())
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(opened_once: Path, tmp_path: Path) -> Path:
    """The folder of a library of this test's own."""
    return shutil.copytree(opened_once, tmp_path / "library")


@pytest.fixture
async def library(home: Path, clock: Clock) -> AsyncIterator[OpenedLibrary]:
    async with open_library(home, clock=clock, pepper=b"pepper", works=FEW_WORKS) as opened:
        yield opened

"""A staff site over a real library in a folder of its own, with a desk, accounts of every role and a delivery."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from devices.desk_file import load_desks, set_desk
from devices.keeper import KeptDesk, open_desk
from tests.voice.staff_site.rig import MORNING, PASSPHRASE, QUICK, Site, book
from voice.app import open_app
from voice.staff_site.accounts import Accounts
from voice.staff_site.metrics import Metrics
from voice.staff_site.site import build_site


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a library with a delivery in it, to be copied: making one takes seconds."""
    folder = tmp_path_factory.mktemp("library")

    async def make() -> None:
        async with open_app(home=folder, now=MORNING) as app:
            await book(app)

    asyncio.run(make())
    return folder


@pytest.fixture
async def site(tmp_path: Path, library: Path) -> AsyncIterator[Site]:
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    accounts = Accounts(tmp_path / "staff.toml", QUICK)
    for name, role in (("aliya", "administrator"), ("dana", "delivery"), ("bolat", "branch")):
        accounts.set(name, role, PASSPHRASE)
    set_desk(tmp_path / "desks.toml", "abai-1", {"port": "emulated:40", "name": "Abai <branch>"})
    desk = load_desks(tmp_path / "desks.toml")["abai-1"]
    async with open_app(home=tmp_path, now=MORNING) as app, open_desk(desk, tmp_path) as kept:
        delivery = (await app.library.deliveries("100001"))[0].id
        desks: dict[str, KeptDesk] = {"abai-1": kept}
        server = TestServer(build_site(app, desks, Metrics()))
        async with TestClient(server, cookie_jar=CookieJar(unsafe=True), headers={"Accept-Language": "en"}) as client:
            yield Site(client, app, delivery)

"""A staff site over a real library in a folder of its own, with a desk, accounts of every role and a delivery."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from catalogue_client.store.purpose import Purpose
from devices.desk_file import set_desk
from languages.number_parsing import Numbers
from tests.voice.staff_site.rig import MORNING, PASSPHRASE, QUICK, Site, book
from voice.assistant.app import open_app
from voice.checks.check_result import CheckResult
from voice.configuration.staff_accounts import StaffAccounts
from voice.nlu.phrasebook import Phrasebook
from voice.operations.desk_supervisor import DeskSupervisor
from voice.operations.metrics import Metrics
from voice.operations.usage_recorder import UsageRecorder
from voice.staff_site.site import build_site

TRUNK = CheckResult("trunk", True, True, "trunk_ok", {"registrar": "sip:trunk.example", "status": 200})


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a library with a delivery in it, to be copied: making one takes seconds."""
    folder = tmp_path_factory.mktemp("library")

    async def make() -> None:
        async with open_app(home=folder, now=MORNING, purpose=Purpose.DEMONSTRATION) as app:
            await book(app)

    asyncio.run(make())
    return folder


@pytest.fixture(scope="session")
def phrasebook() -> Phrasebook:
    """Read-only, so that one serves every test: loading it takes longer than most of them."""
    return Phrasebook.load()


@pytest.fixture
async def site(
    tmp_path: Path, library: Path, phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    monkeypatch.setattr(Phrasebook, "load", lambda: phrasebook)
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    accounts = StaffAccounts(tmp_path / "staff.toml", QUICK)
    for name, role in (("aliya", "administrator"), ("dana", "delivery"), ("bolat", "branch")):
        accounts.set(name, role, PASSPHRASE)
    set_desk(tmp_path / "desks.toml", "abai-1", {"port": "emulated:40", "name": "Abai <branch>"})
    async with open_app(home=tmp_path, now=MORNING) as app:
        delivery = (await app.library.deliveries.deliveries("100001"))[0].id
        notes = UsageRecorder(app.usage, Numbers.load())
        desks = DeskSupervisor(app, notes.exchanged)
        await desks.follow()
        server = TestServer(build_site(app, desks, Metrics(), notes, lambda: (TRUNK,)))
        async with TestClient(server, cookie_jar=CookieJar(unsafe=True), headers={"Accept-Language": "en"}) as client:
            yield Site(client, app, desks, notes, delivery)
        await desks.end()

"""A staff site at work, and a browser's side of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from argon2 import PasswordHasher

from voice.assistant.app import App
from voice.configuration.clock import LIBRARY_TIME
from voice.operations.desk_supervisor import DeskSupervisor
from voice.operations.usage_recorder import UsageRecorder

MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=LIBRARY_TIME)
PASSPHRASE = "four words make one"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Real argon2 with small numbers: the tests log in dozens of times."""


@dataclass
class Site:
    """The site at work, and a browser's side of it."""

    client: TestClient
    app: App
    desks: DeskSupervisor
    notes: UsageRecorder
    delivery: str
    """The number of a delivery that is on its way."""

    async def log_in(self, name: str = "aliya", passphrase: str = PASSPHRASE) -> ClientResponse:
        form = {"name": name, "passphrase": passphrase, "next": ""}
        return await self.client.post("/login", data=form, allow_redirects=False)

    async def get(self, path: str) -> str:
        response = await self.client.get(path)
        assert response.status == 200, (path, response.status)
        return await response.text()

    async def send(self, path: str, form: dict[str, str], page: str = "/state") -> ClientResponse:
        """Send a form with the token of `page`."""
        token = re.search(r'name="token" value="([^"]+)"', await self.get(page))
        assert token
        return await self.client.post(path, data={"token": token[1], **form}, allow_redirects=False)


async def book(app: App) -> None:
    """Have a delivery and a call-back for the first demonstration reader."""
    records = (await app.library.catalogue.new_records(limit=30)).records
    record = next(one for one in records if one.available and not one.reading_room_only)
    slot = (await app.library.deliveries.delivery_slots("100001", [record.id]))[0]
    await app.library.deliveries.book_delivery("100001", [record.id], slot.id, key="book")
    await app.library.callbacks.request_callback("100001", "line 7", "She asks for <b>Abai</b>.", key="first")

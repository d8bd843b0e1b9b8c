"""Opens the assistant for somebody who tries it at this keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import click

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.cli.event_loop import IS_DEMONSTRATION


@asynccontextmanager
async def open_trial(now: datetime | None = None) -> AsyncIterator[App]:
    """The assistant for somebody at this keyboard. A home that was never set up becomes a demonstration; that a home
    is one is said on standard error each time. Raises as `open_app` does."""
    async with open_app(now=now, purpose=Purpose.DEMONSTRATION) as app:
        if await app.demonstration.purpose() is Purpose.DEMONSTRATION:
            click.echo(IS_DEMONSTRATION, err=True)
        yield app

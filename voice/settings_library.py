"""Opens the library that the settings name: the same data base and the same secret for everybody who opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from catalogue_client.library import Library, open_library
from voice.clock import Clock
from voice.errors import SettingsError
from voice.settings import CatalogueSettings


@asynccontextmanager
async def library_of(settings: CatalogueSettings, home: Path, clock: Clock) -> AsyncIterator[Library]:
    """The library of `settings`, its own files in `home`. Raises SettingsError, and what open_library raises."""
    pepper = await asyncio.to_thread(_pepper, settings.pepper_file)
    async with open_library(home, url=settings.database or None, clock=clock, pepper=pepper) as library:
        yield library


def _pepper(file: str) -> bytes | None:
    """The secret without the line end that an editor leaves; None makes the library keep one of its own."""
    try:
        return Path(file).read_bytes().strip() if file else None
    except OSError as error:
        raise SettingsError(f"catalogue.pepper_file cannot be read: {error.strerror or error}.") from error

"""The steps in which a library is opened: its folder, its pepper and tables, what is in it, its search index."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import PepperError, StorageError
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.meaning.embedder import installed_embedder
from catalogue_client.seed.demo_readers import invite
from catalogue_client.seed.shipped_works import stock_shipped
from catalogue_client.store.encryption import Encryption, known_pepper, make_pepper
from catalogue_client.store.migrate import revision, upgrade
from catalogue_client.store.purpose import Purpose, decide, purpose_of
from catalogue_client.store.schema import facts
from catalogue_client.store.sqlite_errors import is_damage, storage_error
from catalogue_client.works.knowledge_base import knowledge_edition


async def unlocked(connection: AsyncConnection, home: Path, pepper: bytes | None) -> Encryption:
    """The tables in their newest form, and the secrecy that they were written with. A pepper is made for an empty
    store alone. Raises PepperError, and StorageError when it cannot be made."""
    try:
        pepper = pepper or known_pepper(home)
        if pepper is None and await revision(connection):
            raise PepperError(str(home), missing=True)
        secrecy = Encryption(pepper or make_pepper(home))
    except OSError as error:
        raise StorageError(f"the folder {home} cannot be used: {error}") from error
    try:
        await upgrade(connection, secrecy)
    except InvalidTag as error:
        raise PepperError(str(home), missing=False) from error
    kept = await connection.scalar(select(facts.c.value).where(facts.c.name == "pepper"))
    if kept != secrecy.fingerprint:
        raise PepperError(str(home), missing=False)
    return secrecy


async def furnish(
    connection: AsyncConnection,
    secrecy: Encryption,
    places: PlaceDirectory,
    works: Path,
    purpose: Purpose | None,
    today: date,
) -> None:
    """Decide what the store is for, if that is still open; put into a demonstration what makes it one."""
    kept = await purpose_of(connection)
    if kept is None and purpose is not None:
        await decide(connection, purpose)
    if (kept or purpose) is Purpose.DEMONSTRATION:
        await stock_shipped(connection, works, places, today)
        await invite(connection, secrecy, today)


def open_index(path: Path) -> SearchIndex:
    """Open the search index at `path`; a damaged one is made again. Raises StorageError."""
    try:
        return SearchIndex(path, knowledge_edition(), installed_embedder())
    except sqlite3.Error as error:
        # A disk that is full or another process that is busy does not make it worthless.
        if not is_damage(error):
            raise storage_error(error, f"the search index {path}") from error
    try:
        # Nothing in it is lost when it is made again.
        for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            part.unlink(missing_ok=True)
        return SearchIndex(path, knowledge_edition(), installed_embedder())
    except sqlite3.Error as error:
        raise storage_error(error, f"the search index {path}") from error
    except OSError as error:
        raise StorageError(f"the damaged search index {path} cannot be made again: {error}") from error


def node_of(home: Path) -> str:
    """The name of this node, drawn once; `home` is made when it is missing."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "node"
    with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
        file.write(secrets.token_hex(8))
    return path.read_text(encoding="ascii")

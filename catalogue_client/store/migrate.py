"""Brings a database to the newest form of the tables, with Alembic, inside the caller's transaction.

The file of a library is kept as it was before.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import StorageError
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.sqlite_errors import is_damage, storage_error

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")


def newest() -> str:
    """Return the revision that this program knows: the number its last migration's file begins with."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).split("_")[0]


async def revision(connection: AsyncConnection) -> str:
    """Return the revision of the database; "" for an empty one."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return ""
    return str(await connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


async def upgrade(connection: AsyncConnection, encryption: Encryption) -> None:
    """Make or change the tables where that is due; `encryption` seals what older forms kept in the open.

    Raises StorageError when the database was made by a newer program, cryptography's InvalidTag when what is in it
    was sealed with another pepper.
    """
    found = await revision(connection)
    if found == newest():
        return
    if found > newest():
        raise StorageError(
            f"the database has form {found}, this program knows {newest()}: install the newer program again, "
            "or restore a backup that was made with this one"
        )
    await connection.run_sync(_run, encryption)


def _run(connection: Connection, encryption: Encryption) -> None:
    from alembic import command  # 0.2 s that only an upgrade needs to spend
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # Migrations have their own copies of how things are sealed: what they read and wrote does not change any more.
    config.attributes |= {"connection": connection, "pepper": encryption.pepper}
    command.upgrade(config, "head")


def keep_old_form(path: Path, now: datetime) -> Path | None:
    """Copy the database at `path` when an upgrade is due, readable by its owner alone. Blocks.

    Return where the copy is; None when there is nothing to upgrade. Raises StorageError when it cannot be copied: then
    nothing is upgraded either.
    """
    if not path.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as old:
            form = _form(old)
            if not form or form >= newest():
                return None
            kept = path.with_name(f"{path.stem}.form-{form}-{now:%Y%m%d-%H%M%S}{path.suffix}")
            unfinished = kept.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with contextlib.closing(sqlite3.connect(unfinished)) as copy:
                old.backup(copy)
                if _form(copy) != form:
                    raise sqlite3.DatabaseError("the copy is not like the original")
            os.replace(unfinished, kept)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise storage_error(error) from error
        raise StorageError(
            f"the database cannot be kept as it was before its upgrade: {error}. Make room on the disk; nothing was "
            "changed"
        ) from error
    log.warning("The tables are brought from form %s to %s. As they were they are kept in %s.", form, newest(), kept)
    return kept


def _form(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return ""  # tables that were never finished: there is nothing to keep
    return str(row[0]) if row else ""

"""Brings a database to the newest form of the tables, with Alembic, inside the caller's transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.errors import StorageError
from catalogue_client.store.encryption import Encryption

MIGRATIONS = Path(__file__).with_name("migrations")


def newest() -> str:
    """The revision that this program knows: the number its last migration's file begins with."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).split("_")[0]


async def revision(connection: AsyncConnection) -> str:
    """The revision of the database; "" for an empty one."""
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

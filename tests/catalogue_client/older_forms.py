"""Stores as older programs left them, made by the migrations of that time."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from catalogue_client.store.migrate import MIGRATIONS

NOT_COPIED = ("alembic_version", "audit", "sqlite_sequence")
"""The form is the older one's own, and older programs sealed the audit without a key."""


def make_store(path: Path, form: str, pepper: bytes = b"pepper") -> None:
    """Make an empty SQLite store of the form (revision) `form` at `path`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes |= {"connection": connection, "pepper": pepper}
        command.upgrade(config, form)
    engine.dispose()


def step_back(path: Path, form: str, pepper: bytes = b"pepper") -> None:
    """Replace the SQLite store at `path` by one of `form` with the same rows, as far as the form has tables and
    columns for them."""
    older = path.with_suffix(".older")
    make_store(older, form, pepper)
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("ATTACH ? AS newer", (str(path),))
        tables = "SELECT name FROM {}.sqlite_master WHERE type = 'table'"
        both = connection.execute(f"{tables.format('main')} INTERSECT {tables.format('newer')}").fetchall()
        for (table,) in both:
            if table in NOT_COPIED:
                continue
            columns = ", ".join(
                f'"{name}"'
                for (name,) in connection.execute(
                    "SELECT name FROM pragma_table_info(?1, 'main')"
                    " INTERSECT SELECT name FROM pragma_table_info(?1, 'newer')",
                    (table,),
                )
            )
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
        connection.execute("DELETE FROM main.facts WHERE name IN ('pepper', 'purpose')")  # since form 0005
        connection.commit()
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    os.replace(older, path)

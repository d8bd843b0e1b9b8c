"""Keeps the file of the library as it was before its tables are changed by a newer program."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from catalogue_client.errors import StorageError
from catalogue_client.store.migrate import newest
from catalogue_client.store.sqlite_errors import is_damage, storage_error

log = logging.getLogger(__name__)


def keep_old_form(path: Path, now: datetime) -> Path | None:
    """Copy the database at `path` when an upgrade is due, readable by its owner alone. Blocks.

    Answers where the copy is; None when there is nothing to upgrade. Raises StorageError when it cannot be copied: then
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

"""What a failure of SQLite means and what to do about it, in a sentence for whoever looks after the machine."""

from __future__ import annotations

import sqlite3

from catalogue_client.errors import LibraryError, StorageError, Unavailable

DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR")
NOT_ALLOWED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the file itself is at fault, so that nothing but another file helps."""
    return _name(error).startswith(DAMAGED)


def storage_error(error: sqlite3.Error, what: str = "the database") -> LibraryError:
    """Return Unavailable when it passes by itself, else StorageError with advice; `what` is the file that is meant."""
    name = _name(error)
    if name.startswith(BUSY):
        return Unavailable(f"{what} is busy: {error}")
    advice = ""
    if name.startswith(DAMAGED):
        advice = ". The file is damaged: restore a backup"
    elif name.startswith(NO_ROOM):
        # A full disk is an input or output error too, where SQLite may not even begin its journal.
        advice = ". Make room on the disk, or look whether it is failing; what was confirmed is kept"
    elif name.startswith(NOT_ALLOWED):
        advice = ". Give the user that runs this program the right to write to the file and to its folder"
    return StorageError(f"{what} cannot be used: {error}{advice}")


def _name(error: sqlite3.Error) -> str:
    # Errors of the driver itself, such as a closed connection, have none.
    return getattr(error, "sqlite_errorname", None) or ""

"""All state in one archive and back: the library's database, settings, desks, accounts, keys, adapted models.

A copy of the database is made by SQLite itself while Dauys runs. With several nodes the database is PostgreSQL, which
has a better tool of its own: pg_dump.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from catalogue_client.store.anchor import FILE as AUDIT_NEWEST
from catalogue_client.store.migrate import newest
from voice.configuration.paths import replacing
from voice.values.errors import VoiceError

DATABASE = "library.sqlite"
CONTENTS = "contents.json"
FORM = 1
"""Of the archive; a higher number was written by a newer program."""
FILES = (
    "settings.toml",
    "desks.toml",
    "delivery.toml",
    "staff.toml",
    "staff.key",
    "pepper",
    "node",
    "courier_token",
)
FOLDERS = ("models/adapted",)


class BackupError(VoiceError):
    """A backup that cannot be made, read or brought back; nothing was changed."""


def save(home: Path, archive: Path, now: datetime) -> int:
    """Write `archive`, readable by its owner alone, and read it again. Answers how many files are in it.

    Raises BackupError; a file of that name is never overwritten.
    """
    if not (home / DATABASE).exists():
        raise BackupError(f"There is no {DATABASE} in {home}. With a database of several nodes, use pg_dump for it.")
    unfinished = archive.with_name(archive.name + ".unfinished")
    try:
        with tempfile.TemporaryDirectory(prefix="dauys-") as folder:
            copy = Path(folder) / DATABASE
            _copy_database(home / DATABASE, copy)
            files = {DATABASE: copy, **{path: home / path for path in _kept(home)}}
            contents = {
                "form": FORM,
                "schema": _schema(copy),
                "made": now.isoformat(),
                "sha256": {name: _sha256(path.read_bytes()) for name, path in files.items()},
            }
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w:gz") as tar:
                    _add(tar, CONTENTS, json.dumps(contents, indent=1).encode())
                    for name, path in files.items():
                        _add(tar, name, path.read_bytes())
                out.flush()
                os.fsync(out.fileno())
        verify_archive(unfinished)
        os.link(unfinished, archive)
    except FileExistsError:
        raise BackupError(f"{archive} exists already. Choose another name.") from None
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup {archive} cannot be written: {error}. There is none of that name.") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    return len(files)


def verify_archive(archive: Path) -> dict[str, bytes]:
    """Every file of a backup, each as its checksum says. Raises BackupError."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                stream = tar.extractfile(member)
                if not member.isfile() or stream is None or not _is_ours(member.name):
                    raise BackupError(
                        f"{archive} holds {member.name!r}, which no backup of Dauys has. Nothing was done."
                    )
                files[member.name] = stream.read()
        contents: dict[str, Any] = json.loads(files.pop(CONTENTS))
        sums, form, schema = dict(contents["sha256"]), int(contents["form"]), str(contents["schema"])
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{archive} is no whole backup of Dauys: {error}. Nothing was done.") from error
    if form > FORM or schema > newest():
        raise BackupError(
            f"{archive} was made by a newer Dauys: form {form}, tables {schema}; this one knows {FORM} and {newest()}. "
            "Install that version first. Nothing was done."
        )
    wrong = sorted({*sums} ^ {*files}) or [name for name, data in files.items() if _sha256(data) != sums[name]]
    if wrong or DATABASE not in files:
        raise BackupError(
            f"{archive} is damaged: {', '.join(wrong) or DATABASE}. Take another backup. Nothing was done."
        )
    return files


def restore(home: Path, archive: Path, now: datetime) -> Path | None:
    """Put the state of a backup into `home`. Answers the folder that keeps the state before, None if there was none.

    Raises HomeError while Dauys or a command of it is at work there, and BackupError; until the last moment nothing is
    changed.
    """
    files = verify_archive(archive)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"{archive} cannot be brought back into {home}: {error}. Nothing was changed.") from error
    with replacing(home):
        return _exchange(home, archive, files, now)


def _exchange(home: Path, archive: Path, files: dict[str, bytes], now: datetime) -> Path | None:
    """Move what is there aside and `files` to its place."""
    new, old = home / "restoring", home / f"before-{now:%Y%m%d-%H%M%S}"
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True, mode=0o700)
        for name, data in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(data)
        _schema(new / DATABASE)
        replaced = _replaced(home)
        for name in replaced:
            _move(home / name, old / name)
        for name in (DATABASE, *FILES, *FOLDERS):
            if (new / name).exists():
                _move(new / name, home / name)
        shutil.rmtree(new)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{archive} cannot be brought back into {home}: {error}. See {new} and {old}.") from error
    return old if replaced else None


def _replaced(home: Path) -> list[str]:
    """What makes way for a backup. Models that were installed stay; the search index is made again."""
    databases = [path.name for stem in (DATABASE, "search.sqlite") for path in sorted(home.glob(f"{stem}*"))]
    # The newest entry of the audit is not in an older one: it is written down again.
    return [*databases, *(name for name in (*FILES, *FOLDERS, AUDIT_NEWEST) if (home / name).exists())]


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.rename(path, to)


def _kept(home: Path) -> Iterator[str]:
    yield from (name for name in FILES if (home / name).is_file())
    for folder in FOLDERS:
        yield from (str(path.relative_to(home)) for path in sorted((home / folder).rglob("*")) if path.is_file())


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    folder = any(PurePosixPath(name).is_relative_to(folder) for folder in FOLDERS) and ".." not in parts
    return name in (CONTENTS, DATABASE, *FILES) or folder


def _copy_database(source: Path, copy: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reader,
        contextlib.closing(sqlite3.connect(copy)) as writer,
    ):
        reader.backup(writer)


def _schema(database: Path) -> str:
    """The revision of a whole database. Raises sqlite3.Error for one that is not."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"the database is damaged: {found}")
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

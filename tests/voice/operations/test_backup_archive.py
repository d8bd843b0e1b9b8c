"""A backup goes out and comes back the same; a bad one changes nothing."""

import gzip
import io
import json
import sqlite3
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from catalogue_client.store.migrate import newest
from catalogue_client.store.purpose import Purpose
from voice.assistant.app import open_app
from voice.configuration.clock import LIBRARY_TIME
from voice.operations.backup_archive import CONTENTS, DATABASE, BackupError, restore, save, verify_archive

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=LIBRARY_TIME)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "dauys"
    (folder / "models" / "adapted" / "kk" / "am").mkdir(parents=True)
    (folder / "models" / "adapted" / "kk" / "am" / "final.mdl").write_bytes(b"\x00model")
    (folder / "settings.toml").write_text('[voice]\nlanguage = "ru"\n')
    (folder / "pepper").write_bytes(b"p" * 32)
    with sqlite3.connect(folder / DATABASE) as library:
        library.execute("CREATE TABLE alembic_version (version_num)")
        library.execute("INSERT INTO alembic_version VALUES (?)", (newest(),))
        library.execute("CREATE TABLE books (title)")
        library.execute("INSERT INTO books VALUES ('Абай жолы')")
    return folder


def state(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def titles(home: Path) -> list[tuple[str]]:
    return sqlite3.connect(home / DATABASE).execute("SELECT title FROM books").fetchall()


def test_what_was_saved_comes_back_and_what_was_there_is_kept(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "one.tar.gz"
    assert save(home, archive, NOW) == 4
    assert archive.stat().st_mode & 0o777 == 0o600
    (home / "settings.toml").write_text("broken [")
    (home / "pepper").unlink()
    changed = state(home)
    kept = restore(home, archive, NOW)
    assert kept
    assert state(kept) == changed
    assert titles(home) == [("Абай жолы",)]
    assert (home / "pepper").read_bytes() == b"p" * 32
    assert (home / "settings.toml").read_text() == '[voice]\nlanguage = "ru"\n'
    assert (home / "models/adapted/kk/am/final.mdl").read_bytes() == b"\x00model"
    assert (home / "pepper").stat().st_mode & 0o777 == 0o600


def test_it_comes_back_on_an_empty_machine(home: Path, tmp_path: Path) -> None:
    save(home, tmp_path / "one.tar.gz", NOW)
    assert restore(tmp_path / "elsewhere" / "dauys", tmp_path / "one.tar.gz", NOW) is None
    assert titles(tmp_path / "elsewhere" / "dauys") == [("Абай жолы",)]


def test_no_file_is_overwritten_and_nothing_half_finished_stays(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "one.tar.gz"
    archive.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        save(home, archive, NOW)
    assert archive.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"dauys", "one.tar.gz"}
    with pytest.raises(BackupError, match=r"no library\.sqlite"):
        save(tmp_path, tmp_path / "two.tar.gz", NOW)


@pytest.mark.parametrize("cut", [False, True])
def test_a_damaged_backup_changes_nothing(home: Path, tmp_path: Path, cut: bool) -> None:
    archive = tmp_path / "one.tar.gz"
    save(home, archive, NOW)
    packed = archive.read_bytes()
    changed = gzip.decompress(packed).replace(b"p" * 32, b"q" * 32)
    archive.write_bytes(packed[: len(packed) // 2] if cut else gzip.compress(changed))
    before = state(home)
    with pytest.raises(BackupError, match="no whole backup" if cut else "damaged: pepper"):
        restore(home, archive, NOW)
    assert state(home) == before


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "models/adapted/../../evil", "notes.txt"])
def test_a_backup_cannot_write_elsewhere(home: Path, tmp_path: Path, name: str) -> None:
    archive = made(tmp_path, {name: b"x"}, newest())
    with pytest.raises(BackupError, match="no backup of Dauys has"):
        restore(home, archive, NOW)


def test_a_backup_of_a_newer_program_is_refused(home: Path, tmp_path: Path) -> None:
    archive = made(tmp_path, {DATABASE: b"x"}, "9999")
    with pytest.raises(BackupError, match="newer Dauys"):
        verify_archive(archive)


async def test_a_library_that_is_open_is_saved_and_opens_again(tmp_path: Path) -> None:
    home = tmp_path / "dauys"
    async with open_app(home=home, now=NOW, purpose=Purpose.DEMONSTRATION) as app:
        reader = await app.library.circulation.identify("100001", "2580", "test")
        save(home, tmp_path / "one.tar.gz", NOW)
    restore(tmp_path / "other", tmp_path / "one.tar.gz", NOW)
    async with open_app(home=tmp_path / "other", now=NOW) as app:
        assert await app.library.circulation.identify("100001", "2580", "test") == reader


def made(folder: Path, files: dict[str, bytes], schema: str) -> Path:
    contents = {"form": 1, "schema": schema, "made": "", "sha256": {}}
    archive = folder / "made.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in {CONTENTS: json.dumps(contents).encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive

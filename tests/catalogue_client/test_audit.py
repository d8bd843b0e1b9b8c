"""The audit under its key: what older forms wrote, what is written down outside, what a crash leaves."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, delete, insert, select, text, update

from catalogue_client.embedded_library import open_library
from catalogue_client.store.anchor import Anchor
from catalogue_client.store.audit import Audit, Newest, verify_chain
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.migrate import MIGRATIONS
from catalogue_client.store.schema import audit
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS

SECRECY = Encryption(b"pepper")
AT = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def old_entries(*actors: str) -> list[dict[str, object]]:
    """Sealed as the fourth form did."""
    before, entries = "", []
    for actor in actors:
        told = (actor, "export", "reader:1", "done")
        entry = json.dumps([before, "n", AT.isoformat(), *told], ensure_ascii=False)
        before = hashlib.sha256(entry.encode()).hexdigest()
        names = ("actor", "action", "subject", "outcome")
        entries.append({"chain": "n", "at": AT, "hash": before, **dict(zip(names, told, strict=True))})
    return entries


@pytest.fixture
async def database(tmp_path: Path, clock: Clock) -> Database:
    """Of a store of the fourth form with two entries, upgraded."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'library.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    def make(connection: Connection) -> None:
        config.attributes |= {"connection": connection, "pepper": SECRECY.pepper}
        command.upgrade(config, "0004")

    async with database.writing() as connection:
        await connection.run_sync(make)
        await connection.execute(insert(audit), old_entries("staff:1", "staff:2"))
    async with open_library(tmp_path, clock=clock, pepper=b"pepper", works=FEW_WORKS):
        pass
    async with database.writing() as connection:  # as somebody may who has the file
        for what in ("UPDATE", "DELETE"):
            await connection.execute(text(f"DROP TRIGGER audit_keeps_{what}"))
    return database


async def test_old_entries_are_handed_over(database: Database) -> None:
    async with database.reading() as connection:
        trail = await verify_chain(connection, SECRECY)
        rows = (await connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id))).all()
    assert (trail.broken, trail.entries) == (None, 3)
    assert tuple(rows[-1]) == ("handed_over", "2 entries")
    await database.close()


async def test_old_entries_cannot_be_sealed_anew(database: Database) -> None:
    async with database.writing() as connection:
        for number, entry in enumerate(old_entries("staff:1", "staff:9"), 1):
            await connection.execute(update(audit).where(audit.c.id == number).values(entry))
        assert (await verify_chain(connection, SECRECY)).broken == 3
    await database.close()


async def test_without_its_hand_over_an_old_chain_does_not_count(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(delete(audit).where(audit.c.action == "handed_over"))
        assert (await verify_chain(connection, SECRECY)).broken == 1
    await database.close()


async def test_another_pepper_finds_nothing_in_order(database: Database) -> None:
    async with database.reading() as connection:
        assert (await verify_chain(connection, Encryption(b"another"))).broken is not None
    await database.close()


async def test_what_was_never_committed_is_not_written_down(database: Database, tmp_path: Path) -> None:
    mine = Audit("m", SECRECY)
    anchor = Anchor(database, mine, tmp_path)
    async with database.writing() as connection:
        await mine.note(connection, AT, "staff:1", "export", "reader:1")
    await anchor.write_down()
    first = anchor.newest()
    assert first is not None
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as connection:
            await mine.note(connection, AT, "staff:1", "erase", "reader:1")
            await anchor.write_down()  # another connection sees the old end
            raise ZeroDivisionError
    await anchor.write_down()
    assert anchor.newest() == first
    async with database.writing() as connection:
        await mine.note(connection, AT, "staff:1", "export", "reader:1")
    await anchor.write_down()
    second = anchor.newest()
    assert second is not None and second.id > first.id
    async with database.reading() as connection:
        trail = await verify_chain(connection, SECRECY, second)
    assert (trail.broken, trail.gone) == (None, None)
    await database.close()


def test_a_write_that_was_cancelled_does_not_meet_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Anchor(SimpleNamespace(dsn="sqlite:///x"), SimpleNamespace(chain="one"), tmp_path)  # type: ignore[arg-type]
    last = threading.Thread(target=kept._write, args=(Newest("one", 2, "b"),))

    def write_again(_: int) -> None:
        if not last.ident:
            last.start()
            last.join(0.3)  # it either waits for its turn or runs into this write

    monkeypatch.setattr("os.fsync", write_again)
    kept._write(Newest("one", 1, "a"))
    last.join()
    assert kept.newest() == Newest("one", 2, "b")
    kept._write(Newest("one", 1, "a"))  # one that was slower than the last
    assert kept.newest() == Newest("one", 2, "b")

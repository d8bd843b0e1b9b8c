"""The store in trouble: newer form, read-only, full, damaged; its tables, its audit, its tidying up."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, func, insert, select, text, update

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.circulation.expiry import tidy
from catalogue_client.delivery.kept_items import old_delivery_rows
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import StorageError, Unavailable
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption, sealed
from catalogue_client.store.migrate import MIGRATIONS, newest
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.schema import audit, entitlements, keys, metadata, records
from catalogue_client.store.sqlite_errors import storage_error
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.catalogue.test_marc import iso2709, record
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.catalogue_client.older_forms import make_store


def url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'library.sqlite'}"


def kept_forms(home: Path) -> list[Path]:
    return list(home.glob("library.form-0002-*.sqlite"))


async def opened(home: Path, address: str | None = None) -> None:
    async with open_library(
        home, url=address, clock=Clock(), pepper=b"pepper", works=FEW_WORKS, purpose=Purpose.DEMONSTRATION
    ) as library:
        assert (await library.catalogue.search(Query(words="Плаха"))).records


def test_files_of_migrations_are_named_by_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == newest()


async def test_migrations_make_the_tables_that_the_program_knows(home: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    database = Database(url(home))
    async with database.reading() as connection:
        assert not await connection.run_sync(differences)
    await database.close()


async def test_store_of_a_newer_program_is_left_alone(home: Path) -> None:
    with sqlite3.connect(home / "library.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match="newer program"):
        await opened(home)


async def test_read_only_store_answers_and_tells_when_it_cannot_write(home: Path, clock: Clock) -> None:
    address = f"sqlite+aiosqlite:///file:{home / 'library.sqlite'}?mode=ro&uri=true"
    async with open_library(home, url=address, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        record = (await library.catalogue.search(Query(words="Плаха"))).records[0]
        with pytest.raises(StorageError, match="readonly"):
            await library.circulation.place_hold("100001", record.id, "chekhov", key="k")


async def test_file_that_is_no_data_base_is_told(home: Path) -> None:
    for name in ("library.sqlite-wal", "library.sqlite-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "library.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        await opened(home)


async def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        await opened(tmp_path / "file" / "library")


async def test_full_disk_loses_nothing(home: Path) -> None:
    database = Database(url(home))
    async with database.reading() as connection:
        await connection.execute(text("PRAGMA max_page_count = 1"))  # of this connection, which the pool gives again
        before = await connection.scalar(select(func.count()).select_from(records))
    with pytest.raises(StorageError, match="full"):
        async with database.writing() as connection:
            await connection.execute(update(records).values(annotation="слово " * 100_000))
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(records)) == before
        assert not await connection.scalar(select(records.c.id).where(func.length(records.c.annotation) > 5000))
    await database.close()


async def test_damaged_index_is_made_anew(home: Path) -> None:
    for name in ("search.sqlite-wal", "search.sqlite-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "search.sqlite").write_bytes(b"no index" * 1000)
    await opened(home)


async def test_index_that_another_holds_is_not_thrown_away(home: Path, library: OpenedLibrary) -> None:
    index = home / "search.sqlite"
    before = index.stat().st_ino
    with sqlite3.connect(index, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="busy"):
            await opened(home)
        other.execute("ROLLBACK")
    other.close()
    assert index.stat().st_ino == before
    assert (await library.catalogue.search(Query(words="Плаха"))).records


async def test_node_whose_index_was_held_follows_again(home: Path, library: OpenedLibrary, tmp_path: Path) -> None:
    book = tmp_path / "book.mrc"
    book.write_bytes(iso2709(record(("245", "a", "Жаңа кітап келді"), number="77")))
    with sqlite3.connect(home / "search.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="busy"):
            await library.staff.importer.import_files([book])
        other.execute("ROLLBACK")
    other.close()
    async with asyncio.timeout(30):
        while not any(
            "Жаңа" in one.title for one in (await library.catalogue.search(Query(title="Жаңа кітап келді"))).records
        ):
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("statement", "advice"), [("PRAGMA user_version = 1", "right to write"), ("SELECT * FROM no_data_base", "backup")]
)
def test_trouble_says_what_to_do(tmp_path: Path, statement: str, advice: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"no database" * 1000 if advice == "backup" else b"")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection, pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    connection.close()
    assert advice in str(storage_error(raised.value))


async def test_index_of_another_store_is_made_anew(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "search.sqlite") as connection:
        connection.execute("UPDATE facts SET value = 1000000 WHERE name = 'generation'")
    connection.close()
    await opened(home)


async def test_audit_shows_what_was_changed_behind_its_back(home: Path, library: OpenedLibrary) -> None:
    record = (await library.catalogue.search(Query(words="Плаха"))).records[0]
    hold = await library.circulation.place_hold("100001", record.id, "chekhov", key="k")
    await library.circulation.cancel_hold("100001", hold.id, key="k2")
    database = Database(url(home))
    async with database.writing() as connection:
        assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None
        told = (await connection.execute(select(audit.c.action, audit.c.subject, audit.c.actor))).all()
        assert [row.action for row in told] == ["hold", "cancel_hold"]
        assert not any("100001" in row.actor for row in told)
    changed = update(audit).where(audit.c.action == "hold").values(subject="hold 99")
    for forbidden in (changed, delete(audit)):
        with pytest.raises(StorageError, match="only added to"):
            async with database.writing() as connection:
                await connection.execute(forbidden)
    async with database.writing() as connection:  # as somebody may who has the file
        await connection.execute(text("DROP TRIGGER audit_keeps_UPDATE"))
        await connection.execute(changed)
        assert (await verify_chain(connection, Encryption(b"pepper"))).broken == 1
    await database.close()


async def test_what_older_forms_kept_in_the_open_is_sealed(tmp_path: Path, clock: Clock) -> None:
    secrecy, database = Encryption(b"pepper"), Database(url(tmp_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    def make(connection: Connection) -> None:
        config.attributes |= {"connection": connection, "pepper": secrecy.pepper}
        command.upgrade(config, "0002")

    reader = (
        "INSERT INTO readers (ticket, name, category, pin_hash, deliveries_until, temporary, keeps_history,"
        " preferences, since) VALUES ('7', 'Зәуре Оқырман', 'adult', '', '2031-05-06', 0, 0, '{}', '2026-01-01')"
    )
    async with database.writing() as connection:
        await connection.run_sync(make)
        await connection.execute(text(reader))
        right = Entitlement("staff:1", "certificate", "Медеу")
        row = {"reader": secrecy.pseudonym("reader", "7"), "sealed": sealed(secrecy, right)}
        await connection.execute(insert(entitlements).values(row))
    await database.close()
    async with open_library(tmp_path, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        told = await library.staff.deliveries.privacy.export("7", actor="staff:1")
    assert told["contact"]["name"] == "Зәуре Оқырман"
    assert (told["right"]["until"], told["right"]["district"]) == ("2031-05-06", "Медеу")
    kept = (tmp_path / "library.sqlite").read_bytes()
    assert "Зәуре".encode() not in kept and b"2031-05-06" not in kept
    [old] = kept_forms(tmp_path)
    assert old.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT name FROM readers WHERE ticket = '7'").fetchone() == ("Зәуре Оқырман",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
    async with open_library(tmp_path, clock=clock, pepper=b"pepper", works=FEW_WORKS):
        assert kept_forms(tmp_path) == [old]  # what is up to date is not copied again


OLDEST = (
    "INSERT INTO readers (ticket, name, category, pin_hash, deliveries_until, temporary, keeps_history, preferences,"
    " since) VALUES ('7', 'Зәуре Оқырман', 'adult', '{pin}', '2031-05-06', 0, 1, '{{}}', '2026-01-01')",
    "INSERT INTO records (id, title, author, language, formats, subjects, aliases, annotation, reading_room_only,"
    " popularity, added) VALUES ('r-1', 'Көне кітап', 'Көне Автор', 'kk', 'print', '', '', '', 0, 3, '2026-01-01')",
    "INSERT INTO copies (id, record_id, place_id, format, status) VALUES (1, 'r-1', 'chekhov', 'print', 'loan')",
    "INSERT INTO copies (id, record_id, place_id, format, status) VALUES (2, 'r-1', 'chekhov', 'print', 'shelf')",
    "INSERT INTO loans (id, ticket, record_id, copy_id, since, due, renewals)"
    " VALUES (1, '7', 'r-1', 1, '2026-11-10', '2026-11-25', 0)",
    "INSERT INTO changes (number, record_id) VALUES (1, 'r-1')",
)


async def test_a_library_of_the_oldest_form_opens_with_all_that_is_in_it(tmp_path: Path, clock: Clock) -> None:
    make_store(tmp_path / "library.sqlite", "0001")
    pin = await Encryption(b"pepper").hash_pin("7", "4826")
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as connection:
        for statement in OLDEST:
            connection.execute(statement.format(pin=pin))
        connection.commit()
    async with open_library(tmp_path, clock=clock, pepper=b"pepper", works=FEW_WORKS) as library:
        reader = await library.circulation.identify("7", "4826", "line")
        assert (reader.name, reader.deliveries) == ("Зәуре Оқырман", True)
        (loan,) = await library.circulation.loans("7")
        assert (await library.circulation.renew("7", loan.id, key="r")).due > loan.due
        (found,) = (await library.catalogue.search(Query(words="көне кітап"))).records
        assert [(shelf.place_id, shelf.copies) for shelf in found.available] == [("chekhov", 1)]
        database = library.staff.deliveries.books.database
        async with database.reading() as connected:
            assert (await verify_chain(connected, Encryption(b"pepper"))).broken is None


async def test_old_keys_and_late_holds_are_tidied_up(home: Path, clock: Clock, library: OpenedLibrary) -> None:
    record = (await library.catalogue.search(Query(words="Плаха"))).records[0]
    await library.circulation.place_hold("100001", record.id, record.available[0].place_id, key="k")
    clock.pass_by(days=31)
    database = Database(url(home))
    await tidy(library.staff.deliveries.books, library.staff.holds, old_delivery_rows)
    assert await library.circulation.holds("100001") == ()
    assert (await library.catalogue.record(record.id)).available == record.available
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(keys)) == 0
    await database.close()


async def test_new_works_join_a_store_that_is_in_use(home: Path, clock: Clock, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for path in FEW_WORKS.glob("*.tsv"):
        (more / path.name).write_bytes(path.read_bytes())
    header = (FEW_WORKS / "few.tsv").read_text(encoding="utf-8").splitlines()[0]
    (more / "new.tsv").write_text(f"{header}\nЖаңа шығарма\tЖаңа Автор\tkk\t2026\tроман\tprint\t\t\n", encoding="utf-8")
    async with open_library(home, clock=clock, pepper=b"pepper", works=more) as library:
        assert (await library.catalogue.search(Query(words="Жаңа шығарма"))).sure
        assert (await library.catalogue.search(Query())).total == 19
        assert len(await library.circulation.loans("100003")) == 5

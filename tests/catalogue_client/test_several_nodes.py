"""Several nodes on one PostgreSQL: one is killed, the database is restarted; nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.audit import verify_chain
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.schema import copies, holds, keys
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.catalogue.test_marc import iso2709, record
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.rig.postgres import Postgres

ROOT = Path(__file__).parent.parent.parent
STEPS = 120


@pytest.fixture
def server() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    try:
        server.start()
        yield server
    finally:
        server.remove()


async def start(home: Path, url: str, node: str, first: int) -> Process:
    program = str(Path(__file__).with_name("busy_node.py"))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = (program, str(home / node), url, node, str(first), str(STEPS))
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, env=environment)


async def answers(process: Process, number: int) -> int:
    """Wait for so many answers; the last one's step."""
    assert process.stdout
    line = b""
    for _ in range(number):
        line = await process.stdout.readline()
        assert line, "the node has ended"
    return int(line)


@pytest.mark.real
async def test_nodes_share_one_state_through_kill_and_restart(server: Postgres, tmp_path: Path) -> None:
    nodes = [await start(tmp_path, server.url, name, 0) for name in ("one", "two", "three")]
    reached = await answers(nodes[0], 10)
    nodes[0].kill()
    await nodes[0].wait()
    again = await start(tmp_path, server.url, "one", reached)  # repeats a step that was answered
    await answers(nodes[1], 5)
    await answers(again, 1)  # what has not opened its store yet ends when the database goes: that is another test's
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    ends = await asyncio.gather(*(node.communicate() for node in (again, *nodes[1:])))
    assert [node.returncode for node in (again, *nodes[1:])] == [0, 0, 0]
    assert all(out.split()[-1] == str(STEPS - 1).encode() for out, _ in ends)

    database = Database(server.url)
    async with database.reading() as connection:
        assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None
        answered = (await connection.execute(select(keys.c.key, keys.c.answer))).all()
        assert all(answer for _, answer in answered)
        secrecy = Encryption(b"pepper")
        wanted = {secrecy.digest("key", f"{n} place {step}") for n in ("one", "two", "three") for step in range(STEPS)}
        placed = [key for key, _ in answered if key in wanted]
        assert await connection.scalar(select(func.count()).select_from(holds)) == len(placed)
        given = (await connection.execute(select(holds.c.copy_id, holds.c.status))).all()
        kept = Counter(row.copy_id for row in given if row.copy_id is not None)
        assert max(kept.values()) == 1
        set_aside = select(func.count()).where(copies.c.status.in_(("kept", "transit")), copies.c.id.in_(kept))
        assert await connection.scalar(set_aside) == len(kept)
    await database.close()


@pytest.mark.real
async def test_index_of_every_node_follows_within_five_seconds(server: Postgres, clock: Clock, tmp_path: Path) -> None:
    def node(name: str) -> AbstractAsyncContextManager[OpenedLibrary]:
        return open_library(
            tmp_path / name,
            url=server.url,
            clock=clock,
            pepper=b"pepper",
            works=FEW_WORKS,
            purpose=Purpose.DEMONSTRATION,
        )

    async with node("one") as one, node("two") as two:
        first, second = tmp_path / "first.mrc", tmp_path / "second.mrc"
        first.write_bytes(iso2709(record(("245", "a", "Жаңа кітап келді"), number="77")))
        await one.staff.importer.import_files([first])
        await found_within(5, two, "Жаңа кітап келді")
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        second.write_bytes(iso2709(record(("245", "a", "Үзілістен кейін"), number="78")))
        await one.staff.importer.import_files([second])
        await found_within(5, two, "Үзілістен кейін")


async def found_within(seconds: float, library: OpenedLibrary, title: str) -> None:
    async with asyncio.timeout(seconds):
        while True:
            found = (await library.catalogue.search(Query(title=title))).records
            if found and found[0].title == title:
                return
            await asyncio.sleep(0.1)

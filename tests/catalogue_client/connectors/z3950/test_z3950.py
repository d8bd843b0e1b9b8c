"""Searching over Z39.50: Zebra with our records, Debian's yaz-ztest with its own, and servers that lie or hang."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from socket import create_connection, socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue_client.connectors.z3950.catalogue import Z3950Source, z3950_catalogue
from catalogue_client.connectors.z3950.pqf import LONGEST, numbered, wanted
from catalogue_client.connectors.z3950.settings import Z3950Settings
from catalogue_client.errors import BadAnswer, NotFound, Unavailable
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.connectors.sru.test_zebra import RECORDS
from tests.rig.zebra_server import Zebra

PLACES = {"KZ": "Орталық кітапхана"}


@pytest.fixture(scope="module")
def zebra() -> Iterator[Zebra]:
    server = Zebra(RECORDS)
    yield server
    server.stop()


def free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def ztest() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(["yaz-ztest", "-v", "none", f"tcp:127.0.0.1:{port}"])
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"127.0.0.1:{port}/Default"
    process.terminate()
    process.wait()


@pytest.mark.real
async def test_zebra_is_searched_and_its_copies_are_read(zebra: Zebra) -> None:
    address = zebra.url.removeprefix("http://")
    async with z3950_catalogue(Z3950Settings(address, syntax="usmarc", answer_s=20.0, places=PLACES)) as catalogue:
        assert (await catalogue.search(Query(title="абай жолы"))).records[0].title == "Абай жолы"
        found = await catalogue.search(Query(title="қазақ ертегілері"))
        assert found.total == 60
        with pytest.raises(NotFound):
            await catalogue.record("no such number")


@pytest.mark.real
async def test_another_programs_server_gives_its_records(ztest: str) -> None:
    total, records = await Z3950Source(Z3950Settings(ztest, answer_s=20.0)).find(
        Query(title="computer"), every=True, limit=5
    )
    assert 0 < len(records) <= min(total, 5) and all(record["245"] for record in records)


@pytest.mark.parametrize("behaviour", ["hang", "close", "garbage"])
async def test_a_bad_server_is_reported(behaviour: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if behaviour == "garbage":
            writer.write(bytes(range(256)) * 300)
        elif behaviour == "hang":
            await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}/db"
        with pytest.raises((Unavailable, BadAnswer)):
            await Z3950Source(Z3950Settings(address, answer_s=1.0)).find(Query(words="a"), every=True, limit=5)


async def test_a_server_that_is_not_there_is_away() -> None:
    source = Z3950Source(Z3950Settings(f"127.0.0.1:{free_port()}/db", answer_s=10.0))
    with pytest.raises(Unavailable):
        await source.find(Query(words="a"), every=True, limit=5)


@given(st.text(max_size=300), st.booleans())
def test_no_word_brings_a_command_in(said: str, every: bool) -> None:
    names = Z3950Settings("127.0.0.1:210/db")
    for asked in (wanted(Query(words=said, title=said, author=said), names, every=every), numbered(said, names)):
        assert not set(asked) & set("\r\n\x00\\") and len(asked) <= LONGEST
        outside = "".join(asked.split('"')[::2])
        assert set(outside) <= set("@ andorttr1=0234568")


@pytest.mark.parametrize("changes", [{"address": "library"}, {"syntax": "xml"}, {"encoding": "no"}])
def test_settings_that_cannot_work_say_why(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"Z39\.50|encoding"):
        Z3950Settings(**({"address": "127.0.0.1:210/db"} | changes))  # type: ignore[arg-type]

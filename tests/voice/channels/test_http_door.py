"""What stands before an HTTP server, tried with real sockets and small numbers."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from ipaddress import IPv4Network

import pytest
from aiohttp import web

from voice.channels.descriptors import FOR_A_CALL, descriptors_left
from voice.channels.http_door import ConnectionLimits, open_door, port_of

HALF = b"POST /login HTTP/1.1\r\nHost: x\r\nX-a: "
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
LONG = 60.0
"""Seconds that no test waits for."""


@asynccontextmanager
async def site(limits: ConnectionLimits) -> AsyncIterator[int]:
    async def hello(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="hello")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", hello)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1, keepalive_timeout=0)
    await runner.setup()
    server = await open_door(runner, "127.0.0.1", 0, limits)
    try:
        yield port_of(server)
    finally:
        server.close()
        await runner.cleanup()


async def sent(port: int, data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    return reader, writer


async def answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the connection ends."""
    async with asyncio.timeout(30):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def test_half_a_head_is_given_up_and_a_whole_one_is_answered() -> None:
    async with site(ConnectionLimits(10, 10, head_s=0.2, whole_s=LONG)) as port:
        waiting, writer = await sent(port, HALF)
        reader, other = await sent(port, b"")
        for piece in (WHOLE[:9], WHOLE[9:-2], WHOLE[-2:]):  # the end of the head is cut in two
            other.write(piece)
            await other.drain()
            await asyncio.sleep(0)
        assert (await answer(reader)).startswith(b"HTTP/1.1 200")
        assert (await answer(waiting)).startswith(b"HTTP/1.1 408")
        for each in (writer, other):
            each.close()


async def test_a_body_that_never_comes_and_an_answer_that_nobody_reads_end_too() -> None:
    async with site(ConnectionLimits(10, 10, head_s=LONG, whole_s=0.3)) as port:
        reader, writer = await sent(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        assert b"200" not in await answer(reader)
        writer.close()


async def test_one_address_has_its_share_and_a_proxy_all_of_them() -> None:
    half = [HALF] * 2
    async with site(ConnectionLimits(10, 2, head_s=LONG, whole_s=LONG)) as port:
        open_ = [await sent(port, data) for data in half]
        refused = await sent(port, WHOLE)
        assert (await answer(refused[0])).startswith(b"HTTP/1.1 503")
        open_.pop()[1].close()  # whoever leaves makes room
        await until(lambda: whole_is_answered(port))
        for _, writer in (*open_, refused):
            writer.close()
    proxies = (IPv4Network("127.0.0.0/8"),)
    async with site(ConnectionLimits(3, 2, head_s=LONG, whole_s=LONG, proxies=proxies)) as port:
        open_ = [await sent(port, data) for data in half]
        assert await whole_is_answered(port)
        open_.append(await sent(port, HALF))
        refused = await sent(port, WHOLE)
        assert (await answer(refused[0])).startswith(b"HTTP/1.1 503")
        for _, writer in (*open_, refused):
            writer.close()


async def test_calls_keep_their_descriptors_however_many_connections_come() -> None:
    async with site(ConnectionLimits(5000, 5000, head_s=LONG, whole_s=LONG)) as port:
        with descriptors(160):
            connections = []
            for _ in range(60):
                connections.append(await sent(port, HALF))  # two descriptors each, for both ends are ours
            for reader, _ in connections[-10:]:
                assert (await answer(reader)).startswith(b"HTTP/1.1 503")
            assert descriptors_left() > FOR_A_CALL
            for _, writer in connections:
                writer.close()


async def whole_is_answered(port: int) -> bool:
    reader, writer = await sent(port, WHOLE)
    said = await answer(reader)
    writer.close()
    return said.startswith(b"HTTP/1.1 200")


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not await done():  # type: ignore[misc]
            await asyncio.sleep(0.01)


@contextmanager
def descriptors(left: int) -> Iterator[None]:
    """Let this process open `left` more files and sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The limit is one of numbers: what is free below the highest one is filled, so that it is one of how many too.
    highest = max(map(int, os.listdir("/proc/self/fd")))
    filled = [os.open(os.devnull, os.O_RDONLY)]
    while filled[-1] < highest:
        filled.append(os.open(os.devnull, os.O_RDONLY))
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft - descriptors_left() + left, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for one in filled:
            os.close(one)


@pytest.mark.parametrize("left", [5, 200])
def test_what_is_left_is_counted(left: int) -> None:
    with descriptors(left):
        assert descriptors_left() == left

"""The client's side of BrlAPI protocol 8, against a server that does as it is told."""

import asyncio
import struct
from pathlib import Path

import pytest

from devices.brlapi import connect
from devices.brlapi_packets import Auth, PacketKind, Parameter, packet, write
from devices.errors import NotAuthorized, RequestRefused, ServerGone
from tests.rig.brlapi_server import fake_server


def test_a_write_is_packed_as_the_protocol_says() -> None:
    size_and_type, flags, region, masks, cursor = (
        "00000014 00000077",
        "0000003a",
        "00000001 00000002",
        "0000 0103",
        "00000002",
    )
    assert write(b"\x01\x03", 2) == bytes.fromhex(size_and_type + flags + region + masks + cursor)


async def test_size_driver_cells_and_keys() -> None:
    async with fake_server(20, 2) as (server, address), connect(address) as display:
        assert await display.driver() == "Fake"
        assert await display.size() == (20, 2)
        assert await display.online()
        await display.enter_tty((1, 7))
        assert server.tty == (1, 7)
        display.write(bytes(range(40)), 40)
        await server.until(lambda: server.shown == bytes(range(40)) and server.cursor == 40)
        server.press(0x20010000)
        server.press(0xFF0D)
        assert [await display.next_key(), await display.next_key()] == [0x20010000, 0xFF0D]
        await display.leave_tty()
        assert server.tty is None


async def test_no_display_is_no_cells_and_its_model_is_never_asked_for() -> None:
    async with fake_server(0, 0) as (server, address), connect(address) as display:
        assert await display.size() == (0, 0)
        assert not await display.online()
        await display.driver()
        assert Parameter.DEVICE_MODEL not in server.asked_for


async def test_the_key_of_a_file_opens_the_server(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_bytes(b"secret\n")
    async with fake_server(40, key=b"secret\n") as (_, address):
        async with connect(address, key_file) as display:
            assert await display.size() == (40, 1)
        key_file.write_bytes(b"wrong")
        with pytest.raises(NotAuthorized, match="did not accept the key"):
            async with connect(address, key_file):
                pass
        with pytest.raises(NotAuthorized, match="cannot be read"):
            async with connect(address, tmp_path / "missing"):
                pass


async def test_nobody_there_is_said_plainly() -> None:
    for address in ("127.0.0.1:899", ":899"):
        with pytest.raises(ServerGone, match="No Braille server answers"):
            async with connect(address, timeout=2):
                pass
    with pytest.raises(ServerGone, match="no address"):
        async with connect("localhost"):
            pass


async def test_a_refusal_has_a_number_and_words() -> None:
    async with fake_server(40) as (server, address), connect(address) as display:
        server.answer = lambda kind, _: (
            packet(PacketKind.ERROR, struct.pack(">I", 12)) if kind == PacketKind.ENTER_TTY else None
        )
        with pytest.raises(RequestRefused, match="no terminal to show for") as refusal:
            await display.enter_tty((1,))
        assert refusal.value.code == 12
        assert await display.size() == (40, 1)


async def test_a_dead_server_is_noticed_by_everybody_who_waits() -> None:
    async with fake_server(40) as (server, address), connect(address) as display:
        waiting = asyncio.create_task(display.next_key())
        await display.size()
        server.answer = lambda kind, _: b"" if kind == PacketKind.PARAMETER_REQUEST else None
        asking = asyncio.create_task(display.size())
        await server.until(lambda: server.requests[-2:] == [PacketKind.PARAMETER_REQUEST] * 2)
        server.hang_up()
        for task in (waiting, asking):
            with pytest.raises(ServerGone):
                await task
        with pytest.raises(ServerGone):
            display.write(b"")
        with pytest.raises(ServerGone):
            await display.next_key()


async def test_a_server_that_never_answers_is_given_up() -> None:
    async with fake_server(40) as (server, address), connect(address, timeout=0.2) as display:
        server.answer = lambda kind, _: b""
        with pytest.raises(ServerGone, match="has not answered"):
            await display.size()


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9,
        packet(PacketKind.VERSION, struct.pack(">I", 7)),
        packet(PacketKind.VERSION, struct.pack(">I", 8)) + packet(PacketKind.ERROR, struct.pack(">I", 13)),
        packet(PacketKind.VERSION, struct.pack(">I", 8)) + packet(PacketKind.AUTH, struct.pack(">I", Auth.KEY)),
        b"\xff" * 64,
    ],
)
async def test_whatever_else_listens_there_is_told_from_a_braille_server(greeting: bytes, tmp_path: Path) -> None:
    async def strange(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(strange, "127.0.0.1", 4101 + 1100)
    (tmp_path / "key").write_bytes(b"k")
    async with server:
        with pytest.raises((ServerGone, NotAuthorized)):
            async with connect("127.0.0.1:1100", tmp_path / "key", timeout=2) as display:
                await display.size()


async def test_a_size_that_no_display_has_ends_the_connection() -> None:
    async with fake_server(2**31, 2**31) as (_, address), connect(address) as display:
        with pytest.raises(ServerGone, match="there is none"):
            await display.size()

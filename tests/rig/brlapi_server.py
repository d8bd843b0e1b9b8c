"""A BrlAPI server that does what a test tells it: any size of display, any key code, any bad answer."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from devices.brlapi import FIRST_PORT
from devices.brlapi_packets import HEADER, LARGEST, Auth, PacketKind, Parameter, packet

WRITE_FLAGS = 0x02 | 0x08 | 0x10 | 0x20


class FakeServer:
    """One client at a time. Like BRLTTY 6.5, it crashes when written to after a change of size without a new start."""

    def __init__(self, columns: int, lines: int, key: bytes | None) -> None:
        self.size = (columns, lines)
        self.key = key
        self.tty: tuple[int, ...] | None = None
        self.crashed = False
        self.requests: list[int] = []
        self.shown = b""
        self.cursor = 0
        self.asked_for: set[int] = set()
        self.answer: Callable[[int, bytes], bytes | None] = lambda kind, payload: None
        """A test's own answer to a request; None for the usual one."""
        self._buffer = (0, 0)
        self._updated = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    def press(self, code: int) -> None:
        assert self._writer
        self._writer.write(packet(PacketKind.KEY, struct.pack(">Q", code)))

    def resize(self, columns: int, lines: int) -> None:
        self.size = (columns, lines)
        assert self._writer
        self._writer.write(
            packet(PacketKind.PARAMETER_UPDATE, struct.pack(">IIIIII", 1, Parameter.DISPLAY_SIZE, 0, 0, 0, 0))
        )

    def hang_up(self) -> None:
        if self._writer:
            self._writer.close()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not wanted():
                self._updated.clear()
                await self._updated.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        writer.write(packet(PacketKind.VERSION, struct.pack(">I", 8)))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not self.crashed:
                size, kind = HEADER.unpack(await reader.readexactly(HEADER.size))
                assert size <= LARGEST
                payload = await reader.readexactly(size)
                self.requests.append(kind)
                reply = self.answer(kind, payload)
                writer.write(self._reply(kind, payload) if reply is None else reply)
                self._updated.set()
        writer.close()

    def _reply(self, kind: int, payload: bytes) -> bytes:
        if kind == PacketKind.VERSION:
            return packet(PacketKind.AUTH, struct.pack(">I", Auth.KEY if self.key else Auth.NONE))
        if kind == PacketKind.AUTH:
            return (
                packet(PacketKind.ACK) if payload[4:] == self.key else packet(PacketKind.ERROR, struct.pack(">I", 17))
            )
        if kind == PacketKind.PARAMETER_REQUEST:
            flags, parameter = struct.unpack_from(">II", payload)
            self.asked_for.add(parameter)
            return packet(PacketKind.ACK) if flags & 0x200 else self._value(parameter)
        if kind == PacketKind.ENTER_TTY:
            (count,) = struct.unpack_from(">I", payload)
            self.tty = struct.unpack_from(f">{count}I", payload, 4)
            self._buffer = self.size
        if kind == PacketKind.LEAVE_TTY:
            self.tty = None
        if kind == PacketKind.WRITE:
            return self._write(payload)
        return packet(PacketKind.ACK)

    def _value(self, parameter: int) -> bytes:
        value = {
            Parameter.DISPLAY_SIZE: struct.pack(">II", *self.size),
            Parameter.DEVICE_ONLINE: bytes([self.size[0] > 0]),
            Parameter.DRIVER_NAME: b"Fake",
        }[Parameter(parameter)]
        return packet(PacketKind.PARAMETER_VALUE, struct.pack(">IIII", 1, parameter, 0, 0) + value)

    def _write(self, payload: bytes) -> bytes:
        flags, begin, count = struct.unpack_from(">III", payload)
        assert (flags, begin) == (WRITE_FLAGS, 1)
        assert payload[12 : 12 + count] == bytes(count)
        if self.tty is None or self._buffer != self.size:
            self.crashed = True
            return b""
        self.shown = payload[12 + count : 12 + 2 * count]
        (self.cursor,) = struct.unpack_from(">I", payload, 12 + 2 * count)
        return b""


@asynccontextmanager
async def fake_server(columns: int, lines: int = 1, key: bytes | None = None) -> AsyncIterator[tuple[FakeServer, str]]:
    """The server and its address."""
    fake = FakeServer(columns, lines, key)
    for number in range(900, 1000):
        try:
            server = await asyncio.start_server(fake.serve, "127.0.0.1", FIRST_PORT + number, family=socket.AF_INET)
            break
        except OSError:
            continue
    try:
        yield fake, f"127.0.0.1:{number}"
    finally:
        fake.hang_up()
        server.close()
        await server.wait_closed()

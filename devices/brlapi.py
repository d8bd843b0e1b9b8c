"""A BrlAPI client for asyncio: what a program needs to show cells on a display and to read its keys.

    async with connect("127.0.0.1:0") as display:
        await display.enter_tty((1,))
        columns, rows = await display.size()
        display.write(bytes(columns * rows))
        async for code in display.keys(): ...

The address is BrlAPI's own: "host:N" or "[IPv6]:N" is TCP port 4101 + N, ":N" the socket /var/lib/BrlAPI/N.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from devices import brlapi_packets
from devices.brlapi_packets import Auth, PacketKind, Parameter
from devices.errors import DeviceError, NotAuthorized, RequestRefused, ServerGone

FIRST_PORT = 4101
SOCKETS = Path("/var/lib/BrlAPI")
KEY_FILE = Path("/etc/brlapi.key")
_DOTS = 0x20220000
"""Key codes of Perkins chords: unless asked for, they arrive as characters of BRLTTY's own text table."""


MOST_CELLS = 4000
"""On one display; what a damaged packet tells beyond that is not believed."""
_ALL = 0xFFFF_FFFF


class Connection:
    """One client of one server. Made by `connect`. Not for use from several tasks at once, apart from `write`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float) -> None:
        self._reader = reader
        self._writer = writer
        self._timeout = timeout
        self._answers: deque[asyncio.Future[tuple[int, bytes]]] = deque()
        self._keys: asyncio.Queue[int | DeviceError] = asyncio.Queue()
        self.changed = asyncio.Event()
        """Set when the server says that a watched parameter changed, or that it could not show what was written.
        Ask for the parameters again: the value in the message has its bytes in the wrong order on some servers."""

    async def driver(self) -> str:
        """The name of the driver, such as Baum; "" while there is none."""
        return (await self._parameter(Parameter.DRIVER_NAME)).decode("utf-8", "replace").rstrip("\0")

    async def size(self) -> tuple[int, int]:
        """Columns and rows; (0, 0) while no display is connected."""
        value = await self._parameter(Parameter.DISPLAY_SIZE)
        columns, rows = struct.unpack_from(">II", value.ljust(8, b"\0"))
        if columns * rows > MOST_CELLS:
            raise ServerGone(f"The Braille server tells of a display of {columns} x {rows} cells; there is none.")
        return columns, rows

    async def online(self) -> bool:
        """A display is connected and answers."""
        return any(await self._parameter(Parameter.DEVICE_ONLINE))

    async def watch(self) -> None:
        """Have `changed` set when the display comes, goes or changes its size."""
        for parameter in (Parameter.DISPLAY_SIZE, Parameter.DEVICE_ONLINE):
            await self._ask(brlapi_packets.subscribe(parameter))

    async def prefer(self, priority: int) -> None:
        """Be shown before clients with less `priority`, 1 to 100; others have 50. A server that knows of no priorities
        (before BRLTTY 6.4) shows the last to ask."""
        with contextlib.suppress(RequestRefused):
            await self._ask(brlapi_packets.set_value(Parameter.CLIENT_PRIORITY, priority.to_bytes(4, "big")))

    async def enter_tty(self, path: Sequence[int], only: int | None = None) -> None:
        """Take the display for a terminal: (1,) is the first console. Of equals, the last client to ask is shown.

        With `only`, a key code, nothing but this key is heard, and whoever writes is shown: for as long as this client
        writes nothing itself.
        """
        await self._ask(brlapi_packets.enter_tty(path))
        if only is not None:
            await self._ask(brlapi_packets.ignore_keys(0, _ALL))
            await self._ask(brlapi_packets.accept_keys(only, only))
            return
        await self._ask(brlapi_packets.accept_keys(_DOTS, _DOTS | 0xFFFF))

    async def leave_tty(self) -> None:
        """Give the display back to whoever had it before."""
        await self._ask(brlapi_packets.packet(PacketKind.LEAVE_TTY))

    def write(self, cells: bytes, cursor: int = 0) -> None:
        """Show `cells`, rows one after another; `cursor` is 1-BASED, 0 for none. Only between enter_tty and leave_tty.

        There must be as many cells as the display has, or fewer. The server does not answer; if it cannot show them,
        `changed` is set. After a change of size, leave and enter the terminal again before writing: a server of 2022
        (BRLTTY 6.5) keeps a buffer of the old size and crashes. Raises ServerGone.
        """
        if self._writer.is_closing():
            raise ServerGone(_GONE)
        self._writer.write(brlapi_packets.write(cells, cursor))

    async def keys(self) -> AsyncIterator[int]:
        """Key codes as they come, 64 bits each. Raises ServerGone when the connection ends."""
        while True:
            yield await self.next_key()

    async def next_key(self) -> int:
        """The next key code. May be cancelled and called again. Raises ServerGone when the connection has ended."""
        code = await self._keys.get()
        if isinstance(code, DeviceError):
            self._keys.put_nowait(code)
            raise code
        return code

    async def _parameter(self, parameter: Parameter) -> bytes:
        answer = await self._ask(brlapi_packets.get(parameter))
        try:
            number, value = brlapi_packets.parameter_and_value(answer)
        except struct.error as error:
            raise ServerGone(f"The Braille server answered with {len(answer)} bytes that are no value.") from error
        if number != parameter:
            raise ServerGone(f"The Braille server answered for parameter {number} instead of {parameter:d}.")
        return value

    async def _ask(self, request: bytes) -> bytes:
        """Send a request and wait for its answer. Answers come in the order of the requests."""
        if self._writer.is_closing():
            raise ServerGone(_GONE)
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        self._writer.write(request)
        try:
            async with asyncio.timeout(self._timeout):
                kind, payload = await answer
        except TimeoutError:
            self._writer.close()
            raise ServerGone(f"The Braille server has not answered for {self._timeout:g} s. Restart brltty.") from None
        if kind == PacketKind.ERROR:
            raise RequestRefused(brlapi_packets.error_code(payload))
        return payload

    async def _receive(self) -> tuple[int, bytes]:
        size, kind = brlapi_packets.HEADER.unpack(await self._reader.readexactly(brlapi_packets.HEADER.size))
        if size > brlapi_packets.LARGEST:
            raise ServerGone(f"The Braille server sent a packet of {size} bytes; this is no BrlAPI server.")
        return kind, await self._reader.readexactly(size)

    async def _greet(self, key_file: Path) -> None:
        """Agree on the version and show the key if one is wanted."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._authorize(key_file)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise ServerGone(
                "The Braille server took the connection and said nothing sensible. Restart brltty."
            ) from error

    async def _authorize(self, key_file: Path) -> None:
        kind, payload = await self._receive()
        if kind != PacketKind.VERSION or int.from_bytes(payload[:4], "big") != brlapi_packets.PROTOCOL_VERSION:
            raise ServerGone("The Braille server speaks another protocol than BrlAPI 8. Use BRLTTY 5.0 or newer.")
        self._writer.write(brlapi_packets.version())
        kind, payload = await self._receive()
        offered = {value for (value,) in struct.iter_unpack(">I", payload[: len(payload) // 4 * 4])}
        if kind != PacketKind.AUTH or Auth.NONE in offered:
            return
        try:
            self._writer.write(brlapi_packets.auth_key(await asyncio.to_thread(key_file.read_bytes)))
        except OSError as error:
            raise NotAuthorized(
                f"The Braille server wants a key and {key_file} cannot be read: {error.strerror}."
            ) from error
        kind, payload = await self._receive()
        if kind != PacketKind.ACK:
            raise NotAuthorized(
                f"The Braille server did not accept the key in {key_file}. Use the server's own key file."
            )

    async def _listen(self) -> None:
        """Sort what comes: keys to `keys`, changes to `changed`, the rest to whoever asked."""
        try:
            while True:
                kind, payload = await self._receive()
                if kind == PacketKind.KEY:
                    self._keys.put_nowait(brlapi_packets.key_code(payload))
                elif kind in (PacketKind.PARAMETER_UPDATE, PacketKind.EXCEPTION):
                    self.changed.set()
                elif self._answers:
                    answer = self._answers.popleft()
                    if not answer.done():
                        answer.set_result((kind, payload))
        except (OSError, asyncio.IncompleteReadError, ServerGone):
            pass
        finally:
            self._writer.close()
            gone = ServerGone(_GONE)
            for answer in self._answers:
                if not answer.done():
                    answer.set_exception(gone)
                    answer.exception()  # whoever waits gets it; nobody may be waiting any more
            self._keys.put_nowait(gone)
            self.changed.set()


_GONE = "The connection to the Braille server is gone. Check that brltty runs; it is connected again by itself."


@asynccontextmanager
async def connect(address: str = ":0", key_file: Path = KEY_FILE, timeout: float = 5.0) -> AsyncIterator[Connection]:
    """A connection to the server at `address`, closed at the end. `timeout` is in seconds, for every answer.

    Raises ServerGone when nobody answers, NotAuthorized when the key is wrong.
    """
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await _open(address)
    except (OSError, TimeoutError) as error:
        raise ServerGone(
            f"No Braille server answers at {address}. Start brltty, or set the address it uses."
        ) from error
    connection = Connection(reader, writer, timeout)
    listening: asyncio.Task[None] | None = None
    try:
        await connection._greet(key_file)
        listening = asyncio.create_task(connection._listen())
        yield connection
    finally:
        writer.close()
        if listening:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, number = address.rpartition(":")
    if not number.isdecimal():
        raise ServerGone(f"'{address}' is no address of a Braille server. Write host:0, or :0 for this machine.")
    if host:
        return await asyncio.open_connection(host.strip("[]"), FIRST_PORT + int(number))
    return await asyncio.open_unix_connection(SOCKETS / number)

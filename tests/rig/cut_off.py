"""A way to a server that can be cut: bytes go no further and nobody learns of it, as when a cable is pulled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BLOCK = 65536


class Way:
    """Passes bytes on between many clients and one server, until it is cut."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._passing = asyncio.Event()
        self._passing.set()
        self._after: tuple[bytes, ...] = ()
        self.cut = asyncio.Event()
        """Set when nothing passes any more."""
        self.port = 0

    def cut_after(self, *signs: bytes) -> None:
        """Pass on what one connection asks for until it has held all of `signs`, one after the other, and then nothing
        in either direction on any."""
        self._after = signs

    def cut_now(self) -> None:
        """No byte, and no word that a connection has ended, passes from now on."""
        self._passing.clear()
        self.cut.set()

    def mend(self) -> None:
        self._passing.set()
        self.cut.clear()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Way]:
        """Listen on a free port of this machine."""
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._serve(reader, writer)
            tasks.discard(task)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._passing.wait()  # the kernel takes the connection, the server hears nothing of it
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reader, server_writer, asks=True))
                both.create_task(self._pass_on(server_reader, writer, asks=False))
        except* OSError:
            pass
        finally:
            writer.close()
            server_writer.close()

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool) -> None:
        seen = 0
        while True:
            block = await source.read(BLOCK)
            await self._passing.wait()
            if not block:
                sink.close()
                return
            sink.write(block)
            await sink.drain()
            if asks:
                while seen < len(self._after) and self._after[seen] in block:
                    seen += 1
                if self._after and seen == len(self._after):
                    self._after = ()
                    self.cut_now()
                seen = seen if self._after else 0

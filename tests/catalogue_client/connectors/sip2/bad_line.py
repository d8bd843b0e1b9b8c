"""A line between client and SIP2 server that does what bad lines and bad servers do."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

from catalogue_client.connectors.sip2.messages import checksum


class Fault(StrEnum):
    """What becomes of one request of the named code, or of its answer."""

    LOST_REQUEST = "closed before the request reaches the server"
    LOST_ANSWER = "the server acts, the line closes before it answers"
    HALF_ANSWER = "the line closes in the middle of the answer"
    SILENCE = "the server acts, nobody answers"
    DAMAGED = "one byte of the answer is wrong"
    WRONG_SEQUENCE = "the answer has another sequence digit"
    GARBAGE = "noise before the answer"
    OLD_ANSWER = "the answer to the request before comes first"
    SLOW = "one byte at a time"
    ASKED_AGAIN = "the server asks for the request once more"


class BadLine:
    """`faults` holds (code, fault): the next request of that code meets that fault."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()
        self.faults: deque[tuple[str, Fault]] = deque()
        self.accepts = True
        self.frames: list[bytes] = []

    @asynccontextmanager
    async def listening(self, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    def cut(self) -> None:
        """End every connection, and take no new one."""
        self.accepts = False
        for task in self._tasks:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            if self.accepts:
                back, there = await asyncio.open_connection("127.0.0.1", self._port)
                await self._carry(reader, writer, back, there)
        except (OSError, asyncio.IncompleteReadError):
            pass  # one side went away
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            self._tasks.discard(task)
            for side in filter(None, (writer, there)):
                side.close()
                with suppress(OSError):
                    await side.wait_closed()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        back: asyncio.StreamReader,
        there: asyncio.StreamWriter,
    ) -> None:
        before = b""
        while True:
            frame = await reader.readuntil(b"\r")
            self.frames.append(frame)
            fault = self._fault(frame[:2].decode())
            if fault is Fault.LOST_REQUEST:
                return
            if fault is Fault.ASKED_AGAIN:
                writer.write(b"96AZFEF6\r")
                frame = await reader.readuntil(b"\r")
            there.write(frame)
            answer = await back.readuntil(b"\r")
            if not await self._give(writer, answer, fault, before):
                return
            before = answer

    def _fault(self, code: str) -> Fault | None:
        if self.faults and self.faults[0][0] == code:
            return self.faults.popleft()[1]
        return None

    async def _give(self, writer: asyncio.StreamWriter, answer: bytes, fault: Fault | None, before: bytes) -> bool:
        """Whether the line stays open."""
        match fault:
            case Fault.LOST_ANSWER:
                return False
            case Fault.HALF_ANSWER:
                writer.write(answer[: len(answer) // 2])
                await writer.drain()
                return False
            case Fault.SILENCE:
                await asyncio.Event().wait()
            case Fault.DAMAGED:
                writer.write(answer[:3] + bytes([answer[3] ^ 1]) + answer[4:])
            case Fault.WRONG_SEQUENCE:
                start = answer[:-8] + b"%dAZ" % ((int(answer[-8:-7]) + 5) % 10)
                writer.write(start + checksum(start) + b"\r")
            case Fault.GARBAGE:
                writer.write(b"\n~#\xff" + answer)
            case Fault.OLD_ANSWER:
                writer.write(before + answer)
            case Fault.SLOW:
                for place in range(len(answer)):
                    writer.write(answer[place : place + 1])
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case _:
                writer.write(answer)
        await writer.drain()
        return True

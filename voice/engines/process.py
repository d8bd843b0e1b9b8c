"""One worker process as its supervisor sees it: started, spoken to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from voice.engines.errors import EngineDied
from voice.engines.messages import HEADER, Kind, Message, parse_header

ROOT = Path(__file__).resolve().parent.parent.parent
"""Where the supervisor's own code was imported from: a worker runs the same."""
ENDING_S = 1.0
"""Seconds in which a worker whose input has ended goes by itself."""


class WorkerProcess:
    """A process that runs `python -m module`, which calls `serving.serve`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin and process.stdout
        self._requests, self._answers = process.stdin, process.stdout
        self.ended = asyncio.ensure_future(process.wait())
        """Done when the process is gone."""

    @classmethod
    async def start(cls, module: str, deadline_s: float) -> WorkerProcess:
        """A process whose engine is loaded. It is a new interpreter, no fork: this process has threads. Raises
        EngineDied when it does not come up within `deadline_s`."""
        paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-P", "-m", module),
                stdin=PIPE,
                stdout=PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,  # Ctrl+C at a terminal is for the supervisor alone
            )
        except OSError as error:
            raise EngineDied(f"A worker ({module}) cannot be started: {error.strerror or error}.") from error
        worker = cls(process)
        try:
            async with asyncio.timeout(deadline_s):
                while (await worker.receive()).kind is not Kind.READY:
                    pass
        except TimeoutError as error:
            await worker.kill()
            raise EngineDied(f"A worker ({module}) was not ready within {deadline_s:g} seconds.") from error
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Hand a message over; to a process that has gone it goes nowhere."""
        if not self._requests.is_closing():
            self._requests.write(message.pack())

    async def receive(self) -> Message:
        """The next message. Raises EngineDied when none will come any more."""
        try:
            kind, number, length = parse_header(await self._answers.readexactly(HEADER.size))
            return Message(kind, number, await self._answers.readexactly(length))
        except (asyncio.IncompleteReadError, OSError, ValueError) as error:
            raise EngineDied(f"Worker process {self.pid} ended in the middle of its work.") from error

    async def end(self) -> None:
        """Let the process go by itself, for a second; after that it is killed."""
        self._requests.close()
        await asyncio.wait([self.ended], timeout=ENDING_S)
        await self.kill()

    async def kill(self) -> None:
        """End the process at once. Harmless when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._requests.close()
        with contextlib.suppress(OSError):
            while await self._answers.read(1 << 16):  # the pipe must be empty before the process counts as gone
                pass
        await self.ended
        with contextlib.suppress(OSError):
            await self._requests.wait_closed()

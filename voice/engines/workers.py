"""A few supervised worker processes, shared by everybody: a bounded queue, deadlines, cancellation, restart."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from types import TracebackType

from voice.engines.errors import EngineBusy, EngineDied, EngineError, EngineFailed, EngineStuck
from voice.engines.messages import Kind, Message
from voice.engines.process import WorkerProcess

log = logging.getLogger(__name__)

MOST_WAITING = 200
"""Requests in the queue; what comes on top of it is refused at once."""
SILENT_S = 5.0
"""Seconds without a block after which a process counts as stuck, and in which a request must have its first block."""
START_S = 30.0
"""Seconds in which a process must have loaded its engine, on a machine that is busy."""
PAUSES_S = (0.0, 0.0, 0.2, 1.0, 5.0, 15.0, 30.0)
"""Before the first start, and before each further one after a failure; work that was done begins them again."""


class _Job:
    """One request and what has come of it."""

    def __init__(self, number: int, payload: bytes) -> None:
        self.number = number
        self.payload = payload
        self.blocks: asyncio.Queue[bytes | EngineError | None] = asyncio.Queue()
        self.at: WorkerProcess | None = None
        """The process that does it."""
        self.is_abandoned = False

    def abandon(self) -> None:
        """Nobody waits for the rest."""
        self.is_abandoned = True
        if self.at:
            self.at.send(Message(Kind.CANCEL, self.number))


class Workers:
    """`count` processes that run `python -m module`. Enter it as a context: they are started, and end with it.

    A process does one request at a time. What it makes is taken at once, however slowly it is consumed, so a slow
    consumer holds up nobody else.
    """

    def __init__(self, module: str, count: int, *, silent_s: float = SILENT_S) -> None:
        self._module = module
        self._count = count
        self._silent_s = silent_s
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue(MOST_WAITING)
        self._numbers = 0
        self._keepers: list[asyncio.Task[None]] = []
        self._alive: set[WorkerProcess] = set()
        self._tried = asyncio.Semaphore(0)
        self.deaths = 0
        """Processes that ended, or had to be ended, before it was their time."""

    @property
    def waiting(self) -> int:
        """Requests that no process has taken yet."""
        return self._jobs.qsize()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are ready or at work."""
        return tuple(process.pid for process in self._alive)

    async def __aenter__(self) -> Workers:
        """Start the processes; requests may be made at once and wait until the first is ready."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._count)]
        return self

    async def ready(self) -> None:
        """Wait until each process has loaded its engine, or could not. To be called once, before readers are served."""
        for _ in range(self._count):
            await self._tried.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        while not self._jobs.empty():
            self._jobs.get_nowait().blocks.put_nowait(EngineDied("The workers have been ended."))

    async def stream(self, payload: bytes) -> AsyncGenerator[bytes, None]:
        """The blocks that answer `payload`, each as soon as it is there. Closing the generator cancels the request.

        Raises EngineBusy, EngineStuck, EngineDied, EngineFailed.
        """
        self._numbers += 1
        job = _Job(self._numbers, payload)
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            raise EngineBusy(f"{MOST_WAITING} requests are waiting for {self._module} already.") from None
        try:
            # Later blocks are watched over where they come in; this also bounds the time in the queue.
            async with asyncio.timeout(self._silent_s):
                block = await job.blocks.get()
            while block is not None:
                if isinstance(block, EngineError):
                    raise block
                yield block
                block = await job.blocks.get()
        except TimeoutError:
            raise EngineStuck(f"Nothing came from {self._module} within {self._silent_s:g} seconds.") from None
        finally:
            job.abandon()

    async def _keep(self) -> None:
        """Keep one process running, for ever."""
        failures = 0
        while True:
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            try:
                process = await WorkerProcess.start(self._module, START_S)
            except EngineError as error:
                log.error("%s", error)
                self._tried.release()
            else:
                self._alive.add(process)
                self._tried.release()
                try:
                    if await self._work(process):
                        failures = 0
                finally:
                    self._alive.discard(process)
                    await process.end()
                log.error("worker process %d (%s) ended and is started again", process.pid, self._module)
            self.deaths += 1
            failures += 1

    async def _work(self, process: WorkerProcess) -> bool:
        """Give one request after another to `process` until it is gone; True when it has done any."""
        done = False
        while True:
            job = await self._next_job(process)
            if job is None or not await self._do(job, process):
                return done
            done = True

    async def _next_job(self, process: WorkerProcess) -> _Job | None:
        """The next request that somebody waits for; None when the process has gone meanwhile."""
        while True:
            coming = asyncio.ensure_future(self._jobs.get())
            try:
                await asyncio.wait([coming, process.ended], return_when=asyncio.FIRST_COMPLETED)
            finally:
                coming.cancel()
            if not coming.done():
                return None
            job = coming.result()
            if process.ended.done():
                # It was taken in the moment in which the process went, which is no fault of the request.
                self._again(job)
                return None
            if not job.is_abandoned:
                return job

    def _again(self, job: _Job) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            job.blocks.put_nowait(EngineDied("The worker had just ended."))

    async def _do(self, job: _Job, process: WorkerProcess) -> bool:
        """Have `job` done. False when the process is of no use any more."""
        job.at = process
        outcome: EngineError | None = EngineDied("The worker is being ended.")
        try:
            process.send(Message(Kind.REQUEST, job.number, job.payload))
            while True:
                async with asyncio.timeout(self._silent_s):
                    message = await process.receive()
                if message.number != job.number:
                    continue
                if message.kind is Kind.BLOCK:
                    if not job.is_abandoned:
                        job.blocks.put_nowait(message.payload)
                    continue
                outcome = None
                if message.kind is Kind.FAILED:
                    failure = json.loads(message.payload)
                    outcome = EngineFailed(failure["kind"], failure["message"])
                return True
        except TimeoutError:
            outcome = EngineStuck(f"Worker process {process.pid} was stuck for {self._silent_s:g} seconds.")
            await process.kill()
            return False
        except EngineDied as error:
            outcome = error
            return False
        finally:
            job.at = None
            job.blocks.put_nowait(outcome)

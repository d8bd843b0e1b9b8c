"""Embeds works in the background: those of a new import, the most read first, on a processor that nobody else wants."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from catalogue_client.search.meaning.embedder import SentenceEmbedder
from catalogue_client.search.meaning.vectors import WorkVectors

log = logging.getLogger(__name__)

AFTER_S = 60.0
"""From the opening of the library: short commands do not begin."""
BATCH = 256
"""Works whose vectors are kept together; what was embedded since is lost when the process is killed."""
EVERY_S = 30.0
"""Between looks when nothing is queued."""
LOGGED_EVERY = 20
"""Batches between two lines of the log."""


def _last_in_line() -> None:
    """Let this thread run only when no other wants the processor."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)


class WorkEmbedding:
    """`worker` is the one thread that uses the index."""

    def __init__(
        self,
        vectors: WorkVectors,
        worker: Executor,
        embedder: SentenceEmbedder,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._vectors = vectors
        self._worker = worker
        self._embedder = embedder
        self._sleep = sleep

    async def follow(self) -> None:
        """Embed what is queued, again and again until cancelled."""
        await self._sleep(AFTER_S)
        with ThreadPoolExecutor(1, "embedding", initializer=_last_in_line) as alone:
            batches = 0
            while True:
                if not await self.step(alone):
                    await self._sleep(EVERY_S)
                elif (batches := batches + 1) % LOGGED_EVERY == 1:
                    left = await asyncio.get_running_loop().run_in_executor(self._worker, lambda: self._vectors.queued)
                    log.info("works are embedded for search by meaning: %d to go", left)

    async def step(self, alone: Executor) -> int:
        """Embed one batch in the thread of `alone`. Return how many works it had."""
        loop = asyncio.get_running_loop()
        batch = await loop.run_in_executor(self._worker, self._vectors.waiting, BATCH)
        vectors = [(number, await loop.run_in_executor(alone, self._embedder.passage, text)) for number, text in batch]
        if vectors:
            await loop.run_in_executor(self._worker, self._vectors.store, vectors)
        return len(vectors)

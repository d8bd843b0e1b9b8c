"""The library's own tasks: begun with it, begun again after a fault, and ended with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
"""Between a fault and the next start; a job that ran for so long begins with the first pause again."""

Job = Callable[[], Coroutine[Any, Any, None]]
"""Runs until it is cancelled, or until it has nothing more to do."""


class BackgroundJobs:
    """Runs jobs beside the library. One event loop; not for use by several threads."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], float] | None = None,
    ) -> None:
        """`sleep` pauses for seconds; `now` counts seconds, the event loop's by default."""
        self._sleep = sleep
        self._now = now
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, job: Job) -> None:
        """Run `job` until `stop`; one that fails is logged under `name` and begun again after a pause that doubles."""
        self._tasks.append(asyncio.create_task(self._keep_running(name, job), name=name))

    async def stop(self) -> None:
        """Cancel all jobs, the newest first, and wait until each has ended. Never raises what a job raised."""
        while self._tasks:
            task = self._tasks[-1]
            task.cancel()
            await asyncio.wait((task,))
            self._tasks.remove(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("%s failed while it was ended", task.get_name(), exc_info=error)

    async def _keep_running(self, name: str, job: Job) -> None:
        now = self._now or asyncio.get_running_loop().time
        pause = FIRST_PAUSE_S
        while True:
            begun = now()
            try:
                await job()
            except Exception:
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise  # it failed while it was ended, and must not begin again
                if now() - begun >= LONGEST_PAUSE_S:
                    pause = FIRST_PAUSE_S
                log.exception("%s failed; it begins again in %g s", name, pause)
            else:
                return
            await self._sleep(pause)
            pause = min(LONGEST_PAUSE_S, 2 * pause)

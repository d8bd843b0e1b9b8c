"""Dauys calls itself every minute: whether it hears, finds and answers stands in /health and in the metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from voice.assistant.app import App
from voice.channels.capacity import Capacity
from voice.checks.check_result import CheckResult
from voice.checks.service_checks import running_findings
from voice.operations.metrics import ServiceFigures

log = logging.getLogger(__name__)

EVERY_S = 60.0


class SelfWatch:
    """What a service knows of itself. `lines` tells at any moment how it stands with telephone and trunk."""

    def __init__(self, app: App, capacity: Capacity, lines: Callable[[], tuple[CheckResult, ...]]) -> None:
        self._app = app
        self._capacity = capacity
        self._lines = lines
        self._found: tuple[CheckResult, ...] = ()
        self._took_s: float | None = None

    async def follow(self, *, speaks: bool) -> None:
        """Look every minute until cancelled; with `speaks` by a call to itself, for which speech models are needed."""
        while True:
            await self.look(speaks=speaks)
            await asyncio.sleep(EVERY_S)

    async def look(self, *, speaks: bool) -> None:
        """Look once, and log what does not work any more."""
        begun = time.monotonic()
        before = {result.name for result in self._found if not result.works}
        self._found = await running_findings(self._app, speaks=speaks)
        self._took_s = time.monotonic() - begun
        for result in self._found:
            if not result.works and result.name not in before:
                log.error("%s does not work: %s", result.name, result.key)

    def findings(self) -> tuple[CheckResult, ...]:
        """Return what was found last, and how it stands with the lines now."""
        return (*self._lines(), *self._found)

    def figures(self) -> ServiceFigures:
        """Return the same in figures."""
        found = self.findings()
        workers = self._app.workers
        return ServiceFigures(
            calls_refused=self._capacity.refused,
            calls_at_most=self._capacity.most,
            engine_queue=workers.waiting if workers else 0,
            trunk_registered=next((result.works for result in found if result.name == "trunk"), None),
            checks={result.name: result.works for result in found},
            self_test_s=self._took_s,
        )

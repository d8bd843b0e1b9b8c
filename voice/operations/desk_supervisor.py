"""The Braille desks of this machine: each with its display and a conversation, started and ended as their file says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from braille import Wrap
from devices.desk import DeskSettings
from devices.desk_file import load_desks
from devices.display_supervisor import SupervisedDesk, open_desk
from devices.errors import DeviceError
from voice.assistant.app import App
from voice.assistant.desk.braille_session import BrailleSession, VisitLimits
from voice.assistant.desk.desk_visits import DeskManner, DeskVisits
from voice.assistant.dialogue_session import Exchange
from voice.assistant.supervision import ended, restarted
from voice.values.audio import ChannelKind

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""Seconds before something that broke off is tried again."""


LOOK_S = 2.0
"""Seconds between two looks at the file of desks."""


def _written(path: Path) -> int:
    """When a file was written last; 0 for none."""
    return path.stat().st_mtime_ns if path.exists() else 0


class DeskSupervisor:
    """`working` are the desks that are served now, by id."""

    def __init__(self, app: App, observe: Callable[[Exchange], None] = lambda exchange: None) -> None:
        self._app = app
        self._observe = observe
        self._tasks: dict[str, tuple[DeskSettings, asyncio.Task[None]]] = {}
        self._turn = asyncio.Lock()
        self.writing = asyncio.Lock()
        """Held by whoever changes the file of desks, so that nobody's change is lost."""
        self.working: dict[str, SupervisedDesk] = {}

    async def follow(self) -> None:
        """Serve what the file says now: new desks begin, changed ones begin again, others are left in peace.

        Raises DeskError for a file with mistakes; then everything stays as it is.
        """
        wanted = await asyncio.to_thread(load_desks, self._app.home / "desks.toml")
        async with self._turn:
            for desk_id, (desk, task) in list(self._tasks.items()):
                if wanted.get(desk_id) != desk or task.done():
                    await self._end(desk_id)
            begun = [self._begin(desk_id, desk) for desk_id, desk in wanted.items() if desk_id not in self._tasks]
            for ready in begun:
                await ready.wait()

    async def watch(self) -> None:
        """Follow the file for ever: what `dauys desks set` wrote is taken up within LOOK_S seconds. A file with
        mistakes is logged once, and everything stays as it is."""
        path = self._app.home / "desks.toml"
        seen = await asyncio.to_thread(_written, path)
        while True:
            await asyncio.sleep(LOOK_S)
            now = await asyncio.to_thread(_written, path)
            if now != seen:
                seen = now
                try:
                    await self.follow()
                except DeviceError as error:
                    log.error("%s", error)

    async def end(self) -> None:
        """End all."""
        async with self._turn:
            for desk_id in list(self._tasks):
                await self._end(desk_id)

    def _begin(self, desk_id: str, desk: DeskSettings) -> asyncio.Event:
        ready = asyncio.Event()
        self._tasks[desk_id] = desk, asyncio.create_task(self._keep(desk_id, desk, ready))
        return ready

    async def _end(self, desk_id: str) -> None:
        _, task = self._tasks.pop(desk_id)
        await ended(task)

    async def _keep(self, desk_id: str, desk: DeskSettings, ready: asyncio.Event) -> None:
        try:
            async with open_desk(desk, self._app.home) as kept:
                self.working[desk_id] = kept
                ready.set()
                await self._converse(desk_id, kept)
        except DeviceError as error:
            log.error("desk %s: %s", desk_id, error)
        finally:
            ready.set()
            self.working.pop(desk_id, None)

    async def _converse(self, desk_id: str, kept: SupervisedDesk) -> None:
        """One reader after another, for ever."""
        desk = kept.desk
        wrap = Wrap(desk.wrap)

        def begin() -> BrailleSession:
            session = self._app.new_session(
                ChannelKind.DESK, private=True, caller=f"desk {desk_id}", language=desk.language
            )
            session.prefer(lambda own: replace(own, capitals=desk.capitals, grade=desk.grade))
            return BrailleSession(
                kept.display,
                session,
                wrap=wrap,
                marks=desk.marks,
                observe=self._observe,
                limits=VisitLimits(desk.idle_s),
            )

        visits = DeskVisits(kept.display, begin, DeskManner(desk.language, wrap))
        await restarted(f"the conversation at desk {desk_id}", visits.run, [AGAIN_S])

"""Installs models in the background: a page shows how far each is, and one that failed says why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from audio_models.errors import ModelError
from audio_models.model_store import ModelStore

STICKS = (Path("/media"), Path("/run/media"), Path("/mnt"))


@dataclass
class Installation:
    """One that runs or has ended."""

    done: int = 0
    total: int = 0
    """Bytes; 0 while it is not known."""
    problem: str = ""
    finished: bool = False

    @property
    def percent(self) -> int:
        """How much of the download is there, 0 to 100; 0 while its size is unknown."""
        return self.done * 100 // self.total if self.total else 0


class Installations:
    """One at a time for each model."""

    def __init__(self, models: Path) -> None:
        self.store = ModelStore(models)
        self.running: dict[str, Installation] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, source: str | None) -> None:
        """Begin, unless it is under way already. What becomes of it stands in `running`."""
        if (before := self.running.get(name)) and not before.finished:
            return
        self.running[name] = Installation()
        task = asyncio.create_task(self._install(name, source, self.running[name]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Wait for all that are under way."""
        await asyncio.gather(*self._tasks)

    async def _install(self, name: str, source: str | None, installation: Installation) -> None:
        def progress(done: int, total: int) -> None:
            installation.done, installation.total = done, total

        try:
            await asyncio.to_thread(self.store.install, name, source=source, progress=progress)
        except ModelError as error:
            installation.problem = str(error)
        finally:
            installation.finished = True


def archives(name: str, sticks: tuple[Path, ...] = STICKS) -> list[Path]:
    """Files for the model `name` at the top of a USB stick that is plugged in. Blocks."""
    return sorted(
        path
        for stick in sticks
        for depth in ("*", "*/*", "*/*/*")
        for ending in (".zip", ".onnx")
        for path in stick.glob(f"{depth}/{name}{ending}")
    )

"""One seed, one day of a library: readers who call, staff, a courier, a disk, a clock, and what goes wrong."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import aiosqlite

import catalogue_client.couriers.yandex.yandex_courier as yandex_courier
import catalogue_client.search.indexer as indexer
import voice.turntaking.machine as machine
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError
from catalogue_client.values.accounts import Preferences
from tests.simulation.calls import Desk, Service
from tests.simulation.couriers import CourierWorld, SimCourier
from tests.simulation.disk import Disk
from tests.simulation.faults import HANG_S, Died, Faults, Weather, draw_weather
from tests.simulation.invariants import Ledger, LogWatch, broken_books
from tests.simulation.templates import MORNING, Template, cheaply
from tests.simulation.virtual_time import NothingLeft, VirtualLoop, virtual_loop
from voice.nlu.phrasebook import Phrasebook
from voice.turntaking.timing import load_timing

LIVES = 3
"""How often the process may be killed before the day ends."""
CALLS_S = 900.0
"""Longer than any call of a day."""
EVENING_S = 40.0
"""In which everything comes to its end once nothing goes wrong any more."""
MOST_TASKS = 12
"""Of a library that is open and does nothing."""
IDLE_S = 60.0
"""How often the indexer looks by itself: it is called anyway."""


@dataclass
class Outcome:
    """What came of one seed."""

    seed: int
    broken: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class World:
    """Everything of one seed."""

    def __init__(self, seed: int, template: Template, home: Path, phrasebook: Phrasebook) -> None:
        self.rng = random.Random(seed)
        self.outcome = Outcome(seed)
        self.template, self.home, self.phrasebook = template, home, phrasebook
        self.has_courier = self.rng.random() < 0.3
        self.couriers = CourierWorld()
        self.ledger = Ledger()
        self.jump = timedelta(0)
        self.weather: Weather = draw_weather(self.rng)
        self._loop: VirtualLoop | None = None
        self._checker: sqlite3.Connection | None = None

    def clock(self) -> datetime:
        """The machine's clock, which may jump."""
        assert self._loop
        return MORNING + timedelta(seconds=self._loop.now - 1000.0) + self.jump

    def complain(self, what: str) -> None:
        """An invariant is broken."""
        if what not in self.outcome.broken:
            self.outcome.broken.append(what)
            self.trace(f"BROKEN: {what}")

    def trace(self, what: str) -> None:
        """Something happened."""
        now = self._loop.now - 1000.0 if self._loop else 0.0
        self.outcome.trace.append(f"{now:9.2f} {what}")

    def count(self, what: str) -> None:
        """One more of something."""
        self.outcome.counts[what] = self.outcome.counts.get(what, 0) + 1

    @property
    def checker(self) -> sqlite3.Connection:
        """A connection of the simulator's own."""
        if self._checker is None:
            self._checker = sqlite3.connect(self.home / "library.sqlite", isolation_level=None)
        return self._checker

    def look(self) -> None:
        """Look at the books: after every commit."""
        for sentence in broken_books(self.checker, self.couriers):
            self.complain(sentence)

    def run(self) -> Outcome:
        """Live the day to its end."""
        random.seed(self.outcome.seed)
        self.template.copy(self.home, courier=self.has_courier)
        with virtual_loop() as loop, self._surroundings():
            self._loop = loop
            loop.expected = (Died,)
            asyncio.set_event_loop(loop)
            try:
                for life in range(LIVES):
                    weather = self.weather if life == 0 else Weather(late=self.weather.late)
                    if not self._live(loop, weather, last=life == LIVES - 1 or not weather.kill_at):
                        break
                for complaint in loop.complaints:
                    self.complain(f"nobody caught: {complaint}")
            finally:
                asyncio.set_event_loop(None)
                if self._checker:
                    self._checker.close()
        return self.outcome

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        timing = load_timing()
        slower = type(timing)(timing.cough_ms, timing.coughed_word_ms, timing.earcon_ms, 1000, 1000)
        watch = LogWatch(self.complain)
        logger = logging.getLogger()
        level = logger.level
        with ExitStack() as stack:
            stack.enter_context(cheaply())
            stack.enter_context(mock.patch.object(machine, "load_timing", lambda: slower))
            stack.enter_context(mock.patch.object(indexer, "EVERY_S", IDLE_S))
            logger.addHandler(watch)
            logger.setLevel(logging.INFO)
            stack.callback(logger.setLevel, level)
            stack.callback(logger.removeHandler, watch)
            yield

    def _live(self, loop: VirtualLoop, weather: Weather, *, last: bool) -> bool:
        """One life of the process; return whether it was killed."""
        faults = Faults(self.rng, weather, self.trace)
        disk = Disk(faults, self.look)
        died = loop.create_future()
        faults.on_death = lambda: (disk.lost(), died.done() or died.set_result(None))  # type: ignore[assignment]
        loop.before_thread = lambda work: self._thread(faults, work)
        with (
            mock.patch.object(aiosqlite, "connect", disk.connect),
            mock.patch.object(
                yandex_courier, "YandexCourier", lambda sender: SimCourier(self.couriers, self.rng, faults, self.clock)
            ),
        ):
            life = loop.create_task(self._process(faults, Desk))
            try:
                loop.run_until_complete(asyncio.wait([life, died], return_when=asyncio.FIRST_COMPLETED))
                if faults.is_dead:
                    self._bury(loop)
                    self.count("killed")
                elif error := life.exception():
                    self.complain(f"the day broke off: {type(error).__name__}: {error}")
            except NothingLeft:
                self.complain("everybody waits for ever")
                faults.is_dead = True
                self._bury(loop)
        self.look()
        for sentence in self.ledger.broken(self.checker):
            self.complain(sentence)
        for what, number in faults.seen.items():
            self.outcome.counts[what] = self.outcome.counts.get(what, 0) + number
        return faults.is_dead

    def _thread(self, faults: Faults, work: Callable[..., Any]) -> None:
        faults.strike("thread", (OSError(28, "No space left on device"),) if _writes_notes(work) else ())

    def _bury(self, loop: VirtualLoop) -> None:
        """The process is dead: whatever its tasks still try, the outside does not hear it."""
        for _ in range(50):
            left = [task for task in asyncio.all_tasks(loop) if not task.done()]
            if not left:
                return
            for task in left:
                task.cancel()
            try:
                loop.run_until_complete(asyncio.wait(left, timeout=HANG_S))
            except NothingLeft:
                return
        loop.complaints.clear()

    async def _process(self, faults: Faults, desk: type[Desk]) -> None:
        try:
            async with open_library(self.home, clock=self.clock, works=self.template.works) as library:
                await self._day(library, faults)
        except LibraryError as error:
            self.complain(f"the library cannot be opened: {error}")

    async def _day(self, library: OpenedLibrary, faults: Faults) -> None:
        service = Service(self, library, faults)
        faults.is_calm = False
        rng = self.rng
        parts: list[Coroutine[Any, Any, None]] = [service.call(n) for n in range(rng.choice((1, 1, 2)))]
        if rng.random() < 0.5:
            parts.append(Desk(self, library).work())
        if rng.random() < 0.15:
            parts.append(self._clock_jumps())
        day = [asyncio.ensure_future(part) for part in parts]
        _, late = await asyncio.wait(day, timeout=CALLS_S)
        for task in late:
            self.complain("a call does not come to its end")
            task.cancel()
        for task in day:
            if not task.cancelled() and task.done() and (error := task.exception()):
                self.complain(f"a call broke off: {type(error).__name__}: {error}")
        if self.has_courier:
            # Couriers hear of nothing before the time to undo is over.
            self.jump += timedelta(minutes=15)
            await asyncio.sleep(60)
        faults.heal()
        await self._evening(library)

    async def _evening(self, library: OpenedLibrary) -> None:
        """All lines are down and the storm is over: nothing may be left of it, and everything works."""
        await asyncio.sleep(EVENING_S)
        self.look()
        try:
            for _ in range(3):  # connections take turns
                await library.circulation.holds("100001")
                await library.circulation.save_preferences("100001", Preferences(), key=f"evening-{self.rng.random()}")
        except LibraryError as error:
            self.complain(f"the library does not work any more: {error}")
        tasks = len(asyncio.all_tasks())
        if tasks > MOST_TASKS:
            self.complain(f"{tasks} tasks are left over")
        pool = library.staff.deliveries.books.database.engine.pool
        if pool.checkedout():  # type: ignore[attr-defined]
            await asyncio.sleep(1.7)  # a background job may be at work in this moment
        if pool.checkedout():  # type: ignore[attr-defined]
            self.complain(f"{pool.checkedout()} connections are never given back")  # type: ignore[attr-defined]

    async def _clock_jumps(self) -> None:
        await asyncio.sleep(self.rng.uniform(1, 60))
        self.jump += timedelta(seconds=self.rng.choice((-3600, -30, 45, 3600, 90_000)))
        self.trace(f"fault: the clock jumps to {self.clock()}")


def _writes_notes(work: Callable[..., Any]) -> bool:
    """Only what writes can find the disk full."""
    return getattr(work, "__name__", "") == "_change"


def simulate(seed: int, template: Template, home: Path, phrasebook: Phrasebook) -> Outcome:
    """Return what came of one seed. The same seed comes to the same end."""
    return World(seed, template, home, phrasebook).run()


__all__ = ["Died", "Outcome", "World", "closing", "simulate"]

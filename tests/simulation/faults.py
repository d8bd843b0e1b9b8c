"""What goes wrong and when, drawn from one seed: every await of the outside may raise, hang or come late."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

HANG_S = 120.0
"""Longer than anybody waits; the end of the storm ends it too."""


class Died(BaseException):
    """The process has been killed: nothing more is done by anybody in it."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How much goes wrong in one world; chances are for one await each, 0 to 1."""

    raises: float = 0.0
    hangs: float = 0.0
    late: float = 0.0
    nth: int = 0
    """The one await, counted from 1, which fails for certain; 0 for none."""
    kill_at: int = 0
    """The await at which the process is killed; 0 for none."""


def draw_weather(rng: random.Random) -> Weather:
    """Return one of the kinds of weather: fair, one failure at a point, a kill at a point, or storms."""
    match rng.randrange(10):
        case 0:
            return Weather(late=0.02)
        case 1 | 2 | 3:
            return Weather(late=0.02, nth=rng.randrange(1, 700))
        case 4 | 5 | 6:
            return Weather(late=0.02, kill_at=rng.randrange(1, 900))
        case 7:
            return Weather(raises=0.02, late=0.05)
        case 8:
            return Weather(hangs=0.004, late=0.05)
        case _:
            return Weather(raises=0.05, hangs=0.005, late=0.1, kill_at=rng.randrange(200, 2000))


class Faults:
    """Asked at every await of the outside world. `is_dead` once the process has been killed."""

    def __init__(self, rng: random.Random, weather: Weather, log: Callable[[str], None]) -> None:
        self._rng = rng
        self._weather = weather
        self._log = log
        self._count = 0
        self.is_calm = True
        """Nothing goes wrong: while the world is built or looked at."""
        self.is_dead = False
        self.seen: Counter[str] = Counter()
        self.on_death: Callable[[], None] = lambda: None
        self._healed = asyncio.Event()

    def heal(self) -> None:
        """The storm is over: nothing more goes wrong, and what hung goes on."""
        self.is_calm = True
        self._healed.set()

    def strike(self, where: str, errors: tuple[Exception, ...]) -> float:
        """Seconds that the await at `where` takes, 0 for the usual; raises one of `errors` (copies need not be made:
        each is made for this await), or Died."""
        if self.is_dead:
            raise Died
        if self.is_calm:
            return 0.0
        self._count += 1
        weather = self._weather
        if self._count == weather.kill_at:
            self._note("kill", where)
            self.is_dead = True
            self.on_death()
            raise Died
        if errors and (self._count == weather.nth or self._rng.random() < weather.raises):
            self._note("raise", where)
            raise self._rng.choice(errors)
        if self._rng.random() < weather.hangs:
            self._note("hang", where)
            return HANG_S
        if self._rng.random() < weather.late:
            return self._rng.choice((0.001, 0.05, 0.3, 2.0, 7.0))
        return 0.0

    async def at(self, where: str, *errors: Exception) -> None:
        """One await of the outside: passes, comes late, hangs or raises."""
        seconds = self.strike(where, errors)
        if seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._healed.wait()
            if self.is_dead:
                raise Died

    def _note(self, what: str, where: str) -> None:
        self.seen[what] += 1
        self._log(f"fault: {what} at {where}")

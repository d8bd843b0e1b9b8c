"""The clock of all calls: everybody once in 20 ms, nobody disturbed by another."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from voice.channels.frame_clock import FrameClock


async def test_everybody_is_called_equally_often() -> None:
    clock, called = FrameClock(), Counter[int]()
    enough = asyncio.Event()

    def tick(number: int) -> None:
        called[number] += 1
        if number == 0 and called[number] == 10:
            enough.set()

    ticks = [lambda number=number: tick(number) for number in range(10)]
    for each in ticks:
        clock.join(each)
    await enough.wait()
    for each in ticks:
        clock.leave(each)
    assert set(called) == set(range(10))
    assert max(called.values()) - min(called.values()) <= 1
    before = called.total()
    await asyncio.sleep(0.06)
    assert called.total() == before, "nobody is called after leaving"


async def test_one_that_fails_stops_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    clock, goes_on = FrameClock(), asyncio.Event()
    calls = 0

    def good() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            goes_on.set()

    def bad() -> None:
        raise RuntimeError("a source that broke")

    clock.join(bad)
    for _ in range(3):
        clock.join(lambda: None)
    clock.join(good)  # into the slot of the one that fails
    await goes_on.wait()
    clock.leave(good)
    assert len(caplog.records) == 1


async def test_it_runs_again_after_everybody_has_left() -> None:
    clock = FrameClock()
    for _ in range(2):
        called = asyncio.Event()
        tick = called.set
        clock.join(tick)
        await called.wait()
        clock.leave(tick)

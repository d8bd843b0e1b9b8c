"""The library's own tasks outlive their faults and end with the library."""

from __future__ import annotations

import asyncio
import logging

import pytest

from catalogue_client.store.background_jobs import LONGEST_PAUSE_S, BackgroundJobs


class Time:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


async def test_a_job_that_fails_begins_again_after_longer_and_longer_pauses(caplog: pytest.LogCaptureFixture) -> None:
    time, going = Time(), asyncio.Event()
    runs = 0

    async def job() -> None:
        nonlocal runs
        runs += 1
        if runs == 9:
            time.now += LONGEST_PAUSE_S  # it went well for long
        if runs <= 9:
            raise ConnectionError("lost")
        going.set()
        await asyncio.Event().wait()

    jobs = BackgroundJobs(time.sleep, lambda: time.now)
    jobs.start("the feed", job)
    await going.wait()
    assert time.pauses == [1, 2, 4, 8, 16, 32, 60, 60, 1]
    assert caplog.text.count("the feed failed") == 9
    await jobs.stop()
    assert runs == 10


async def test_jobs_end_newest_first_and_what_they_do_at_their_end_is_waited_for() -> None:
    ended: list[str] = []

    def job(name: str, begun: asyncio.Event) -> None:
        async def run() -> None:
            try:
                begun.set()
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(name)

        jobs.start(name, run)

    jobs, events = BackgroundJobs(), [asyncio.Event() for _ in range(3)]
    job("first", events[0])
    job("second", events[1])
    job("third", events[2])
    for event in events:
        await event.wait()
    await jobs.stop()
    assert ended == ["third", "second", "first"]


@pytest.mark.parametrize("at_its_end", [False, True])
async def test_a_fault_while_it_is_ended_keeps_nobody_waiting(
    at_its_end: bool, caplog: pytest.LogCaptureFixture
) -> None:
    begun = asyncio.Event()

    async def run() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            if at_its_end:
                raise OSError("the disk is full")

    caplog.set_level(logging.ERROR)
    jobs = BackgroundJobs()
    jobs.start("the anchor", run)
    await begun.wait()
    async with asyncio.timeout(10):
        await jobs.stop()
    assert ("the disk is full" in caplog.text) is at_its_end
    await jobs.stop()


async def test_a_job_that_has_nothing_more_to_do_is_not_begun_again() -> None:
    runs = 0
    done = asyncio.Event()

    async def job() -> None:
        nonlocal runs
        runs += 1
        done.set()

    time = Time()
    jobs = BackgroundJobs(time.sleep)
    jobs.start("once", job)
    await done.wait()
    await jobs.stop()
    assert (runs, time.pauses) == (1, [])

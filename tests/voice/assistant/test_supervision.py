"""Tasks that fail, hang and refuse to end."""

from __future__ import annotations

import asyncio

import pytest

from voice.assistant.supervision import ended, restarted


async def test_what_fails_is_tried_again_after_longer_pauses_that_a_success_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    outcomes = [False, False, False, True, False, True]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def work() -> None:
        if not outcomes:
            raise asyncio.CancelledError
        if not outcomes.pop(0):
            raise OSError("away")

    monkeypatch.setattr("voice.assistant.supervision.asyncio.sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await restarted("a part", work, [1, 5])
    assert pauses == [1, 5, 5, 1]


async def test_every_task_is_over_and_what_it_raised_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def raises() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError("100001")

    async def waits() -> None:
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(each()) for each in (raises, waits)]
    await asyncio.sleep(0)
    await ended(*tasks)
    assert all(task.done() for task in tasks)
    assert "KeyError" in caplog.text and "100001" not in caplog.text


async def test_who_ends_tasks_can_be_cancelled_too() -> None:
    stuck = asyncio.Event()

    async def refuses() -> None:
        while not stuck.is_set():
            try:
                await stuck.wait()
            except asyncio.CancelledError:
                continue

    task = asyncio.create_task(refuses())
    await asyncio.sleep(0)
    ending = asyncio.create_task(ended(task))
    await asyncio.sleep(0)
    ending.cancel()
    await asyncio.sleep(0)
    stuck.set()
    with pytest.raises(asyncio.CancelledError):
        await ending
    await task

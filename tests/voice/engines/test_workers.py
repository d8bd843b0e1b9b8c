"""Worker processes that die, hang, raise and print: whoever asks gets an answer or an error, and the next one too."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from voice.engines import workers as workers_module
from voice.engines.errors import EngineBusy, EngineDied, EngineFailed, EngineStuck
from voice.engines.messages import LARGEST, Kind, Message, parse_header
from voice.engines.workers import Workers

ENGINE = "tests.voice.engines.odd_engine"
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def one() -> AsyncIterator[Workers]:
    async with Workers(ENGINE, 1) as workers:
        yield workers


async def said(workers: Workers, order: str) -> list[bytes]:
    return [block async for block in workers.stream(order.encode())]


async def test_an_answer_comes_in_its_blocks(one: Workers) -> None:
    assert await said(one, "say a b c") == [b"a", b"b", b"c"]
    assert await said(one, "say") == []
    assert (len(one.pids), one.deaths) == (1, 0)


async def test_what_a_library_prints_does_not_get_among_the_answers(one: Workers) -> None:
    assert await said(one, "print") == [b"said"]
    assert await said(one, "say on") == [b"on"]


async def test_an_engine_that_raises_lives_on(one: Workers) -> None:
    await said(one, "say first")
    before = one.pids
    with pytest.raises(EngineFailed) as raised:
        await said(one, "raise no such voice")
    assert (raised.value.kind, str(raised.value)) == ("KeyError", "'no such voice'")
    assert await said(one, "say on") == [b"on"]
    assert (one.pids, one.deaths) == (before, 0)


async def test_a_process_that_dies_fails_its_own_request_and_is_started_again(one: Workers) -> None:
    for count in range(1, 4):
        with pytest.raises(EngineDied):
            await said(one, "die")
        assert await said(one, f"say {count}") == [str(count).encode()]
        assert one.deaths == count


async def test_a_process_killed_while_it_waits_harms_nobody(one: Workers) -> None:
    await said(one, "say first")
    (pid,) = one.pids
    os.kill(pid, signal.SIGKILL)
    while pid in one.pids:
        await asyncio.sleep(0.01)
    assert await said(one, "say on") == [b"on"]


async def test_a_process_that_hangs_is_ended_after_its_deadline() -> None:
    async with Workers(ENGINE, 1, silent_s=3.0) as workers:
        await said(workers, "say first")
        (pid,) = workers.pids
        with pytest.raises(EngineStuck):
            await said(workers, "hang")
        assert await said(workers, "say on") == [b"on"]
        assert pid not in workers.pids


async def test_one_that_nobody_waits_for_any_more_is_cancelled(one: Workers) -> None:
    await said(one, "say first")
    before = one.pids
    for _ in range(3):
        async with aclosing(one.stream(b"forever")) as blocks:
            assert await anext(blocks) == b"more"
        assert await said(one, "say on") == [b"on"]
    assert (one.pids, one.deaths) == (before, 0)


async def test_a_slow_consumer_holds_up_nobody(one: Workers) -> None:
    async with aclosing(one.stream(b"say " + b"word " * 5000)) as slow:
        await anext(slow)
        assert await said(one, "say on") == [b"on"]
        assert len([block async for block in slow]) == 4999


async def test_what_is_too_much_is_refused_at_once(one: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "MOST_WAITING", 2)
    async with Workers(ENGINE, 1) as workers:
        await said(workers, "say first")
        async with aclosing(workers.stream(b"forever")) as busy:
            await anext(busy)
            waiting = [asyncio.ensure_future(said(workers, f"say {n}")) for n in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(EngineBusy):
                await said(workers, "say third")
        assert await asyncio.gather(*waiting) == [[b"0"], [b"1"]]


async def test_with_two_the_other_goes_on_while_one_is_stuck() -> None:
    async with Workers(ENGINE, 2) as workers:
        while len(workers.pids) < 2:
            await asyncio.sleep(0.01)
        async with aclosing(workers.stream(b"hang")) as stuck:
            await anext(stuck)
            assert await said(workers, "say on") == [b"on"]
            assert workers.deaths == 0


async def test_nothing_is_left_of_workers_that_were_ended() -> None:
    before = asyncio.all_tasks()
    async with Workers(ENGINE, 2) as workers:
        await said(workers, "say first")
        pids = workers.pids
        going = asyncio.ensure_future(said(workers, "hang"))
        await asyncio.sleep(0.05)
    with pytest.raises(EngineDied):
        await going
    assert not any(_is_running(pid) for pid in pids)
    assert asyncio.all_tasks() == before


async def test_a_worker_that_cannot_be_started_is_an_error_and_no_end() -> None:
    async with Workers("tests.voice.engines.no_such_engine", 1, silent_s=2.0) as workers:
        with pytest.raises(EngineStuck):
            await said(workers, "say a")
        assert workers.deaths > 0


SUPERVISOR = f"""
import asyncio
from voice.engines.workers import Workers
async def main():
    async with Workers("{ENGINE}", 1) as workers:
        async for block in workers.stream(b"hang"):
            print(*workers.pids, flush=True)
asyncio.run(main())
"""


async def test_a_worker_ends_with_its_supervisor_even_while_it_is_stuck() -> None:
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUPERVISOR, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert supervisor.stdout
    pid = int(await asyncio.wait_for(supervisor.stdout.readline(), 60))
    supervisor.kill()
    await supervisor.wait()
    async with asyncio.timeout(30):
        while _is_running(pid):
            await asyncio.sleep(0.01)


def _is_running(pid: int) -> bool:
    """Neither gone nor waiting to be collected by whoever has inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_header_that_is_no_header_is_refused() -> None:
    header = Message(Kind.BLOCK, 7, b"abc").pack()[:9]
    assert parse_header(header) == (Kind.BLOCK, 7, 3)
    for wrong in (b"\x63" + header[1:], header[:5] + (LARGEST + 1).to_bytes(4, "little")):
        with pytest.raises(ValueError):
            parse_header(wrong)

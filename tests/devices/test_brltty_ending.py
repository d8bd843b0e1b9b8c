"""No brltty is left behind: one that hangs after SIGTERM, as 6.5 may, is killed, also when we are cancelled."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from devices import brltty
from devices.errors import BrlttyFailed

HANGS = """#!{python}
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({pids!r}, "a").write(str(os.getpid()) + "\\n")
time.sleep(600)
"""


def runs(number: int) -> bool:
    """The process is there and no zombie."""
    status = Path(f"/proc/{number}/status")
    return status.exists() and "zombie" not in status.read_text()


@pytest.fixture
def pids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A brltty that does not hear SIGTERM; the file in which each start leaves its number."""
    pids, program = tmp_path / "pids", tmp_path / "brltty"
    program.write_text(HANGS.format(python=sys.executable, pids=str(pids)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(brltty, "POLITE_S", 0.05)
    return pids


async def started_once(pids: Path, timeout: float) -> None:
    async with brltty.started("bm", "serial:/dev/null", timeout=timeout):
        pass


async def number_in(pids: Path) -> int:
    def read() -> str:
        return pids.read_text().strip() if pids.exists() else ""

    while not (number := read()):
        await asyncio.sleep(0.01)
    return int(number)


async def test_a_brltty_that_hangs_is_killed(pids: Path) -> None:
    with pytest.raises(BrlttyFailed):
        await started_once(pids, 1.0)
    assert not runs(await number_in(pids))


async def test_it_is_killed_also_when_we_are_cancelled_twice(pids: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brltty, "POLITE_S", 600.0)
    task = asyncio.create_task(started_once(pids, 600))
    number = await asyncio.wait_for(number_in(pids), 30)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 30)
    assert not runs(number)

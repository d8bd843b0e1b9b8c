"""One folder, many programs: `serve` alone, one-shot commands side by side, a restore when nobody is at work."""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime
from pathlib import Path

import pytest

from catalogue_client.embedded_library import open_library
from catalogue_client.errors import Unavailable
from catalogue_client.store.locking import OPENING, STATE, InUse, held
from catalogue_client.store.purpose import Purpose
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS
from tests.voice.processes import dauys, ready, started
from voice.configuration.clock import LIBRARY_TIME
from voice.configuration.paths import HomeError, dauys_home, replacing, serving
from voice.operations.backup_archive import restore, save

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=LIBRARY_TIME)
QUIET = "[telephone]\nenabled = false\n[staff_site]\nenabled = false\n"


async def opened(home: Path) -> str:
    async with open_library(home, clock=Clock(), works=FEW_WORKS, purpose=Purpose.DEMONSTRATION) as library:
        return (await library.circulation.identify("100003", "3690", "line")).ticket


async def test_programs_that_open_a_library_at_once_wait_for_each_other(tmp_path: Path) -> None:
    with held(tmp_path / OPENING):
        opening = [asyncio.create_task(opened(tmp_path)) for _ in range(4)]
        for _ in range(20):
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in opening)
        assert not (tmp_path / "library.sqlite").exists() and not (tmp_path / "pepper").exists()
    assert await asyncio.gather(*opening) == ["100003"] * 4


async def test_nobody_opens_a_library_that_is_being_replaced(tmp_path: Path) -> None:
    with replacing(tmp_path), pytest.raises(Unavailable, match="backup is being brought back"):
        await opened(tmp_path)
    await opened(tmp_path)


async def test_a_restore_moves_nothing_while_somebody_has_the_library_open(tmp_path: Path) -> None:
    home, archive = tmp_path / "home", tmp_path / "one.tar.gz"
    async with open_library(home, clock=Clock(), works=FEW_WORKS):
        save(home, archive, NOW)
        before = {path.name: path.stat().st_ino for path in home.iterdir()}
        with pytest.raises(HomeError, match="Nothing was changed"):
            restore(home, archive, NOW)
        assert {path.name: path.stat().st_ino for path in home.iterdir() if path.name != "serving.lock"} == before
    assert restore(home, archive, NOW)


def test_one_serves_at_a_time(tmp_path: Path) -> None:
    with serving(tmp_path):
        for other in (serving, replacing):
            with pytest.raises(HomeError, match=r"\(process \d+\)"), other(tmp_path):
                pass
    with replacing(tmp_path), pytest.raises(InUse), held(tmp_path / STATE, shared=True):
        pass


@pytest.mark.parametrize("home", ["/dev/null/x", "/proc/nowhere/x", "~nobody-of-this-name/x"])
def test_a_folder_that_cannot_be_is_a_sentence(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", home)
    with pytest.raises(HomeError, match="DAUYS_HOME=FOLDER"):
        dauys_home()
    for words in (("settings", "show"), ("check",), ("ask", "көмек")):
        done = dauys(Path(home), *words)
        assert done.returncode == 1 and done.stderr.startswith("dauys: The folder"), done.stderr


@pytest.mark.real
async def test_serve_refuses_a_second_one_and_a_restore_for_its_life(tmp_path: Path) -> None:
    home, archive = tmp_path / "home", tmp_path / "one.tar.gz"
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(QUIET)
    first = await started(home, "serve")
    await ready(first)
    save(home, archive, NOW)
    second = await asyncio.to_thread(dauys, home, "serve")
    assert second.returncode == 1 and f"process {first.pid}" in second.stderr
    restore = await asyncio.to_thread(dauys, home, "restore", "--yes", str(archive))
    assert restore.returncode == 1 and "Stop it first. Nothing was changed." in restore.stderr
    assert not list(home.glob("before-*"))
    shown = (await asyncio.to_thread(dauys, home, "demonstration", "show")).stdout  # beside it
    assert shown == "This home is the library's own.\n"  # where no published PIN lets anybody in
    first.send_signal(signal.SIGKILL)  # the kernel lets go of what it held
    await first.wait()
    restore = await asyncio.to_thread(dauys, home, "restore", "--yes", str(archive))
    assert restore.returncode == 0, restore.stderr

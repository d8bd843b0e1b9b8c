"""A running service takes up what `dauys desks set` wrote; a file with mistakes changes nothing and stops nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from devices.desk_file import load_desks, set_desk
from voice.assistant.app import App
from voice.operations import desk_supervisor
from voice.operations.desk_supervisor import DeskSupervisor


async def test_the_file_of_desks_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_supervisor, "LOOK_S", 0.01)
    path = tmp_path / "desks.toml"
    desks = DeskSupervisor(cast(App, SimpleNamespace(home=tmp_path)))
    looked: asyncio.Queue[list[str]] = asyncio.Queue()

    async def follow() -> None:
        try:
            looked.put_nowait(list(load_desks(path)))
        except Exception:
            looked.put_nowait(["broken"])
            raise

    monkeypatch.setattr(desks, "follow", follow)
    watching = asyncio.create_task(desks.watch())
    while not watching.done() and looked.empty():
        set_desk(path, "abai-1", {"port": "emulated:40"})
        await asyncio.sleep(0.05)
    assert await looked.get() == ["abai-1"]
    path.write_text("[abai-1]\nport = 3\n")
    while await asyncio.wait_for(looked.get(), 30) != ["broken"]:
        pass
    path.unlink()
    while await asyncio.wait_for(looked.get(), 30) != []:
        pass
    watching.cancel()

"""kill -9 at any point loses nothing and doubles nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue_client.store.audit import look_through
from catalogue_client.store.database import Database
from catalogue_client.store.schema import audit, copies, holds, keys

ROOT = Path(__file__).parent.parent.parent
STEPS = 900
"""More than two hundred lives of a few steps each come to."""


def run(program: str, *words: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__).with_name(program)), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=570, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def state(home: Path) -> dict[str, Any]:
    """All that a reader or the staff could see."""
    database = Database(f"sqlite+aiosqlite:///{home / 'library.sqlite'}")
    async with database.reading() as connection:
        assert (await look_through(connection)).broken is None
        columns = (holds.c.id, holds.c.ticket, holds.c.record_id, holds.c.place_id, holds.c.copy_id, holds.c.status)
        found = {
            "holds": (await connection.execute(select(*columns).order_by(holds.c.id))).all(),
            "copies": (await connection.execute(select(copies).order_by(copies.c.id))).all(),
            "answers": (await connection.execute(select(keys.c.key, keys.c.answer).order_by(keys.c.key))).all(),
            "audit": (await connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id))).all(),
        }
    await database.close()
    return found


@pytest.mark.real
async def test_two_hundred_kills_leave_the_state_of_a_quiet_day(tmp_path: Path) -> None:
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    run("busy_node.py", str(quiet), "-", "node", "0", str(STEPS))
    told = run("killing.py", str(killed), "200", str(STEPS))
    assert told.split() == ["killed", "200"]
    assert await state(killed) == await state(quiet)

"""kill -9 at any point loses nothing and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue_client.store.audit import verify_chain
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption
from catalogue_client.store.schema import audit, copies, facts, holds, keys, records

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
        assert (await verify_chain(connection, Encryption(b"pepper"))).broken is None
        columns = (holds.c.id, holds.c.ticket, holds.c.record_id, holds.c.place_id, holds.c.copy_id, holds.c.status)
        found = {
            "holds": (await connection.execute(select(*columns).order_by(holds.c.id))).all(),
            "copies": (await connection.execute(select(copies).order_by(copies.c.id))).all(),
            "answers": [
                (row.key, Encryption(b"pepper").unseal(b64decode(row.answer)))
                for row in await connection.execute(select(keys.c.key, keys.c.answer).order_by(keys.c.key))
            ],
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


async def imported(home: Path) -> dict[str, Any]:
    """All that imports have left, ids of copies aside."""
    database = Database(f"sqlite+aiosqlite:///{home / 'library.sqlite'}")
    standing = (copies.c.record_id, copies.c.place_id, copies.c.status)
    async with database.reading() as connection:
        found = {
            "records": (await connection.execute(select(records.c.id, records.c.title).order_by(records.c.id))).all(),
            "copies": (
                await connection.execute(select(*standing, func.count()).group_by(*standing).order_by(*standing))
            ).all(),
            "facts": (
                await connection.execute(select(facts).where(facts.c.name != "pepper").order_by(facts.c.name))
            ).all(),  # every home has a pepper of its own
        }
    await database.close()
    return found


def record(number: int) -> str:
    """Every fifth has no title, every seventh a copy at a place that nobody knows; two copies each."""
    title = "" if number % 5 == 0 else f'<datafield tag="245"><subfield code="a">Том {number}</subfield></datafield>'
    places = ("no-6", "nowhere" if number % 7 == 0 else "chekhov")
    held = "".join(f'<datafield tag="952"><subfield code="b">{place}</subfield></datafield>' for place in places)
    return f'<record><controlfield tag="001">{number}</controlfield>{title}{held}</record>'


def importing(home: Path, file: Path, kill_after: int = 0) -> tuple[int, str]:
    """Runs `dauys catalogue import`, killed after so many messages of progress. Its exit status and what it printed."""
    command = [sys.executable, "-c", "from voice.cli.main import main; main()", "catalogue", "import", str(file)]
    environment = os.environ | {"DAUYS_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as one:
        assert one.stderr is not None and one.stdout is not None
        for _ in range(kill_after):
            one.stderr.readline()  # a batch is in; the next is on its way
        if kill_after:
            one.send_signal(signal.SIGKILL)
        one.stderr.read()
        printed = one.stdout.read()
    return one.returncode, printed


@pytest.mark.real
async def test_a_killed_import_goes_on_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    file = tmp_path / "many.xml"
    file.write_text(f"<collection>{''.join(map(record, range(1, 6001)))}</collection>", encoding="utf-8")
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    status, whole = importing(quiet, file)
    assert status == 0 and "4800 new records" in whole
    chance = random.Random(5)
    ends = [importing(killed, file, chance.randint(1, 2))[0] for _ in range(6)]
    assert ends == [-signal.SIGKILL] * 6
    status, rest = importing(killed, file)
    assert status == 0 and " 0 passed over" not in rest
    assert await imported(killed) == await imported(quiet)
    (at_once,) = quiet.glob("sync-*.tsv")
    (in_parts,) = killed.glob("sync-*.tsv")
    # What was refused is kept with the place in the file; what else stands there counts that run alone.
    refused = [
        [line for line in path.read_text("utf-8").splitlines() if line.startswith("refused")]
        for path in (at_once, in_parts)
    ]
    assert len(refused[0]) == 1200 and refused[0] == refused[1]

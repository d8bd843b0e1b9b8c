"""What systemd is told by the running service, over a real socket; and whether the unit is one that systemd takes."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from voice.server.systemd import USUAL_S, notify, pause_s

UNIT = Path(__file__).parents[3] / "packaging" / "dauys.service"
SETTINGS = """
[telephone]
enabled = false
[staff_site]
port = 0
"""


def test_the_watchdog_says_how_often_it_wants_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    assert pause_s() == USUAL_S
    for wrong in ("", "0", "soon"):
        monkeypatch.setenv("WATCHDOG_USEC", wrong)
        assert pause_s() == USUAL_S
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert pause_s() == 10


def test_nobody_listens_and_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify("READY=1")


def test_an_abstract_socket_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0dauys-test-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@dauys-test-{os.getpid()}")
        notify("READY=1")
        assert listener.recv(100) == b"READY=1"


@pytest.mark.real
async def test_the_service_says_ready_and_alive_and_stopping_and_logs_nothing_personal(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, tempfile.TemporaryFile() as log:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        loop = asyncio.get_running_loop()
        service = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from voice.cli.main import main; main()",
            "serve",
            "--verbose",
            "--demonstration",
            env={
                **os.environ,
                "DAUYS_HOME": str(tmp_path),
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "WATCHDOG_USEC": "600000",
            },
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(180):
            assert await loop.sock_recv(listener, 100) == b"READY=1"
            assert [await loop.sock_recv(listener, 100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
            service.send_signal(signal.SIGTERM)
            while (told := await loop.sock_recv(listener, 100)) == b"WATCHDOG=1":
                pass
            assert told.startswith(b"STOPPING=1\nEXTEND_TIMEOUT_USEC=")  # calls may come to their end
            assert await service.wait() == 0
        log.seek(0)
        output = log.read().decode()
    assert "Ready" in output
    assert "Traceback" not in output
    for personal in (
        "100001",
        "INSERT",
        "+7701",
        "Абай даңғылы",
    ):  # as a demonstration it has readers from its first start
        assert personal not in output


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_takes_the_unit_and_finds_it_well_closed(tmp_path: Path) -> None:
    """What it runs is not installed here, so /bin/true stands for it."""
    text = UNIT.read_text(encoding="utf-8")
    unit = tmp_path / "dauys.service"
    unit.write_text(re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", text, flags=re.M), encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, env=environment)
    assert (verified.returncode, verified.stderr) == (0, "")
    looked = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
        env=environment,
    )
    exposure = re.search(r"exposure level for dauys\.service: ([\d.]+)", looked.stdout)
    assert exposure, looked.stdout + looked.stderr
    assert float(exposure[1]) < 3

"""`dauys serve` as a process: it answers a call, and ends politely when it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.voice.processes import environment, ready
from voice.channels.errors import LineError
from voice.channels.sip.caller import dial

FEW = 300
"""Descriptors, hard limit and soft: fewer than half requests."""
SETTINGS = """
[telephone]
address = "127.0.0.1"
port = 0
drain_s = 2
[staff_site]
enabled = false
"""


@pytest.mark.real
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
async def test_it_answers_a_call_and_stops_when_told(tmp_path: Path, told: signal.Signals) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    service = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from voice.cli.main import main; main()",
        "serve",
        env={**os.environ, "DAUYS_HOME": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert service.stdout
    line = (await asyncio.wait_for(service.stdout.readline(), 120)).decode()
    port = int(line.rsplit(" ", 1)[1].rstrip(".\n"))
    async with dial("127.0.0.1", port) as caller:
        async with asyncio.timeout(20):
            while not any(np.abs(np.frombuffer(pcm, "<i2")).max() > 1000 for _, pcm in caller.heard):
                await asyncio.sleep(0.1)
        service.send_signal(told)
        with pytest.raises(LineError, match="503"):
            while True:  # until the signal has come
                async with dial("127.0.0.1", port):
                    assert not caller.hung_up.is_set()
        assert not caller.hung_up.is_set()
        await asyncio.wait_for(caller.hung_up.wait(), 20)
    assert await asyncio.wait_for(service.wait(), 10) == 0
    assert service.stderr
    # Nobody has filled this library yet, which the service may have noticed before it was ended.
    complaints = (await service.stderr.read()).decode()
    assert complaints in ("", "ERROR voice.server.self_watch: catalogue does not work: catalogue_empty\n")


@pytest.mark.real
async def test_half_requests_to_the_staff_site_change_nothing_for_a_caller(tmp_path: Path) -> None:
    site = "[staff_site]\nport = 0\nconnections = 300\nconnections_each = 300\nhead_s = 60.0\n"
    (tmp_path / "settings.toml").write_text(SETTINGS.partition("[staff_site]")[0] + site)
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({FEW}, {FEW})); "
    service = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        few + "from voice.cli.main import main; main()",
        "serve",
        env=environment(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    lines = await ready(service)
    port = int(lines[0].rsplit(" ", 1)[1].rstrip("."))
    site_port = int(lines[1].rsplit(":", 1)[1].rstrip("/"))
    half = [socket.create_connection(("127.0.0.1", site_port)) for _ in range(FEW + 50)]
    for one in half:
        with contextlib.suppress(OSError):  # refused by now
            one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nX-a: ")
    async with dial("127.0.0.1", port) as caller, asyncio.timeout(20):
        while not any(np.abs(np.frombuffer(pcm, "<i2")).max() > 1000 for _, pcm in caller.heard):
            await asyncio.sleep(0.1)
    for one in half:
        one.close()
    service.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(service.wait(), 10) == 0


@pytest.mark.real
async def test_a_port_in_use_is_one_sentence_and_exit_status_1(tmp_path: Path) -> None:

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (tmp_path / "settings.toml").write_text(SETTINGS.replace("port = 0", f"port = {port}"))
        service = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from voice.cli.main import main; main()",
            "serve",
            env={**os.environ, "DAUYS_HOME": str(tmp_path)},
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await asyncio.wait_for(service.communicate(), 120)
    assert service.returncode == 1
    assert "telephone.port" in errors.decode()
    assert "Traceback" not in errors.decode()

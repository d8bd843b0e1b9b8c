"""`dauys` as a process of its own, in a home of the test's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from voice.cli.main import main; main()")


def environment(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "DAUYS_HOME": str(home), **more}


def dauys(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end; more than two minutes are a failure."""
    return subprocess.run(
        [*PROGRAM, *words],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


async def started(home: Path, *words: str, **more: str) -> Process:
    """Start it; the caller ends it."""
    return await asyncio.create_subprocess_exec(
        *PROGRAM, *words, env=environment(home, **more), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


async def ready(process: Process) -> list[str]:
    """The lines that `serve` prints until it is ready."""
    assert process.stdout
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ready"):
        line = (await asyncio.wait_for(process.stdout.readline(), 120)).decode()
        assert line, "it ended before it was ready"
        lines.append(line.rstrip("\n"))
    return lines

"""Many calls at once: turn latency at the caller, late frames, CPU and memory for each call; and a soak.

Everything is real: SIP and RTP over loopback, the starter model, phrasebook, conversation, catalogue, synthesis; the
answering side runs in a process of its own. The same calls go to the loop that a newcomer would write, in the same run.

    calls.py [CALLS …]      tables for so many calls at once; without numbers 1 10 30 60 120
    calls.py soak [CALLS]   2,000 calls, ten at once, with a request in each: memory and open files as they go on
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

import numpy as np
from turn import COMMANDS, OPEN, Sentence, Times, ask, sentences

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import open_app
from voice.channels.errors import LineError
from voice.channels.frame_clock import FrameClock
from voice.channels.sip.caller import dial
from voice.channels.sip.listener import listen
from voice.configuration.paths import dauys_home
from voice.server.realtime import tune_for_realtime

LEVELS = (1, 10, 30, 60, 120)
SPREAD_S = 5.0
"""Seconds over which the calls of one level begin."""
TURNS = 4
"""Commands that each caller says."""
LISTENS_S = 4.0
"""How long a caller listens to an answer before the next command: a third of the time somebody speaks or is decoded."""
LATE_S = 0.04
"""A frame is late when it comes so much after its 20 ms."""
SOAK_CALLS, SOAK_AT_ONCE, SOAK_PARTS = 2000, 10, 8
SOAK_LISTENS_S = 0.3
"""Then they hang up, in the middle of the answer."""
NEWCOMER = Path(__file__).parent / "newcomer" / "loop.py"
HERE = Path(__file__)


@dataclass(slots=True)
class Level:
    """What so many calls at once were like."""

    times: Times = field(default_factory=Times)
    frames: int = 0
    late: int = 0
    refused: int = 0
    cpu_s: float = 0.0
    """Of the answering process."""
    call_s: float = 0.0
    """Seconds of all calls together."""
    caller_cpu_s: float = 0.0
    """Of the process that calls: it shares the machine."""
    lasted_s: float = 0.0
    memory_mb: float = 0.0
    """Of the answering process, at the level's end."""


class Answering:
    """A process that answers calls."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._folder = Path(f"/proc/{process.pid}")
        self.port = port

    def cpu_s(self) -> float:
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        return int((self._folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def files(self) -> int:
        return len(list((self._folder / "fd").iterdir()))


@asynccontextmanager
async def started(*command: str) -> AsyncIterator[Answering]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout
        while not (line := await process.stdout.readline()).startswith(b"PORT"):
            if not line:
                raise SystemExit("The answering process did not start. Run `scripts/run check`.")
        yield Answering(process, int(line.split()[1]))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def serve(most: int) -> None:
    """The answering process: prints its port and answers until it is killed."""
    with tempfile.TemporaryDirectory() as home:
        async with open_app(home=Path(home), models=dauys_home() / "models", purpose=Purpose.DEMONSTRATION) as app:
            await app.recognisers()
            await app.speaker.warm_up()
            tune_for_realtime()
            async with listen(
                "127.0.0.1", 0, app.answer, rtp_ports=(32000, 33999), max_calls=most, allow=[IPv4Network("127.0.0.0/8")]
            ) as line:
                print("PORT", line.port, flush=True)
                await asyncio.Event().wait()


async def one_call(port: int, sounds: list[Sentence], level: Level, clock: FrameClock) -> None:
    await asyncio.sleep(random.uniform(0, SPREAD_S))
    try:
        async with dial("127.0.0.1", port, clock=clock) as caller:
            await asyncio.sleep(3.0)
            for sentence in random.choices(sounds, k=TURNS):
                await ask(caller, sentence, level.times, [], LISTENS_S)
            came = np.array([at for at, _ in caller.heard])
    except LineError:
        level.refused += 1
        return
    level.frames += len(came)
    level.late += int(np.sum(np.diff(came) > 0.02 + LATE_S))
    level.call_s += float(came[-1] - came[0])


async def measure(answering: Answering, calls: int, sounds: list[Sentence]) -> Level:
    level, clock, before = Level(), FrameClock(), answering.cpu_s()
    own, began = time.process_time(), time.monotonic()
    await asyncio.gather(*(one_call(answering.port, sounds, level, clock) for _ in range(calls)))
    level.cpu_s = answering.cpu_s() - before
    level.caller_cpu_s, level.lasted_s = time.process_time() - own, time.monotonic() - began
    level.memory_mb = answering.memory_mb()
    return level


def row(calls: int, level: Level, first_mb: float) -> str:
    answered = level.times.answered
    p50, p95 = np.percentile(answered, [50, 95]) if answered else (float("nan"), float("nan"))
    cpu = 100 * level.cpu_s / level.call_s if level.call_s else float("nan")
    return (
        f"{calls:6}{p50:8.0f}{p95:8.0f}{level.times.unanswered:6}{level.refused:6}"
        f"{level.late:7} of {level.frames:<8}{cpu:8.1f}{(level.memory_mb - first_mb) / calls:10.1f}"
        f"{level.cpu_s / level.lasted_s:8.2f}{level.caller_cpu_s / level.lasted_s:9.2f}"
    )


async def compare(levels: list[int]) -> int:
    sounds = await sentences(COMMANDS)
    parts = (
        ("Dauys", (str(HERE), "serve", str(max(levels)))),
        ("The newcomer's loop", (str(NEWCOMER), str(dauys_home() / "models" / "dauys-starter-kk-ru"))),
    )
    for name, command in parts:
        print(f"{name}: last sample of speech to first sample of the answer, at the caller; ? = not answered")
        print(
            f"{'calls':>6}{'p50 ms':>8}{'p95':>8}{'?':>6}{'busy':>6}{'late frames':>19}"
            f"{'CPU %/call':>11}{'MB/call':>9}{'cores':>8}{'callers':>9}"
        )
        async with started(*command) as answering:
            first_mb = answering.memory_mb()
            for calls in levels:
                print(row(calls, await measure(answering, calls, sounds), first_mb), flush=True)
    return 0


async def soak(calls: int) -> int:
    """Calls that say a command or a request, and hang up while they are answered."""
    said = await sentences((*COMMANDS, *OPEN))

    async def short(answering: Answering, gate: asyncio.Semaphore, sentence: Sentence, times: Times) -> None:
        async with gate, dial("127.0.0.1", answering.port) as caller:
            await asyncio.sleep(SOAK_LISTENS_S)
            await ask(caller, sentence, times, [], SOAK_LISTENS_S)

    async with started(str(HERE), "serve", str(SOAK_AT_ONCE * 2)) as answering:
        print(f"{'calls':>6}{'memory MB':>11}{'open files':>12}{'unanswered':>12}")
        times, gate, share = Times(), asyncio.Semaphore(SOAK_AT_ONCE), calls // SOAK_PARTS
        for part in range(SOAK_PARTS):
            await asyncio.gather(*(short(answering, gate, said[number % len(said)], times) for number in range(share)))
            await asyncio.sleep(1.0)
            memory, files = answering.memory_mb(), answering.files()
            print(f"{share * (part + 1):6}{memory:11.1f}{files:12}{times.unanswered:12}", flush=True)
    return 0


def main(argv: list[str]) -> int:
    match argv:
        case ["serve", most]:
            asyncio.run(serve(int(most)))
            return 0
        case ["soak", *rest]:
            return asyncio.run(soak(int(rest[0]) if rest else SOAK_CALLS))
    return asyncio.run(compare([int(number) for number in argv] or list(LEVELS)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

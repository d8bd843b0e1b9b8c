"""One city on several nodes: how throughput and delay of a mixed load of readers grow from one to four nodes.

All nodes share one PostgreSQL, started for the purpose; each searches an index of its own. The load: of a hundred
requests 70 searches, 15 looks at shelves, 5 at loans, 5 at holds, 5 holds placed and cancelled. Nodes are processes
of this machine, so beyond its cores they share them: the table says how many there are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from catalogue_client.store.purpose import Purpose

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))  # the server that the tests start is used here too

from catalogue_client.embedded_library import open_library  # noqa: E402
from catalogue_client.embedded_library.opened_library import OpenedLibrary  # noqa: E402
from catalogue_client.errors import LibraryError  # noqa: E402
from catalogue_client.seed.collection_statistics import FIRST_TICKET  # noqa: E402
from catalogue_client.values.bibliographic import Query  # noqa: E402
from tests.rig.postgres import Postgres  # noqa: E402

TITLES, COPIES, READERS = 10_000, 150_000, 2_000
READERS_AT_ONCE = 8
"""Of each node."""
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=5)))
KINDS = ("search", "shelves", "loans", "holds", "hold")
SHARES = (70, 15, 5, 5, 5)


def node_home(folder: Path, name: str) -> Path:
    return folder / name


async def reader(
    library: OpenedLibrary, words: Sequence[str], chance: random.Random, end: float, times: list[float]
) -> int:
    """Ask one thing after another until `end`; answers how many requests failed."""
    failed = 0
    records = [record.id for record in (await library.catalogue.search(Query(limit=100))).records]
    while (started := time.perf_counter()) < end:
        ticket = str(FIRST_TICKET + chance.randrange(READERS))
        try:
            match chance.choices(KINDS, SHARES)[0]:
                case "search":
                    await library.catalogue.search(Query(words=" ".join(chance.sample(words, 2)), limit=10))
                case "shelves":
                    await library.catalogue.shelves(chance.choice(records))
                case "loans":
                    await library.circulation.loans(ticket)
                case "holds":
                    await library.circulation.holds(ticket)
                case _:
                    key = f"{os.getpid()} {chance.getrandbits(64):x}"
                    hold = await library.circulation.place_hold(ticket, chance.choice(records), "chekhov", key=key)
                    await library.circulation.cancel_hold(ticket, hold.id, key=f"{key} back")
        except LibraryError:
            failed += 1
        times.append((time.perf_counter() - started) * 1000)
    return failed


async def node(home: Path, url: str, begins: float, seconds: float, seed: int) -> None:
    """One node under load from `begins`, a time of day; prints its times as JSON."""
    times: list[float] = []
    async with open_library(
        home, url=url, clock=lambda: NOW, pepper=b"pepper", purpose=Purpose.DEMONSTRATION
    ) as library:
        words = [word.word for word in await library.vocabulary.words(3_000)]
        await asyncio.sleep(max(0.0, begins - time.time()))
        end = time.perf_counter() + seconds
        readers = (
            reader(library, words, random.Random(seed * 1000 + number), end, times) for number in range(READERS_AT_ONCE)
        )
        failed = sum(await asyncio.gather(*readers))
    print(json.dumps({"times": times, "failed": failed}))


async def fill(home: Path, url: str) -> None:
    async with open_library(
        home, url=url, clock=lambda: NOW, pepper=b"pepper", purpose=Purpose.DEMONSTRATION
    ) as library:
        await library.staff.stock.generate(TITLES, COPIES, READERS)


def load(folder: Path, url: str, nodes: int, seconds: float) -> tuple[list[float], int]:
    """All times in ms of so many nodes under load at once, and how many requests failed."""
    begins = time.time() + 6 + 2 * nodes
    running = []
    for at in range(nodes):
        words = (str(node_home(folder, f"node{at}")), url, str(begins), str(seconds), str(at))
        running.append(subprocess.Popen([sys.executable, __file__, "--node", *words], stdout=subprocess.PIPE))
    results = [json.loads(process.communicate()[0]) for process in running]
    return [time_s for result in results for time_s in result["times"]], sum(result["failed"] for result in results)


def main(argv: Sequence[str]) -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--nodes", type=int, default=4)
    options.add_argument(
        "--node", nargs=5, metavar=("HOME", "URL", "BEGINS", "SECONDS", "SEED"), help=argparse.SUPPRESS
    )
    chosen = options.parse_args(argv)
    if chosen.node:
        home, url, begins, seconds, seed = chosen.node
        asyncio.run(node(Path(home), url, float(begins), float(seconds), int(seed)))
        return 0
    server = Postgres()
    try:
        server.start()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            asyncio.run(fill(node_home(folder, "node0"), server.url))
            for at in range(1, chosen.nodes):  # each node makes its index before anything is measured
                asyncio.run(_open_once(node_home(folder, f"node{at}"), server.url))
            print(f"{TITLES} titles, {COPIES} copies, {READERS_AT_ONCE} readers a node, {os.cpu_count()} cores\n")
            print(f"{'nodes':>5}{'requests/s':>12}{'of one':>8}{'p50 ms':>8}{'p95 ms':>8}{'failed':>8}")
            first = 0.0
            for nodes in range(1, chosen.nodes + 1):
                times, failed = load(folder, server.url, nodes, chosen.seconds)
                rate = len(times) / chosen.seconds
                first = first or rate
                p50, p95 = np.percentile(times, (50, 95))
                print(f"{nodes:5}{rate:12.0f}{rate / first:8.2f}{p50:8.1f}{p95:8.1f}{failed:8}", flush=True)
    finally:
        server.remove()
    return 0


async def _open_once(home: Path, url: str) -> None:
    async with open_library(home, url=url, clock=lambda: NOW, pepper=b"pepper", purpose=Purpose.DEMONSTRATION):
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Search by voice on a city's catalogue: ours beside plain FTS5, tantivy in three ways, and Zebra over SRU.

Then search by what readers remember (remembered.py).

Prints recall@10, hit@1, milliseconds and memory for 2,000 garbled queries over 49,492 made-up titles. Each engine has a
process of its own, one after the other, all measured in one run. Memory is what the process has grown by when it has
answered everything, or what the server's processes hold; the disk is what its folder holds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import remembered
from engines import Build, Engine, Row, Search, sqlite_only, with_tantivy, zebra_over_sru
from queries import KINDS, Spoken, misheard, spoken_queries
from queries.articulation import ill_heard

from catalogue_client.seed.synthetic import generated_records
from catalogue_client.seed.works import WORKS, read_works, tsv_files
from languages.folding import fold

TODAY = date(2026, 11, 24)
ENGINES: dict[str, Build] = {
    "plain FTS5": sqlite_only.plain_fts5,
    "FTS5 trigrams, folded": sqlite_only.folded_trigrams,
    "tantivy, words, fuzzy": with_tantivy.words,
    "tantivy, 3-grams": with_tantivy.grams,
    "tantivy 3-grams, ranked": with_tantivy.grams_reranked,
    "Zebra over SRU": zebra_over_sru.zebra,
    "Dauys": sqlite_only.ours,
}
NOISES = {"ill heard": ill_heard, "tuned": misheard}
"""By name: the model that is used, and the one with which the weights of our ranking were chosen."""


def is_meant(row: Row, spoken: Spoken) -> bool:
    """Whether a row is what the reader meant."""
    right_title = not spoken.title or fold(row["title"]) == fold(spoken.title)
    return right_title and (not spoken.author or row["author"] == spoken.author)


@dataclass(slots=True)
class Measured:
    """How one engine did."""

    ranks: dict[str, list[int]]
    """For each kind of query the ranks of what was meant, 0-based; 99 when it is not among ten."""
    times: list[float]
    """ms by the clock."""
    cpu: list[float]
    """ms of this process on the processor: what the clock would show on a machine with nothing else to do."""
    misses: list[str]
    built_s: float = 0.0
    memory_mb: float = 0.0
    disk_mb: float = 0.0


def measure(search: Search, rows: Sequence[Row], asked: Sequence[Spoken], misses: int) -> Measured:
    """Ask everything once; the first `misses` first answers that are wrong are described."""
    measured = Measured(defaultdict(list), [], [], [])
    for spoken in asked:
        started, working = time.perf_counter(), time.process_time()
        found = search(spoken.text)
        measured.times.append((time.perf_counter() - started) * 1000)
        measured.cpu.append((time.process_time() - working) * 1000)
        rank = next((at for at, one in enumerate(found) if is_meant(rows[one], spoken)), 99)
        measured.ranks[spoken.kind].append(rank)
        if rank and len(measured.misses) < misses:
            report = "; ".join(f"{rows[one]['title']} / {rows[one]['author']}" for one in found[:2])
            meant = f"{spoken.title!r} / {spoken.author!r}"
            measured.misses.append(f"  {spoken.kind}: {spoken.text!r} meant {meant}, found {report}")
    return measured


def resident(pid: int | str) -> float:
    """MB of memory that a process holds, shared pages in proportion; 0 when it has gone."""
    try:
        report = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (OSError, ProcessLookupError):
        return 0.0
    return next(int(line.split()[1]) for line in report.splitlines() if line.startswith("Pss:")) / 1024


def with_children(pid: int) -> float:
    """MB that a server and the processes it has forked hold."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return resident(pid) + sum(resident(child) for child in children)


def alone(name: str, rows: Sequence[Row], asked: Sequence[Spoken], misses: int, report: Connection) -> None:
    """Build and measure one engine in this process; sends what was measured, or why it could not be."""
    with tempfile.TemporaryDirectory() as folder:
        started, before = time.perf_counter(), own_mb()
        try:
            engine: Engine = ENGINES[name](rows, Path(folder))
        except (ImportError, FileNotFoundError) as missing:
            report.send(str(missing))
            return
        try:
            built = time.perf_counter() - started
            measured = measure(engine.search, rows, asked, misses)
            measured.built_s = built
            measured.memory_mb = with_children(engine.server) if engine.server else own_mb() - before
            files = (one.stat().st_size for one in engine.files.rglob("*") if one.is_file())
            measured.disk_mb = sum(files) / 1e6
            report.send(measured)
        finally:
            engine.stop()


def own_mb() -> float:
    """MB that this process holds; shared with its parent or not, so that only growth tells."""
    report = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in report.splitlines() if line.startswith("VmRSS:")) / 1024


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--titles", type=int, default=49_492)
    options.add_argument("--queries", type=int, default=2_000)
    options.add_argument("--noise", choices=list(NOISES), default="ill heard")
    options.add_argument("--engine", action="append", choices=list(ENGINES))
    options.add_argument("--misses", type=int, default=0, help="print so many of each engine's misses")
    chosen = options.parse_args(argv)
    works = [work for path in tsv_files(WORKS) for work in read_works(path)]
    rows = list(generated_records(works, chosen.titles, TODAY))
    asked = list(spoken_queries(rows, chosen.queries, NOISES[chosen.noise]))
    print(f"{chosen.titles} titles, {chosen.queries} spoken queries, noise: {chosen.noise}\n")
    heads = ("recall@10", "hit@1", "p50 ms", "p95 ms", "p95 CPU", "build s", "memory MB", "disk MB")
    print(f"{'':24}" + "".join(f"{head:>10}" for head in heads))
    # Forked, so that the rows are not made again for each.
    context = multiprocessing.get_context("fork")
    for name in chosen.engine or ENGINES:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=alone, args=(name, rows, asked, chosen.misses, theirs))
        process.start()
        theirs.close()
        try:
            measured = ours.recv()
        except EOFError:
            measured = "it ended before it had answered"
        process.join()
        print_row(name, measured)
    return remembered.main(["--titles", str(chosen.titles)])


def print_row(name: str, measured: Measured | str) -> None:
    if isinstance(measured, str):
        print(f"{name:24} not measured: {measured}", flush=True)
        return
    flat = np.array([rank for several in measured.ranks.values() for rank in several])
    p50, p95 = np.percentile(measured.times, (50, 95))
    cpu = np.percentile(measured.cpu, 95)
    numbers = (p50, p95, cpu, measured.built_s, measured.memory_mb, measured.disk_mb)
    shares = f"{(flat < 10).mean():10.3f}{(flat == 0).mean():10.3f}"
    print(f"{name:24}{shares}" + "".join(f"{one:10.1f}" for one in numbers), flush=True)
    if name == "Dauys":
        print()
        for kind in KINDS:
            several = np.array(measured.ranks[kind])
            print(f"  {kind:28}{(several < 10).mean():8.3f}{(several == 0).mean():8.3f}")
    print(*measured.misses, sep="\n", end="\n" if measured.misses else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

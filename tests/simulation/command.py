"""`scripts/simulate`: many seeds, what they found, and how fast."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.simulation.planted import PLANTED
from tests.simulation.templates import Template
from tests.simulation.world import Outcome, simulate

MEMORY = Path("/dev/shm")
"""Where a disk costs nothing."""


def outcomes(seeds: range, folder: Path, plant: str | None = None, *, stop: bool = False) -> list[Outcome]:
    """Return what came of `seeds`; with `stop` nothing after the first that broke something."""
    template = Template(folder / "template")
    template.make()
    phrasebook = template.phrasebook()
    found = []
    with PLANTED[plant]() if plant else nullcontext():
        for seed in seeds:
            found.append(simulate(seed, template, folder / "home", phrasebook))
            if stop and found[-1].broken:
                break
    return found


def _share(arguments: tuple[range, str | None, bool]) -> list[Outcome]:
    seeds, plant, stop = arguments
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return outcomes(seeds, Path(folder), plant, stop=stop)


def main() -> int:
    """Print what broke and how fast it went; 1 when an invariant was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="?", type=int, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--trace", action="store_true", help="everything that happened, of a single seed")
    parser.add_argument(
        "--plant", choices=sorted(PLANTED), help="with this bug put into the product, to the first find"
    )
    asked = parser.parse_args()
    every = range(asked.first, asked.first + asked.seeds)
    shares = [(every[job :: asked.jobs], asked.plant, asked.plant is not None) for job in range(asked.jobs)]
    begun, used = time.monotonic(), time.process_time()
    if asked.jobs == 1:
        found = _share(shares[0])
    else:
        with multiprocessing.Pool(asked.jobs) as pool:
            found = [outcome for share in pool.map(_share, shares) for outcome in share]
    seconds, used = time.monotonic() - begun, time.process_time() - used
    counts: Counter[str] = Counter()
    for outcome in found:
        counts.update(outcome.counts)
        for sentence in outcome.broken:
            print(f"seed {outcome.seed}: {sentence}")
        if asked.trace:
            print("\n".join(outcome.trace))
    broken = sum(bool(outcome.broken) for outcome in found)
    told = ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
    print(f"{len(found)} seeds, {broken} broke something; {told}")
    print(f"{seconds:.0f} s, {len(found) / seconds:.1f} seeds a second; {used:.0f} s of this process's processor time")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

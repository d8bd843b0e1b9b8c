"""How long the catalogue's synchronisation takes, and how much memory: 50,000 made-up records, new, unchanged, changed.

    scripts/bench sync [-- --records N]

A process of its own for each, so that the memory is its own. Wall and processor time are printed: on a busy machine the
second is the one to compare.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pymarc import Field, Indicators, Record, Subfield

WORDS = (
    *("қала", "дала", "су", "кітап", "өмір", "жол", "тау", "ән", "бала", "көктем", "соғыс"),
    *("мир", "книга", "город", "поле", "день", "ночь", "ветер", "песня", "дорога"),
)


def made_up(number: int, chance: random.Random, *, changed: bool) -> bytes:
    """Return a record with the fields and the one to three copies that a city library's records have."""
    record = Record(leader="00000nam a2200000 i 4500", force_utf8=True)
    record.add_field(Field(tag="001", data=str(number)))
    title = " ".join(chance.choices(WORDS, k=4)).capitalize()
    for tag, *parts in (
        ("020", "a", f"978601{number:07}"),
        ("041", "a", "kaz"),
        ("100", "a", f"{chance.choice(WORDS).capitalize()}ов, {chance.choice(WORDS)}"),
        ("245", "a", f"{title} {'2' if changed else ''}"),
        ("264", "a", "Алматы", "b", "Мектеп", "c", str(1950 + number % 70)),
        ("300", "a", "200 б."),
        ("520", "a", " ".join(chance.choices(WORDS, k=20))),
        ("650", "a", chance.choice(WORDS)),
        *(("952", "b", "chekhov", "p", f"{number}-{copy}") for copy in range(1 + number % 3)),
    ):
        pairs = [Subfield(code, value) for code, value in zip(parts[::2], parts[1::2], strict=True)]
        record.add_field(Field(tag=tag, indicators=Indicators(" ", " "), subfields=pairs))
    return record.as_marc()


def write(path: Path, records: int, *, changed_each: int = 0) -> None:
    """Write the file; each `changed_each`-th record with another title, none for 0."""
    chance = random.Random(7)
    with path.open("wb") as file:
        for number in range(records):
            file.write(made_up(number, chance, changed=bool(changed_each) and number % changed_each == 0))


async def synchronise(home: Path, path: Path) -> None:
    """Run the file into the store at `home` and print how it went."""
    from catalogue_client.catalogue.sync.files import from_files
    from catalogue_client.catalogue.sync.source import Source
    from catalogue_client.catalogue.sync.sync_report import SyncReport
    from catalogue_client.embedded_library import open_library
    from catalogue_client.store.purpose import Purpose

    async with open_library(home, clock=lambda: datetime.now(UTC), purpose=Purpose.LIBRARY) as library:
        report = SyncReport()
        begun, cpu = time.perf_counter(), time.process_time()
        await library.staff.new_synchroniser().run(Source("bench"), from_files([path], report), report=report)
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    what = f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {report.copies_new} new copies"
    print(f"{what:70}{wall:8.1f} s wall{cpu:8.1f} s processor{memory:6} MB", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--one", nargs=2, type=Path, help="home and file of one run; used by the benchmark itself")
    options = parser.parse_args()
    if options.one:
        asyncio.run(synchronise(*options.one))
        return
    with TemporaryDirectory() as folder:
        home, path = Path(folder, "home"), Path(folder, "records.mrc")
        home.mkdir()
        for changed_each in (0, 0, 100):
            write(path, options.records, changed_each=changed_each)
            subprocess.run([sys.executable, __file__, "--one", str(home), str(path)], check=True)


if __name__ == "__main__":
    main()

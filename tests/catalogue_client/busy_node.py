"""A program that keeps one library busy: places holds and cancels every second one, each step under a key of its own.

    python busy_node.py HOME URL|- NODE FIRST LAST

Prints the number of every step that was answered. A step whose outcome is not known is asked for again with the same
key, as the assistant does. Started again behind the last number printed, it repeats at most one step.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused, Unavailable
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import ALMATY

FEW_WORKS = Path(__file__).with_name("works")
TICKETS = ("100001", "100002", "100003")
PLACES = ("chekhov", "metro-abay", "no-14")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ALMATY)
PATIENCE = 200
"""Tries of one step while the database is away."""


async def step(library: OpenedLibrary, node: str, number: int, records: list[str]) -> None:
    """One step: the same for the same number whenever it is asked for."""
    ticket, place = TICKETS[number % 3], PLACES[number // 3 % 3]
    record = records[(number * 7) % len(records)]
    try:
        hold = await library.circulation.place_hold(ticket, record, place, key=f"{node} place {number}")
        if number % 2:
            await library.circulation.cancel_hold(ticket, hold.id, key=f"{node} cancel {number}")
    except Refused:
        pass


async def keep_busy(home: Path, url: str | None, node: str, first: int, last: int) -> None:
    async with open_library(
        home, url=url, clock=lambda: NOW, pepper=b"pepper", works=FEW_WORKS, purpose=Purpose.DEMONSTRATION
    ) as library:
        found = await library.catalogue.search(Query(limit=100))
        records = sorted(record.id for record in found.records)
        for number in range(first, last):
            for _ in range(PATIENCE):
                try:
                    await step(library, node, number, records)
                    break
                except Unavailable:
                    await asyncio.sleep(0.05)
            else:
                raise SystemExit(f"step {number} could not be done")
            print(number, flush=True)


def main(argv: list[str]) -> None:
    home, url, node, first, last = argv
    asyncio.run(keep_busy(Path(home), None if url == "-" else url, node, int(first), int(last)))


if __name__ == "__main__":
    main(sys.argv[1:])

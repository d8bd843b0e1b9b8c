"""Braille: a record to cells beside liblouis alone, a reply on a display beside python3-brlapi.

Prints milliseconds and ratios, all measured in one run, and how many lines come back from cells: the whole shipped
catalogue and `--lines` generated ones in each of four codes. The display is an emulated Baum VarioConnect 40 behind a
real brltty; python3-brlapi is compared where it is installed (Debian: apt install python3-brlapi).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

# This file has the name of the package that it measures, and the folder of a script comes first on the path.
sys.path.insert(0, str(Path(__file__).parents[2]))

from braille import lay_out, passage, translate
from braille.liblouis import forward, version
from catalogue_client.seed.works import WORKS, read_works, tsv_files
from devices import Connected, DisplayRouting, DisplayRow, display_session
from devices.brlapi import connect
from devices.brltty import Brltty, installed, started
from devices.emulated_baum import EmulatedBaum
from tests.braille.round_trips import catalogue, comes_back
from tests.braille.round_trips import line as generated_line

Line = tuple[str, str]
"""A record as a line of text, and its language."""


def records(count: int) -> list[Line]:
    """Records of the shipped catalogue, as a result list shows them with their subjects."""
    works = [work for file in tsv_files(WORKS) for work in read_works(file)]
    chosen = works[:: max(1, len(works) // count)][:count]
    return [(f"{w.title}. {w.author}. – {w.year or ''}. {', '.join(w.subjects)}", w.language) for w in chosen]


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def milliseconds(work: Callable[[Line], object], lines: Iterable[Line]) -> list[float]:
    """The time of the work on each line: the best of three, so that other programs' turns are not counted."""
    return [min(_milliseconds(work, line) for _ in range(3)) for line in lines]


def _milliseconds(work: Callable[[Line], object], line: Line) -> float:
    began = time.perf_counter()
    work(line)
    return 1000 * (time.perf_counter() - began)


def table(title: str, rows: Sequence[tuple[str, list[float]]]) -> None:
    """One line a way of doing it; the ratio is to the first, by the median."""
    base = statistics.median(rows[0][1])
    print(f"\n{title}\n{'':44}{'median ms':>10}{'p95 ms':>10}{'ratio':>8}")
    for name, times in rows:
        middle = statistics.median(times)
        print(f"{name:44}{middle:>10.3f}{percentile(times, 95):>10.3f}{middle / base:>8.2f}")


def measure_records(lines: Sequence[Line]) -> None:
    """Text to cells, in this process."""
    alone = milliseconds(lambda line: forward(("kk.utb",), line[0]), lines)
    cells = milliseconds(lambda line: translate(*line), lines)
    rows = milliseconds(lambda line: lay_out([passage(*line)], 40), lines)
    table(
        f"A record to cells: {len(lines)} records of {sum(len(text) for text, _ in lines) // len(lines)} characters, "
        f"liblouis {version()}",
        [
            ("lou_translate alone, wrong on look-alikes", alone),
            ("translate: cleaned, with positions", cells),
            ("translate and lay out in rows of 40", rows),
        ],
    )


def measure_round_trips(count: int) -> None:
    """Text to cells to text, which nothing may be lost in but what a code does not write."""
    chance = random.Random(24)
    print(f"\nText to cells to text, lines\n{'':44}{'lines':>10}{'lost':>10}{'lines/s':>10}")
    works = list(catalogue())
    for language, grade in (("kk", 1), ("ru", 1), ("en", 1), ("en", 2)):
        shipped = [text for text, tongue in works if tongue == language]
        made = [generated_line(chance, language) for _ in range(count)]
        for name, texts in (("shipped catalogue", shipped), ("generated", made)):
            began = time.perf_counter()
            lost = sum(comes_back(text, language, grade) is not None for text in texts)
            speed = len(texts) / (time.perf_counter() - began) if texts else 0
            print(f"{language} grade {grade}, {name:31}{len(texts):>10}{lost:>10}{speed:>10.0f}")


async def measure_display(lines: Sequence[Line]) -> None:
    """Cells and keys between this process and the display. The ways take turns, so that a busy minute hits them all."""
    brlapi = find_brlapi()
    replies: list[float] = []
    keys: list[float] = []
    bare: list[float] = []
    others_shown: list[float] = []
    others_keys: list[float] = []
    with EmulatedBaum(40) as baum:
        async with started("bm", baum.device) as brltty:
            for turn in range(TURNS):
                some = lines[turn::TURNS]
                shown, pressed = await through_session(baum, brltty, some)
                replies += shown
                keys += pressed
                bare += await through_client(baum, brltty, len(some))
                if brlapi:
                    shown, pressed = await through_brlapi(brlapi, baum, brltty, len(some))
                    others_shown += shown
                    others_keys += pressed
    ours = [("our client, cells ready", bare), ("session: a reply laid out and shown", replies)]
    table("Cells on the display of 40", ([("python3-brlapi writeDots", others_shown)] if brlapi else []) + ours)
    key = [("session: routing key to result", keys)]
    table("A key to the program", ([("python3-brlapi readKey in a thread", others_keys)] if brlapi else []) + key)


def find_brlapi() -> Any:
    """The module of python3-brlapi, None where it is not installed."""
    try:
        return importlib.import_module("brlapi")
    except ImportError:
        print("\npython3-brlapi is not installed and left out. To compare with it: apt-get install python3-brlapi.")
        return None


TURNS = 10
PAUSE_S = 0.05
"""Between two writes: brltty gives the wire of a serial display its time, 24 ms for 40 cells."""


async def timed(act: Callable[[], object], until: Callable[[], Awaitable[object]]) -> float:
    await asyncio.sleep(PAUSE_S)
    began = time.perf_counter()
    act()
    await until()
    return 1000 * (time.perf_counter() - began)


async def through_session(baum: EmulatedBaum, brltty: Brltty, lines: Sequence[Line]) -> tuple[list[float], list[float]]:
    async with display_session(brltty.address) as display:
        while not isinstance(await display.next_event(), Connected):
            pass
        shown, pressed = [], []
        for number, line in enumerate(lines):

            def rows(width: int, number: int = number, line: Line = line) -> list[DisplayRow]:
                text = passage(f"{number} {line[0]}", line[1], number)
                return [DisplayRow(row.cells, row.region, row.passage) for row in lay_out([text], width)]

            shown.append(await timed(lambda rows=rows: display.show(rows), lambda: baum.shows(display.shown())))
            pressed.append(await timed(lambda: baum.route(7), display.next_event))
        assert isinstance(await timed_event(baum, display.next_event), DisplayRouting)
        return shown, pressed


async def timed_event(baum: EmulatedBaum, event: Callable[[], Awaitable[object]]) -> object:
    baum.route(0)
    return await event()


def pattern(number: int) -> bytes:
    """Cells that differ from one number to the next."""
    return bytes((number + cell) % 63 + 1 for cell in range(40))


async def through_client(baum: EmulatedBaum, brltty: Brltty, count: int) -> list[float]:
    async with connect(brltty.address) as display:
        await display.enter_tty((1,))
        return [
            await timed(lambda n=n: display.write(pattern(n)), lambda n=n: baum.shows(pattern(n))) for n in range(count)
        ]


async def through_brlapi(
    brlapi: Any, baum: EmulatedBaum, brltty: Brltty, count: int
) -> tuple[list[float], list[float]]:
    connection = brlapi.Connection(host=brltty.address.encode(), auth=b"none")
    connection.enterTtyMode(1)
    shown = [
        await timed(lambda n=n: connection.writeDots(pattern(n)), lambda n=n: baum.shows(pattern(n)))
        for n in range(count)
    ]
    pressed = [
        await timed(lambda: baum.route(7), lambda: asyncio.to_thread(connection.readKey, True)) for _ in range(count)
    ]
    connection.leaveTtyMode()
    connection.closeConnection()
    return shown, pressed


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000, help="records to translate")
    parser.add_argument("--lines", type=int, default=2500, help="generated lines of each code to read back")
    parser.add_argument("--replies", type=int, default=150, help="replies to show on the display")
    arguments = parser.parse_args(argv)
    lines = records(arguments.records)
    measure_records(lines)
    measure_round_trips(arguments.lines)
    if installed():
        asyncio.run(measure_display(lines[: arguments.replies]))
    else:
        print("\nbrltty is not installed: nothing is shown on a display.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

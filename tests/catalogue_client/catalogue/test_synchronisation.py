"""Any feeds of any sources, beside a simple model of what the catalogue is then: sets of records and copies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalogue_client.catalogue.marc.marc_reader import Piece
from catalogue_client.catalogue.sync.source import Incoming, Source
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.schema import copies, records
from tests.catalogue_client.catalogue.test_marc import LEADER, record
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.conftest import FEW_WORKS

STATUS = {"shelf": (), "lost": ("1", "1"), "withdrawn": ("0", "1"), "loan": ("q", "2026-12-24")}
"""Status -> subfields of Koha's 952 that say so."""
PLACES = {"chekhov": "chekhov", "no-6": "no-6", "NOWHERE": ""}
"""Code -> the place that it means."""

item = st.tuples(st.integers(1, 6), st.sampled_from(sorted(PLACES)), st.sampled_from(sorted(STATUS)))
shelf = st.lists(item, max_size=3, unique_by=lambda copy: copy[0])
entry = st.tuples(
    st.integers(1, 5), st.sampled_from(("there", "there", "deleted", "damaged")), st.integers(1, 3), shelf
)
feed = st.lists(entry, max_size=7)
run = st.tuples(st.sampled_from(("a", "b")), st.booleans(), feed)

Feed = list[tuple[int, str, int, list[tuple[int, str, str]]]]
"""Of each record its number, what the feed says of it, a version of its title, its copies."""
NUMBERS = count()
"""One for each example: all share a store."""


@dataclass
class Model:
    """What each source has: number -> title and copies by bar code."""

    there: dict[str, dict[int, tuple[str, dict[str, tuple[str, str]]]]]

    def run(self, source: str, complete: bool, entries: Feed) -> None:
        mine = self.there[source]
        seen = set()
        for number, what, version, shelf in entries:
            if what == "there":
                items = {f"={source}{number}-{code}": (place, status) for code, place, status in shelf}
                mine[number] = (f"Кітап {source}{number} {version}", items)
                seen.add(number)
            elif what == "deleted":
                mine.pop(number, None)
                seen.discard(number)
        if complete and not any(what == "damaged" for _, what, _, _ in entries):
            for number in [number for number in mine if number not in seen]:
                del mine[number]

    def records(self) -> set[str]:
        return {title for mine in self.there.values() for title, _ in mine.values()}

    def copies(self) -> set[tuple[str, str, str]]:
        return {
            (item, PLACES[place], status if PLACES[place] else "unplaced")
            for mine in self.there.values()
            for _, items in mine.values()
            for item, (place, status) in items.items()
        }


def incoming(source: str, entries: Feed) -> Iterator[Incoming]:
    for at, (number, what, version, shelf) in enumerate(entries, 1):
        fields = [
            ("952", "b", place, "p", f"{source}{number}-{code}", *STATUS[status]) for code, place, status in shelf
        ]
        leader = LEADER[:5] + "d" + LEADER[6:] if what == "deleted" else LEADER
        marc = record(("245", "a", f"Кітап {source}{number} {version}"), *fields, number=str(number), leader=leader)
        piece = Piece(at, None, "damaged") if what == "damaged" else Piece(at, marc)
        digest = "" if what == "damaged" else f"{what}{number}.{version}.{hash(str(shelf)) % 10**8}"[:24]
        yield Incoming("feed", at, digest, lambda piece=piece: piece)  # type: ignore[misc]


async def shown(library: OpenedLibrary, example: str) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Titles and copies that sources of this example brought."""
    async with library.staff.stock._database.reading() as connection:
        titles = select(records.c.title).where(records.c.title.like(f"Кітап {example}%"), ~records.c.gone)
        found = set((await connection.scalars(titles)).all())
        known = select(copies.c.item, copies.c.place_id, copies.c.status).where(
            copies.c.item.like(f"={example}%"), copies.c.status != "gone"
        )
        return found, {(row.item, row.place_id, row.status) for row in await connection.execute(known)}


@pytest.fixture
def opened(home: Path) -> Iterator[tuple[asyncio.Runner, OpenedLibrary]]:
    with asyncio.Runner() as runner:
        opening = open_library(home, clock=Clock(), pepper=b"pepper", works=FEW_WORKS)
        yield runner, runner.run(opening.__aenter__())
        runner.run(opening.__aexit__(None, None, None))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(run, min_size=1, max_size=5))
def test_the_store_is_what_a_model_says_after_any_feeds(
    opened: tuple[asyncio.Runner, OpenedLibrary], runs: list[tuple[str, bool, Feed]]
) -> None:
    runner, library = opened
    example = f"{next(NUMBERS)}-"
    model = Model({f"{example}a": {}, f"{example}b": {}})

    async def all_runs() -> None:
        for name, complete, entries in runs:
            source = example + name
            model.run(source, complete, entries)
            await library.staff.new_synchroniser().run(Source(source, complete), incoming(source, entries))
            assert await shown(library, example) == (model.records(), model.copies())

    runner.run(all_runs())

"""Sources that break, lie, overtake each other or move bar codes: nothing is lost, nothing is there twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from catalogue_client.catalogue.marc.holdings import CopyNote
from catalogue_client.catalogue.marc.marc_reader import Piece, raw_records
from catalogue_client.catalogue.sync import files, oai
from catalogue_client.catalogue.sync.copy_changes import with_items
from catalogue_client.catalogue.sync.feed import Feed
from catalogue_client.catalogue.sync.feed_runs import run_feed
from catalogue_client.catalogue.sync.source import Incoming, Source
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.store.schema import copies, records
from tests.catalogue_client.catalogue.oai_server import Repository, serving
from tests.catalogue_client.catalogue.test_marc import iso2709, record

READER = "100001"
Shelf = Mapping[int, Sequence[str]]
"""Number of a record -> bar codes of its copies."""


def incoming(shelf: Shelf, version: int = 1) -> Iterator[Incoming]:
    for at, (number, codes) in enumerate(shelf.items(), 1):
        copies_of = [("952", "b", "chekhov", "p", code) for code in codes]
        marc = record(("245", "a", f"Қонақ кітап {number}"), *copies_of, number=str(number))
        piece = Piece(at, marc)
        yield Incoming("feed", at, f"{number}.{'-'.join(codes)}.{version}", lambda piece=piece: piece)  # type: ignore[misc]


async def synchronise(library: OpenedLibrary, shelf: Shelf, *, complete: bool = True) -> SyncReport:
    return await library.staff.new_synchroniser().run(Source("guest", complete), incoming(shelf))


async def standing(library: OpenedLibrary) -> list[tuple[str, str, str]]:
    """Title, bar code and status of every copy that the source brought and that is not gone."""
    query = (
        select(records.c.title, copies.c.item, copies.c.status)
        .join(records, records.c.id == copies.c.record_id)
        .where(records.c.title.like("Қонақ кітап%"), copies.c.status != "gone")
        .order_by(copies.c.id)
    )
    async with library.staff.stock._database.reading() as connection:
        return [(row.title, row.item, row.status) for row in await connection.execute(query)]


async def record_id(library: OpenedLibrary, number: int) -> str:
    async with library.staff.stock._database.reading() as connection:
        return str(await connection.scalar(select(records.c.id).where(records.c.title == f"Қонақ кітап {number}")))


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_a_bar_code_that_moves_takes_its_lent_copy_along(library: OpenedLibrary, order: tuple[int, int]) -> None:
    await synchronise(library, {1: ["X"], 2: []})
    books = library.staff.deliveries.books
    async with books.database.writing() as connection:
        copy_id = await connection.scalar(select(copies.c.id).where(copies.c.item == "=X"))
        await books.loans.lend(connection, READER, await record_id(library, 1), int(copy_id or 0))
    after: Shelf = {1: [], 2: ["X"]}
    await synchronise(library, {number: after[number] for number in order})
    ((title, item, status),) = await standing(library)
    assert (title, item) == ("Қонақ кітап 2", "=X") and status != "shelf", "nobody is sent to fetch it"
    (loan,) = [loan for loan in await library.circulation.loans(READER) if loan.title == "Қонақ кітап 1"]
    async with books.database.writing() as connection:
        await books.loans.take_back(connection, loan.id, "chekhov")
    assert await standing(library) == [("Қонақ кітап 2", "=X", "shelf")]


async def test_a_bar_code_that_moves_takes_along_a_copy_that_is_set_aside(library: OpenedLibrary) -> None:
    await synchronise(library, {1: ["X"], 2: []})
    hold = await library.circulation.place_hold(READER, await record_id(library, 1), "chekhov", key="h")
    await synchronise(library, {1: [], 2: ["X"]})
    ((title, _, status),) = await standing(library)
    assert title == "Қонақ кітап 2" and status != "shelf"
    assert [one.id for one in await library.circulation.holds(READER)] == [hold.id]
    await library.circulation.cancel_hold(READER, hold.id, key="c")
    assert await standing(library) == [("Қонақ кітап 2", "=X", "shelf")]


async def test_a_code_that_two_records_have_stays_with_both(library: OpenedLibrary) -> None:
    """Works bound in one volume."""
    await synchronise(library, {1: ["X"], 2: []})
    await library.circulation.place_hold(READER, await record_id(library, 1), "chekhov", key="h")
    await synchronise(library, {1: ["X"], 2: ["X"]})
    assert [title for title, _, _ in await standing(library)] == ["Қонақ кітап 1", "Қонақ кітап 2"]


def test_numbers_that_look_like_counted_ones_lose_no_copy() -> None:
    notes = [CopyNote("chekhov", "shelf", item) for item in ("X", "X", "X#2", "X#2")]
    assert len(with_items(notes)) == 4


async def test_a_code_that_no_copy_can_have_is_refused(library: OpenedLibrary) -> None:
    with pytest.raises(NotFound):
        await library.staff.place_codes.map_code("K" * 97, "chekhov", actor="staff:1")


async def test_a_file_that_breaks_off_deletes_nothing(
    library: OpenedLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [iso2709(record(("245", "a", f"Қонақ кітап {n}"), number=str(n))) for n in range(1, 6)]
    (tmp_path / "a.mrc").write_bytes(b"".join(whole))
    feed = Feed("guest", str(tmp_path))
    assert (await run_feed(library.staff.new_synchroniser(), feed)).new == 5

    def failing(path: Path, encoding: str | None) -> Iterator[object]:
        yield next(raw_records(path, encoding))
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "raw_records", failing)
    report = await run_feed(library.staff.new_synchroniser(), feed)
    assert (report.deleted, report.held_back) == (0, 4)


async def test_a_link_that_leads_nowhere_deletes_nothing(library: OpenedLibrary, tmp_path: Path) -> None:
    for n in (1, 2):
        marc = iso2709(record(("245", "a", f"Қонақ кітап {n}"), number=str(n)))
        (tmp_path / f"{n}.mrc").write_bytes(marc)
    feed = Feed("guest", str(tmp_path))
    await run_feed(library.staff.new_synchroniser(), feed)
    (tmp_path / "2.mrc").unlink()
    (tmp_path / "2.mrc").symlink_to(tmp_path / "away" / "2.mrc")
    report = await run_feed(library.staff.new_synchroniser(), feed)
    assert (report.deleted, report.held_back, [refusal.file for refusal in report.refusals]) == (0, 1, ["2.mrc"])


async def test_of_two_runs_the_newer_counts(library: OpenedLibrary) -> None:
    await synchronise(library, {1: ["A"], 2: ["B"]})
    synchroniser = library.staff.new_synchroniser()

    async def newer() -> None:
        await synchronise(library, {2: ["B", "C"]})

    def older() -> Iterator[Incoming]:
        yield from incoming({n: [f"o{n}"] for n in range(100, 600)})
        yield from incoming({1: ["A"], 2: ["old"]}, version=2)

    report = await synchroniser.run(Source("guest"), older(), keep_place=newer, yes=True)
    assert report.overtaken and report.refusals and report.deleted == 0
    assert {item for title, item, _ in await standing(library) if title == "Қонақ кітап 2"} == {"=B", "=C"}


@pytest.mark.parametrize("encoding", ["gb2312", "idna", "no-such-thing"])
async def test_an_encoding_that_nobody_reads_is_one_refusal(
    library: OpenedLibrary, tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "a.xml").write_text(f'<?xml version="1.0" encoding="{encoding}"?><collection><record/></collection>')
    report = await run_feed(library.staff.new_synchroniser(), Feed("guest", str(tmp_path)))
    assert len(report.refusals) == 1 and report.cut == ["a.xml"]


async def test_zero_bytes_reach_no_title_and_no_bar_code(library: OpenedLibrary, tmp_path: Path) -> None:
    marc = record(("245", "a", "Қонақ кітап\x00 1"), ("952", "b", "chekhov", "p", "X\x00Y"))
    (tmp_path / "a.mrc").write_bytes(iso2709(marc))
    assert (await run_feed(library.staff.new_synchroniser(), Feed("guest", str(tmp_path)))).new == 1
    ((title, item, _),) = await standing(library)
    assert "\x00" not in title + item


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setattr(oai, "WAIT_S", 0.01)
    return Repository({n: f"Қонақ кітап {n}" for n in range(1, 6)})


async def test_a_server_that_gives_less_than_it_says_deletes_nothing(
    library: OpenedLibrary, repository: Repository
) -> None:
    repository.tells_deletions = False
    with serving(repository) as url:
        await run_feed(library.staff.new_synchroniser(), Feed("city", url))
        del repository.titles[5]
        repository.fault = "short"
        report = await run_feed(library.staff.new_synchroniser(), Feed("city", url))
    assert (report.deleted, report.held_back) == (0, 1)


async def test_another_server_is_harvested_from_the_beginning(library: OpenedLibrary, repository: Repository) -> None:
    with serving(repository) as url:
        await run_feed(library.staff.new_synchroniser(), Feed("city", url))
        await run_feed(library.staff.new_synchroniser(), Feed("city", url))
        assert any("from" in asked for asked in repository.asked)
        await run_feed(library.staff.new_synchroniser(), Feed("city", url, set_name="books"))
        assert "from" not in next(asked for asked in repository.asked if asked.get("set") == "books")


async def test_staff_see_a_run_that_failed(library: OpenedLibrary, repository: Repository) -> None:
    synchroniser = library.staff.new_synchroniser()
    with serving(repository) as url:
        await run_feed(synchroniser, Feed("city", url))
        since = (await synchroniser.state("city"))["since"]
    await run_feed(synchroniser, Feed("city", url))
    state = await synchroniser.state("city")
    assert state["report"]["refusals"] == 1 and state["since"] == since

"""What records of every family say of their copies, and what a reader hears when none can be taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from pymarc import Record

from catalogue_client.catalogue.marc.description import describe
from catalogue_client.catalogue.marc.holdings import barcodes
from catalogue_client.catalogue.sync.files import from_files
from catalogue_client.catalogue.sync.source import Source
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, Refused
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.catalogue.test_marc import iso2709, record

TITLE = {"952": "245", "852": "245", "876": "245"}


def noted(*fields: tuple[str, ...]) -> list[tuple[str, str, str]]:
    title = TITLE.get(fields[0][0], "200")
    copies = describe(record((title, "a", "Кітап"), *fields)).copies
    return [(copy.code, copy.status, copy.item) for copy in copies]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((), "shelf"),
        (("0", "1"), "withdrawn"),
        (("1", "2"), "lost"),
        (("4", "1"), "repair"),
        (("q", "2026-12-24"), "loan"),
        (("7", "1"), "reading_room"),
        (("7", "-1"), "awaited"),
        (("5", "1"), "reading_room"),
        (("q", "2026-12-24", "1", "4"), "lost"),
        (("0", "0", "1", "0", "4", "0", "7", "0"), "shelf"),
    ],
)
def test_koha_marc21(said: tuple[str, ...], status: str) -> None:
    assert noted(("952", "a", "HOME", "b", "HOLDS", "p", "123", *said)) == [("HOLDS", status, "123")]


@pytest.mark.parametrize(
    ("said", "status"),
    [(("0", "1"), "withdrawn"), (("2", "1"), "lost"), (("1", "1"), "repair"), (("n", "2026-12-24"), "loan"),
     (("o", "1"), "reading_room"), (("o", "-1"), "awaited"), (("3", "1"), "reading_room"), ((), "shelf")],
)  # fmt: skip
def test_koha_unimarc(said: tuple[str, ...], status: str) -> None:
    assert noted(("995", "b", "HOME", "f", "123", *said)) == [("HOME", status, "123")]


@pytest.mark.parametrize(
    ("code", "status"),
    [("0", "shelf"), ("1", "loan"), ("2", "awaited"), ("3", "repair"), ("4", "lost"), ("5", "reading_room"),
     ("6", "written_off"), ("8", "awaited"), ("9", "loan"), ("", "shelf")],
)  # fmt: skip
def test_irbis(code: str, status: str) -> None:
    assert noted(("910", "a", code or " ", "b", "77", "d", "АБ")) == [("АБ", status, "77")]


def test_irbis_groups_count_all_their_copies() -> None:
    group = noted(("910", "a", "U", "b", "1", "d", "АБ", "1", "12", "2", "5"))
    assert [status for _, status, _ in group].count("shelf") == 7 and len(group) == 12
    assert len(noted(("910", "a", "U", "d", "АБ", "1", "999999999"))) == 500


def test_marc21_items_stand_where_their_852_says() -> None:
    assert noted(
        ("852", "8", "1", "b", "MAIN"),
        ("852", "8", "2", "b", "KIDS"),
        ("876", "8", "2.1", "p", "A1", "j", "Lost"),
        ("876", "8", "1.1", "p", "A2", "j", "Not Charged"),
        ("876", "8", "1.4", "p", "A5", "j", "Charged"),
        ("876", "8", "1.2", "p", "A3", "j", "Not for loan"),
        ("876", "8", "1.3", "a", "no 4", "j", "в переплёте"),
    ) == [
        ("KIDS", "lost", "A1"),
        ("MAIN", "shelf", "A2"),
        ("MAIN", "loan", "A5"),
        ("MAIN", "reading_room", "A3"),
        ("MAIN", "repair", "no 4"),
    ]


def test_rusmarc_and_unimarc_places() -> None:
    assert noted(("899", "a", "НБ РК", "b", "абонемент", "p", "5")) == [("НБ РК/абонемент", "shelf", "5")]
    assert noted(("930", "5", "7:1", "b", "RCR")) == [("RCR", "shelf", "7:1")]


def test_bar_codes_of_copies_that_are_there_come_first() -> None:
    koha = record(("245", "a", "x"), ("952", "b", "A", "p", "1", "q", "2026-12-24"), ("952", "b", "A", "p", "2"))
    assert barcodes(koha) == ("2", "1")


async def brought(
    library: OpenedLibrary, folder: Path, *records: Record, deleted: bool = False, name: str = "main"
) -> SyncReport:
    path = folder / f"{name}.mrc"
    raws = [iso2709(one) for one in records]
    path.write_bytes(b"".join(raw[:5] + b"d" + raw[6:] if deleted else raw for raw in raws))
    report = SyncReport()
    return await library.staff.new_synchroniser().run(Source(name), from_files([path], report), report=report)


def book(*copies: tuple[str, ...], title: str = "Жоғалған бұйра") -> Record:
    return record(("245", "a", title), *(("952", *copy) for copy in copies), number="b1")


LOST = ("b", "no-6", "p", "1", "1", "1")
FREE = ("b", "no-6", "p", "1")


@pytest.mark.parametrize(
    ("copies", "why"),
    [((), "none"), ((LOST,), "lost"), ((("b", "no-6", "p", "1", "7", "1"),), "reading_room"),
     ((LOST, ("b", "no-6", "p", "2", "q", "2026-12-24")), "loan"), ((("b", "KZ-9", "p", "1"),), "elsewhere"),
     ((("b", "no-6", "p", "1", "7", "-1"),), "awaited"), ((("b", "no-6", "p", "1", "4", "1"),), "repair")],
)  # fmt: skip
async def test_why_no_copy_can_be_taken(
    library: OpenedLibrary, tmp_path: Path, copies: tuple[tuple[str, ...], ...], why: str
) -> None:
    await brought(library, tmp_path, book(*copies))
    (found,) = (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records
    assert (found.available, found.away) == ((), why)


async def test_a_hold_outlives_what_the_source_says_of_its_copy(library: OpenedLibrary, tmp_path: Path) -> None:
    await brought(library, tmp_path, book(FREE))
    (found,) = (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records
    hold = await library.circulation.place_hold("100001", found.id, "no-6", key="k")
    assert hold.status == "ready"
    report = await brought(library, tmp_path, book(LOST))
    assert (report.copies_changed, report.copies_bound) == (1, 1)
    assert (await library.circulation.holds("100001"))[0].status == "ready"
    await library.circulation.cancel_hold("100001", hold.id, key="c")
    assert (await library.catalogue.record(found.id)).away == "lost"
    with pytest.raises(Refused, match="no_copy"):
        await library.circulation.place_hold("100001", found.id, "no-6", key="again")


async def test_who_waits_gets_the_copy_that_a_source_brings(library: OpenedLibrary, tmp_path: Path) -> None:
    await brought(library, tmp_path, book((*FREE, "q", "2026-12-24")))
    (found,) = (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records
    assert (await library.circulation.place_hold("100001", found.id, "no-6", key="k")).status == "waiting"
    await brought(library, tmp_path, book((*FREE, "q", "2026-12-24"), ("b", "no-6", "p", "2")))
    assert (await library.circulation.holds("100001"))[0].status == "ready"


async def test_a_deleted_record_is_not_found_and_its_holds_stay(library: OpenedLibrary, tmp_path: Path) -> None:
    await brought(library, tmp_path, book(FREE))
    (found,) = (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records
    await library.circulation.place_hold("100001", found.id, "no-6", key="k")
    assert (await brought(library, tmp_path, book(FREE), deleted=True)).deleted == 1
    assert found.id not in [one.id for one in (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records]
    assert (await library.circulation.holds("100001"))[0].title == "Жоғалған бұйра"
    await brought(library, tmp_path, book(FREE))
    assert (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records[0].id == found.id


async def test_mapping_a_code_brings_its_copies_in_at_once(library: OpenedLibrary, tmp_path: Path) -> None:
    codes = library.staff.place_codes
    await brought(library, tmp_path, book(("b", "KZ-9", "p", "1"), ("b", "KZ-9", "p", "2", "1", "1")))
    assert [(use.code, use.place_id, use.copies) for use in await codes.uses()] == [("KZ-9", None, 2)]
    (found,) = (await library.catalogue.search(Query(title="Жоғалған бұйра"))).records
    assert await codes.map_code("KZ-9", "chekhov", actor="test") == 2
    there = (await library.catalogue.record(found.id)).available
    assert [(shelf.place_id, shelf.copies) for shelf in there] == [("chekhov", 1)]
    assert await codes.map_code("KZ-9", "no-6", actor="test") == 2
    assert [shelf.place_id for shelf in (await library.catalogue.record(found.id)).available] == ["no-6"]
    assert await codes.map_code("KZ-9", None, actor="test") == 2
    assert (await library.catalogue.record(found.id)).away == "elsewhere"
    with pytest.raises(NotFound):
        await codes.map_code("KZ-9", "nowhere at all", actor="test")


async def test_two_sources_with_the_same_numbers_are_kept_apart(library: OpenedLibrary, tmp_path: Path) -> None:
    await brought(library, tmp_path, book(FREE), name="one")
    await brought(library, tmp_path, book(FREE, title="Мүлде басқа кітап"), name="two")
    for title in ("Жоғалған бұйра", "Мүлде басқа кітап"):
        assert (await library.catalogue.search(Query(title=title))).records[0].title == title


async def test_a_run_that_would_delete_much_asks(library: OpenedLibrary, tmp_path: Path) -> None:
    many = [record(("245", "a", f"Кітап {n}"), number=str(n)) for n in range(40)]
    await brought(library, tmp_path, *many)
    for left, held_back in ((many[:5], 35), ([], 40)):
        report = await brought(library, tmp_path, *left)
        assert (report.deleted, report.held_back) == (0, held_back)
    assert (await brought(library, tmp_path, *many[:36])).deleted == 4


async def test_a_file_cut_in_the_middle_deletes_nothing(library: OpenedLibrary, tmp_path: Path) -> None:
    many = [record(("245", "a", f"Кітап {n}"), number=str(n)) for n in range(12)]
    await brought(library, tmp_path, *many)
    path = tmp_path / "main.mrc"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 40])
    report = SyncReport()
    await library.staff.new_synchroniser().run(Source("main"), from_files([path], report), report=report)
    assert (report.cut, report.deleted, report.held_back) == (["main.mrc"], 0, 1)

"""Records of one work find each other by their own fields, and what staff say outlives every import."""

from __future__ import annotations

from pathlib import Path

import pytest
from pymarc import Record

from catalogue_client.catalogue.marc.description import describe
from catalogue_client.catalogue.marc.placing import is_designation, volume_of
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.values.bibliographic import Query
from catalogue_client.works.identity import plain_isbn
from tests.catalogue_client.catalogue.test_marc import iso2709, record

ORIGINAL = record(("100", "a", "Ертаев, Серік"), ("245", "a", "Көк дала"), ("041", "a", "kaz"), number="1")
TRANSLATION = record(
    ("100", "a", "Ертаев, Серик"),
    ("245", "a", "Синяя степь"),
    ("765", "t", "Көк дала"),
    ("041", "a", "rus"),
    number="2",
)
UNIFORM = record(
    ("100", "a", "Ертаев, С."),
    ("240", "a", "Көк дала"),
    ("245", "a", "The Blue Steppe"),
    ("041", "a", "eng"),
    number="3",
)
SELECTION = record(("100", "a", "Ертаев, Серік"), ("240", "a", "Selections"), ("245", "a", "Жинақ"), number="4")
OTHER_SELECTION = record(
    ("100", "a", "Ертаев, Серік"), ("240", "a", "Selections"), ("245", "a", "Таңдамалы"), number="5"
)
VOLUMES = tuple(
    record(
        ("461", "1", "2001 ", "a", "Хан Кене", "f", "Серик Ертаев", "v", f"Т. {number}"),
        ("200", "a", f"Т. {number}"), ("101", "a", "rus"), number=f"v{number}",
    )
    for number in (1, 2)
)  # fmt: skip


def written(path: Path, *records: Record) -> Path:
    path.write_bytes(b"".join(iso2709(one) for one in records))
    return path


async def imported(library: OpenedLibrary, path: Path, *records: Record) -> None:
    await library.staff.importer.import_files([written(path, *records)])


async def ids(library: OpenedLibrary, title: str) -> tuple[str, ...]:
    found = (await library.catalogue.search(Query(words=title))).records
    return tuple(one.id for one in await library.catalogue.expressions(found[0].id))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Т. 1", 1),
        ("Вып. 13.", 13),
        ("2-кітап", 2),
        ("Екінші кітап", None),
        ("Кн. II", 2),
        ("vol. 3", 3),
        ("[4]", 4),
        ("", None),
    ],
)
def test_volumes_are_read_from_their_designation(text: str, number: int | None) -> None:
    assert volume_of(text) == number


@pytest.mark.parametrize("title", ["Т. 1", "Вып. 13.", "1929-1939", "Кн. 2"])
def test_a_volumes_own_designation_is_no_title(title: str) -> None:
    assert is_designation(title)
    assert not is_designation("1984 год") and not is_designation("Книга джунглей") and not is_designation("Том Сойер")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("978-601-282-174-3", "9786012821743"),
        ("5-699-12014-6 (в пер.)", "9785699120147"),
        ("966-03-2947-X", "9789660329478"),
        ("без ISBN", ""),
    ],
)
def test_isbns_of_both_lengths_are_one(written: str, plain: str) -> None:
    found = plain_isbn(written)
    assert found[:12] == plain[:12] and len(found) == len(plain)


def test_a_volume_is_called_by_its_set() -> None:
    described = describe(VOLUMES[0])
    assert (described.title, described.author) == ("Хан Кене. Т. 1", "Серик Ертаев")
    assert (described.place.volume, described.place.titles) == (1, ("Хан Кене",))


def test_series_are_kept_with_their_number() -> None:
    one = record(("245", "a", "Название"), ("490", "a", "Библиотека школьника ;", "v", "вып. 7"))
    assert describe(one).place.series == ("Библиотека школьника#7",)


async def test_translations_are_one_work_by_their_fields(library: OpenedLibrary, tmp_path: Path) -> None:
    await imported(library, tmp_path / "a.mrc", ORIGINAL, TRANSLATION, UNIFORM, SELECTION, OTHER_SELECTION, *VOLUMES)
    found = (await library.catalogue.search(Query(words="көк дала", spoken="kk"))).records
    assert found[0].title == "Көк дала"
    assert {(one.title, one.language) for one in found[0].expressions} == {
        ("Синяя степь", "ru"), ("The Blue Steppe", "en"),
    }  # fmt: skip
    assert len(await ids(library, "жинақ ертаев")) == 1  # any author may have selections
    volumes = await library.catalogue.series((await ids(library, "хан кене"))[0])
    assert volumes is not None and volumes.is_work and [one.number for one in volumes.volumes] == [1, 2]
    following = await library.catalogue.next_in_series(volumes.volumes[0].record.id)
    assert following is not None and following.id == volumes.volumes[1].record.id


async def test_what_staff_say_stays_at_the_next_import(library: OpenedLibrary, tmp_path: Path) -> None:
    await imported(library, tmp_path / "a.mrc", ORIGINAL, TRANSLATION, SELECTION)
    original, translation = await ids(library, "көк дала")
    (selection,) = await ids(library, "жинақ ертаев")
    await library.staff.works.part(translation, actor="test")
    await library.staff.works.join([original, selection], actor="test")
    changed = record(
        ("100", "a", "Ертаев, Серик"),
        ("245", "a", "Синяя степь"),
        ("765", "t", "Көк дала"),
        ("300", "a", "9 с."),
        number="2",
    )
    await imported(library, tmp_path / "b.mrc", changed, ORIGINAL)
    assert [one.id for one in await library.catalogue.expressions(translation)] == [translation]
    assert {one.id for one in await library.catalogue.expressions(original)} == {original, selection}
    await library.staff.works.forget(translation)
    assert len(await library.catalogue.expressions(original)) == 3


async def test_only_records_that_there_are_can_be_corrected(library: OpenedLibrary) -> None:
    with pytest.raises(NotFound):
        await library.staff.works.join(["none", "neither"], actor="test")
    with pytest.raises(NotFound):
        await library.staff.works.part("none", actor="test")
    for asked in (library.catalogue.expressions, library.catalogue.similar, library.catalogue.series):
        with pytest.raises(NotFound):
            await asked("none")

"""Searching a real Zebra server that compares letters as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from pymarc import Field, Indicators, Record, Subfield

from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.connectors.sru.catalogue import sru_catalogue
from catalogue_client.connectors.sru.settings import VERSIONS, SruSettings
from catalogue_client.errors import NotFound, Unavailable
from catalogue_client.protocols import Catalogue
from catalogue_client.values.bibliographic import Query
from tests.rig.zebra_server import Zebra

pytestmark = pytest.mark.real


def marc(number: int, *fields: tuple[str, ...]) -> Record:
    told = [Field(tag="001", data=str(number))]
    for tag, *parts in fields:
        subfields = [Subfield(code, value) for code, value in zip(parts[::2], parts[1::2], strict=True)]
        told.append(Field(tag=tag, indicators=Indicators(" ", " "), subfields=subfields))
    return Record(fields=told, leader="00000nam a2200000 i 4500")


def marc21(number: int, title: str, author: str, language: str, year: int, *copies: tuple[str, ...]) -> Record:
    return marc(
        number,
        ("041", "a", language),
        ("100", "a", author),
        ("245", "a", title),
        ("260", "c", str(year)),
        *(("952", *copy) for copy in copies),
    )


RECORDS = [
    marc21(1, "Абай жолы", "Әуезов, Мұхтар", "kaz", 2013, ("b", "KZ"), ("b", "KZ", "q", "2026-12-01"), ("b", "FIL")),
    marc(2, ("101", "a", "rus"), ("200", "a", "Путь Абая"), ("210", "d", "2007"),
         ("700", "a", "Ауэзов", "g", "Мухтар"), ("899", "a", "KZ")),
    marc21(3, "Көшпенділер", "Есенберлин, Ілияс", "kaz", 2025),
    marc21(4, "Ёлка и звёзды", "Ёлкин, Пётр", "rus", 2026),
    *(marc21(100 + n, f"Қазақ ертегілері, {n}-том", "Халық", "kaz", 1990 + n % 30) for n in range(60)),
]  # fmt: skip


@pytest.fixture(scope="module")
def zebra() -> Iterator[Zebra]:
    server = Zebra(RECORDS)
    yield server
    server.stop()


@pytest.fixture(params=VERSIONS)
async def catalogue(zebra: Zebra, request: pytest.FixtureRequest) -> AsyncIterator[SearchedCatalogue]:
    settings = SruSettings(zebra.url, version=request.param, page=7, places={"KZ": "Орталық кітапхана"})
    async with sru_catalogue(settings) as opened:
        yield opened


async def ids(catalogue: Catalogue, **asked: object) -> list[str]:
    return [record.id for record in (await catalogue.search(Query(**asked))).records]  # type: ignore[arg-type]


async def test_a_record_is_found_described_and_placed(catalogue: SearchedCatalogue) -> None:
    found = await catalogue.search(Query(title="абай жолы"))
    assert found.sure and found.total == 1
    record = found.records[0]
    assert (record.title, record.author, record.language, record.year) == ("Абай жолы", "Мұхтар Әуезов", "kk", 2013)
    assert [(shelf.place_id, shelf.place, shelf.copies) for shelf in record.available] == [
        ("KZ", "Орталық кітапхана", 1),
        ("FIL", "FIL", 1),
    ]
    assert await catalogue.record("1") == record
    assert [shelf.place_id for shelf in await catalogue.shelves("1", near="FIL")] == ["FIL", "KZ"]


async def test_one_author_in_two_spellings_and_two_formats_of_record(catalogue: SearchedCatalogue) -> None:
    assert set(await ids(catalogue, author="Ауезов")) == {"1", "2"}
    assert set(await ids(catalogue, author="әуезов")) == {"1", "2"}


async def test_all_pages_are_fetched(catalogue: SearchedCatalogue) -> None:
    found = await catalogue.search(Query(title="қазақ ертегілері", limit=100))
    assert found.total == len(found.records) == 60
    assert len(await ids(catalogue, title="казак ертегілері", limit=100)) == 60


async def test_language_and_years_restrict(catalogue: SearchedCatalogue) -> None:
    assert await ids(catalogue, words="мухтар", language="ru") == ["2"]
    assert await ids(catalogue, words="ертегілері", years=(1990, 1990), limit=5) == ["100", "130"]


async def test_a_word_that_is_wrong_does_not_hide_the_rest(catalogue: SearchedCatalogue) -> None:
    found = await catalogue.search(Query(words="путь абзая"))
    assert found.records[0].id == "2" and found.sure
    found = await catalogue.search(Query(words="путь мухтара"))
    assert found.records[0].id == "2" and not found.sure and found.did_you_mean == "Путь Абая"


async def test_every_hypothesis_counts(catalogue: SearchedCatalogue) -> None:
    assert await ids(catalogue, words="кош бендер", alternatives=("көшпенділер",)) == ["3"]


async def test_new_records_come_newest_first(catalogue: SearchedCatalogue) -> None:
    assert [record.id for record in (await catalogue.new_records()).records] == ["4", "3"]


@pytest.mark.parametrize(
    "words",
    ['" or cql.allRecords=1 or "', "абай*", "/regexp", 'a" sortBy dc.date', "(((", "and or not", "х" * 10_000, ""],
)
async def test_nothing_said_is_an_operator(catalogue: SearchedCatalogue, words: str) -> None:
    assert len(await ids(catalogue, words=words)) < 10


async def test_what_is_not_there_is_not_found(catalogue: SearchedCatalogue) -> None:
    assert await ids(catalogue, words="xyzzy") == []
    for number in ("999999", '1" or rec.id="2', ""):
        with pytest.raises(NotFound):
            await catalogue.record(number)


async def test_restrictions_the_server_cannot_do_are_done_here(zebra: Zebra) -> None:
    async with sru_catalogue(SruSettings(zebra.url, date="no.such", language="no.such")) as catalogue:
        assert await ids(catalogue, words="мухтар", language="ru", years=(2000, 2010)) == ["2"]


async def test_a_data_base_that_is_not_there_is_away(zebra: Zebra) -> None:
    async with sru_catalogue(SruSettings(zebra.url + "/none/such")) as catalogue:
        with pytest.raises(Unavailable):
            await catalogue.search(Query(words="абай"))

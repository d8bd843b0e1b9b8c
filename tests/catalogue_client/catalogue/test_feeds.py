"""Sources of the settings: how they are written, and an OAI-PMH server on good and bad days."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue_client.catalogue.sync import oai
from catalogue_client.catalogue.sync.feed import Feed, feed_from
from catalogue_client.catalogue.sync.feed_runs import run_feed
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.catalogue.oai_server import Repository, serving


def test_a_source_is_read_as_it_is_written() -> None:
    assert feed_from("main=/srv/a b; at 03:30; encoding kz1048; changes") == Feed(
        "main", "/srv/a b", "03:30", "kz1048", True
    )
    server = feed_from("city = https://x.example/oai?a=b; set books; prefix marc21")
    assert (server.is_oai, server.where, server.set_name, server.prefix) == (
        True,
        "https://x.example/oai?a=b",
        "books",
        "marc21",
    )


@pytest.mark.parametrize(
    "text", ["/srv", "=x", "Main=/srv", "a=", "a=/s; at 25:00", "a=/s; encoding cp1", "a=/s; often", "a=/s; changes 1"]
)
def test_a_source_that_cannot_be_is_refused_with_what_may_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|must be followed|no option|must be one of"):
        feed_from(text)


@pytest.fixture
def repository() -> Repository:
    return Repository({n: f"Алыстағы кітап {n}" for n in range(1, 6)})


@pytest.fixture
def address(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(oai, "WAIT_S", 0.01)
    with serving(repository) as url:
        yield url


async def harvested(library: OpenedLibrary, url: str, **how: bool) -> SyncReport:
    return await run_feed(library.staff.new_synchroniser(), Feed("city", url), **how)


async def there(library: OpenedLibrary) -> set[str]:
    found = await library.catalogue.search(Query(words="алыстағы кітап", limit=50))
    return {record.title for record in found.records if record.title.startswith("Алыстағы")}


async def test_pages_deletions_and_changes(library: OpenedLibrary, repository: Repository, address: str) -> None:
    assert (await harvested(library, address)).new == 5
    assert [asked.get("resumptionToken") for asked in repository.asked] == [None, None, "2", "4"]
    repository.asked.clear()
    repository.titles = {2: "Алыстағы кітап екі"}
    repository.deleted = {3, 9}
    report = await harvested(library, address)
    assert (report.changed, report.deleted, report.refusals) == (1, 1, [])
    assert repository.asked[1]["from"] == "2026-12-01T05:00:00Z"
    assert await there(library) == {f"Алыстағы кітап {n}" for n in (1, 4, 5)} | {"Алыстағы кітап екі"}
    repository.titles.clear()
    repository.deleted.clear()
    assert (await harvested(library, address)).deleted == 0  # nothing has changed


async def test_a_server_without_deletions_is_compared_as_a_whole(
    library: OpenedLibrary, repository: Repository, address: str
) -> None:
    repository.tells_deletions = False
    await harvested(library, address)
    del repository.titles[4]
    assert (await harvested(library, address)).deleted == 1
    assert "from" not in repository.asked[-1]
    repository.fault = "garbage"
    cut = await harvested(library, address)
    assert (cut.deleted, cut.held_back, cut.cut) == (0, 2, [address])


@pytest.mark.parametrize("fault", ["repeats", "garbage", "bomb"])
async def test_a_harvest_that_breaks_keeps_what_it_has_and_goes_on(
    library: OpenedLibrary, repository: Repository, address: str, fault: str
) -> None:
    repository.fault = fault
    report = await harvested(library, address)
    assert report.cut == [address] and len(report.refusals) == 1 and report.new >= 2
    repository.fault = ""
    repository.asked.clear()
    again = await harvested(library, address)
    assert repository.asked[1].get("resumptionToken"), "it goes on with the page that it had reached"
    assert not again.cut and len(await there(library)) == 5


@pytest.mark.parametrize("fault", ["503 once", "stale"])
async def test_a_passing_trouble_is_passed_over(
    library: OpenedLibrary, repository: Repository, address: str, fault: str
) -> None:
    repository.fault = fault
    report = await harvested(library, address)
    assert (report.refusals, report.cut) == ([], []) and len(await there(library)) == 5


async def test_a_server_that_lies_about_its_count_is_found_out(
    library: OpenedLibrary, repository: Repository, address: str
) -> None:
    repository.fault = "short"
    (refusal,) = (await harvested(library, address)).refusals
    assert refusal.reason == "the server spoke of 1000 records and gave 5"


async def test_a_server_that_is_away_is_a_sentence(library: OpenedLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "WAIT_S", 0.01)
    report = await harvested(library, "http://127.0.0.1:9/oai")
    assert "cannot be harvested" in report.refusals[0].reason and report.fruitless
    with pytest.raises(NotFound):
        await library.catalogue.record("none")

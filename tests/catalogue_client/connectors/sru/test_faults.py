"""What bad servers answer, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.connectors.sru.answers import Unsupported, read_page
from catalogue_client.connectors.sru.catalogue import sru_catalogue
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.errors import BadAnswer, LibraryError, Unavailable
from catalogue_client.values.bibliographic import Query

MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
    '<controlfield tag="001">7</controlfield><datafield tag="245" ind1=" " ind2=" "><subfield code="a">Абай'
    "</subfield></datafield></record>"
)
SPACES = ("http://www.loc.gov/zing/srw/", "http://docs.oasis-open.org/ns/search-ws/sruResponse")


def response(inside: str, total: str = "1", space: str = SPACES[0]) -> str:
    return (
        f'<zs:searchRetrieveResponse xmlns:zs="{space}"><zs:numberOfRecords>{total}</zs:numberOfRecords>'
        f"{inside}</zs:searchRetrieveResponse>"
    )


def record(data: str) -> str:
    return f"<zs:records><zs:record><zs:recordData>{data}</zs:recordData></zs:record></zs:records>"


def diagnostic(number: int) -> str:
    return (
        '<zs:diagnostics><diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/">'
        f"<uri>info:srw/diagnostic/1/{number}</uri><message>no</message></diagnostic></zs:diagnostics>"
    )


Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(answer: Answers, answer_s: float = 5.0) -> AsyncIterator[SearchedCatalogue]:
    app = web.Application()
    app.router.add_get("/db", answer)
    async with (
        TestServer(app) as server,
        sru_catalogue(SruSettings(str(server.make_url("/db")), answer_s=answer_s)) as catalogue,
    ):
        yield catalogue


def text(body: str, status: int = 200, **headers: str) -> Answers:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, status=status, headers=headers)

    return answer


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("packed", [MARC, MARC.replace("<", "&lt;")])
def test_records_come_in_either_namespace_and_packing(space: str, packed: str) -> None:
    page = read_page(response(record(packed), space=space).encode())
    assert [one["245"]["a"] for one in page.records] == ["Абай"]


def test_a_diagnostic_in_place_of_a_record_is_left_out() -> None:
    page = read_page(response(record("<diagnostic><uri>info:srw/diagnostic/1/64</uri></diagnostic>")).encode())
    assert (page.given, page.records) == (1, ())


def test_past_the_end_is_no_fault() -> None:
    assert read_page(response(diagnostic(61), "2").encode()).total == 2


@pytest.mark.parametrize(("number", "error"), [(10, Unsupported), (16, Unsupported), (2, Unavailable)])
def test_diagnostics_in_a_good_answer_are_errors(number: int, error: type[LibraryError]) -> None:
    with pytest.raises(error, match=str(number)):
        read_page(response(diagnostic(number), "0").encode())


@pytest.mark.parametrize("number", [1, 60, 80])
def test_a_warning_beside_records_costs_none_of_them(number: int) -> None:
    page = read_page(response(record(MARC) + diagnostic(number)).encode())
    assert len(page.records) == 1


@pytest.mark.parametrize("bad", ["\x01", "\x1f", "&#1;", "&#x1F;", "&#x0;"])
def test_a_control_character_costs_itself(bad: str) -> None:
    page = read_page(response(record(MARC.replace("Абай", f"Аб{bad}ай"))).encode())
    assert [one["245"]["a"] for one in page.records] == ["Абай"]


@pytest.mark.parametrize(
    ("said", "total"), [("1 000", 1000), ("1,000", 1000), ("1\u00a0000", 1000), ("", None), ("many", None)]
)
def test_a_number_of_records_is_read_or_done_without(said: str, total: int | None) -> None:
    assert read_page(response(record(MARC), said).encode()).total == total


def page_of(request: web.Request, most: int) -> tuple[int, int]:
    return int(request.query["startRecord"]), min(most, int(request.query["maximumRecords"]))


@pytest.mark.parametrize("total", ["100", ""])
async def test_a_fault_behind_good_records_keeps_them(total: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        start, count = page_of(request, 10)
        if start > 30:
            return web.Response(text=response(diagnostic(60), "100"))
        numbered = (MARC.replace(">7<", f">{number}<") for number in range(start, start + count))
        inside = "".join(f"<zs:record><zs:recordData>{one}</zs:recordData></zs:record>" for one in numbered)
        return web.Response(text=response(f"<zs:records>{inside}</zs:records>", total))

    async with answering(answer) as catalogue:
        found = await catalogue.search(Query(words="абай", limit=100))
    assert {record.id for record in found.records} == {str(number) for number in range(1, 31)}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + response(record("&b;"))
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + response(record("&a;"))


@pytest.mark.parametrize(
    "body",
    [BOMB, OUTSIDE, response(record(MARC))[:-40], "<html><body>Hello</body></html>", "", "\x00", response("", "many"),
     response("", "²"), "<a>" * 50_000],
)  # fmt: skip
async def test_what_is_no_answer_is_told_so(body: str) -> None:
    async with answering(text(body)) as catalogue:
        with pytest.raises(BadAnswer):
            await catalogue.search(Query(words="абай"))


@given(st.binary(max_size=300))
def test_any_bytes_are_an_error_of_ours(noise: bytes) -> None:
    with pytest.raises(LibraryError):
        read_page(noise)


@pytest.mark.parametrize("status", [404, 429, 500, 503])
async def test_other_answers_than_200_mean_away(status: int) -> None:
    async with answering(text("<html>no</html>", status)) as catalogue:
        with pytest.raises(Unavailable, match=str(status)):
            await catalogue.search(Query(words="абай"))


async def test_a_line_that_breaks_once_is_tried_again() -> None:
    tried = []

    async def answer(request: web.Request) -> web.Response:
        tried.append(request.query["query"])
        if len(tried) == 1:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(text=response(record(MARC)))

    async with answering(answer) as catalogue:
        assert [one.id for one in (await catalogue.search(Query(words="абай"))).records] == ["7"]
    assert len(tried) == 2


async def test_a_server_that_hangs_is_away() -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async with answering(answer, answer_s=0.2) as catalogue:
        with pytest.raises(Unavailable, match="TimeoutError"):
            await catalogue.search(Query(words="абай"))


async def test_a_server_that_gives_the_same_page_for_ever_is_left() -> None:
    async with answering(text(response(record(MARC), "100000"))) as catalogue:
        assert len((await catalogue.search(Query(words="абай"))).records) == 1


@pytest.mark.parametrize(("url", "version"), [("library:210", "1.1"), ("http://library/", "3.0")])
def test_settings_that_cannot_work_say_why(url: str, version: str) -> None:
    with pytest.raises(ValueError, match="SRU"):
        SruSettings(url, version=version)

"""Search, copies, readers, loans and holds on ИРБИС64, and what a bad server costs: never a doubled or lost hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue_client.connectors.irbis.catalogue import expression_of, irbis_catalogue
from catalogue_client.connectors.irbis.circulation import IrbisCirculation, irbis_circulation
from catalogue_client.connectors.irbis.records import IrbisRecord, marc_of, record_of, written
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.pin_attempts import CLOSED_FOR, MOST_WRONG, PinAttempts
from catalogue_client.connectors.searched_catalogue import SearchedCatalogue
from catalogue_client.errors import (
    BadAnswer,
    Locked,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    WrongTicketOrPin,
)
from catalogue_client.values.bibliographic import Query
from tests.rig.irbis_server import PASSWORD, PIN, TICKET, USER, IrbisServer

ABAI = "84(5Каз)/Ә82"
PLACES = {"KZ": "Орталық кітапхана", "FIL": "№ 4 кітапхана"}


def settings(port: int, **changes: object) -> IrbisSettings:
    told = {"user": USER, "password": PASSWORD, "answer_s": 0.5, "places": PLACES} | changes
    return IrbisSettings("127.0.0.1", port, **told)  # type: ignore[arg-type]


@pytest.fixture
def server() -> IrbisServer:
    return IrbisServer()


@pytest.fixture
async def catalogue(server: IrbisServer) -> AsyncIterator[SearchedCatalogue]:
    async with server.serving() as port, irbis_catalogue(settings(port)) as opened:
        yield opened


@pytest.fixture
async def circulation(server: IrbisServer) -> AsyncIterator[IrbisCirculation]:
    async with server.serving() as port, irbis_circulation(settings(port)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "title"),
    [(Query(words="абай жолы"), "Абай жолы"), (Query(author="Ауэзов"), "Абай жолы"),
     (Query(title="капитанская дочка"), "Капитанская дочка"),
     (Query(words="есенберлин көшпенділер"), "Көшпенділер"), (Query(words="абай жалы"), "Абай жолы")],
)  # fmt: skip
async def test_books_are_found_by_what_is_said(catalogue: SearchedCatalogue, query: Query, title: str) -> None:
    assert [record.title for record in (await catalogue.search(query)).records] == [title]


async def test_what_is_new_is_asked_by_its_year(catalogue: SearchedCatalogue, server: IrbisServer) -> None:
    server.databases["IBIS"][4] = ["903#1", "200#^AЖаңа кітап", "101#kaz", f"210#^D{date.today().year}"]
    assert [record.title for record in (await catalogue.new_records()).records] == ["Жаңа кітап"]


async def test_copies_are_where_they_can_be_taken(catalogue: SearchedCatalogue) -> None:
    record = await catalogue.record(ABAI)
    assert (record.id, record.author, record.language, record.year) == (ABAI, "Мұхтар Әуезов", "kk", 2013)
    assert [(shelf.place, shelf.copies) for shelf in record.available] == [("Орталық кітапхана", 1)], "one is lent"
    grouped = (await catalogue.search(Query(title="көшпенділер"))).records[0]
    assert [(shelf.place_id, shelf.copies) for shelf in grouped.available] == [("FIL", 2)], "five, three lent"
    lost = (await catalogue.search(Query(title="капитанская дочка"))).records[0]
    assert lost.available == ()
    with pytest.raises(NotFound):
        await catalogue.record("no such code")


async def test_a_reader_is_told_by_ticket_and_pin(circulation: IrbisCirculation) -> None:
    assert (await circulation.identify(TICKET, PIN, "line 1")).name == "Наталья Ким"
    for ticket, pin in ((TICKET, "0000"), (TICKET, ""), ("1", PIN), ("100004", ""), ('1" + "RI=100003', PIN)):
        with pytest.raises(WrongTicketOrPin):
            await circulation.identify(ticket, pin, f"line {ticket}{pin}")


async def test_wrong_pins_close_a_ticket_and_a_line(circulation: IrbisCirculation) -> None:
    for number in range(MOST_WRONG):
        with pytest.raises(WrongTicketOrPin):
            await circulation.identify(TICKET, "0000", f"line {number}")
    with pytest.raises(Locked):
        await circulation.identify(TICKET, PIN, "another line")


def test_a_closed_ticket_opens_again() -> None:
    now = datetime(2026, 12, 1)
    attempts = PinAttempts(lambda: now)
    for _ in range(MOST_WRONG):
        attempts.wrong(TICKET, "line 1")
    with pytest.raises(Locked):
        attempts.check("another", "line 1")
    now += CLOSED_FOR + timedelta(seconds=1)
    attempts.check(TICKET, "line 1")


async def test_loans_are_what_was_not_given_back(circulation: IrbisCirculation) -> None:
    first, second = await circulation.loans(TICKET)
    assert (first.id, first.title, first.due) == ("B7", "Капитанская дочка", date(2026, 12, 4))
    assert (second.title, second.due) == ("Көшпенділер", None), "a date that is none hides no loan"
    with pytest.raises(Refused, match="ask_staff"):
        await circulation.renew(TICKET, "B7", key="1")
    with pytest.raises(NotFound):
        await circulation.loans("1")


async def test_a_hold_is_placed_listed_and_cancelled(circulation: IrbisCirculation, server: IrbisServer) -> None:
    hold = await circulation.place_hold(TICKET, ABAI, "KZ", key="1")
    assert (hold.title, hold.place, hold.record_id) == ("Абай жолы", "Орталық кітапхана", ABAI)
    assert await circulation.holds(TICKET) == (hold,)
    with pytest.raises(Refused, match="already_held"):
        await circulation.place_hold(TICKET, ABAI, "KZ", key="2")
    assert (await circulation.cancel_hold(TICKET, hold.id, key="3")).status == "cancelled"
    assert await circulation.holds(TICKET) == () and ("RQST", 1) in server.deleted


async def test_refusals_name_the_rule(circulation: IrbisCirculation, server: IrbisServer) -> None:
    with pytest.raises(Refused, match="already_loaned"):
        await circulation.place_hold(TICKET, "84(2)/П91", "KZ", key="1")
    for record_id, place in (("nothing", "KZ"), (ABAI, "nowhere")):
        with pytest.raises(NotFound):
            await circulation.place_hold(TICKET, record_id, place, key=record_id)
    server.read_only = {"RQST"}
    with pytest.raises(Refused, match="ask_staff"):
        await circulation.place_hold(TICKET, ABAI, "KZ", key="2")


@pytest.mark.parametrize("fault", ["lost request", "lost answer", "hang", "half", "garbage"])
async def test_without_an_answer_nothing_is_done_twice(
    circulation: IrbisCirculation, server: IrbisServer, fault: str
) -> None:
    server.faults = [("D", fault)]
    hold = await circulation.place_hold(TICKET, ABAI, "KZ", key="1")
    assert server.written == 1
    server.faults = [("D", fault)]
    assert (await circulation.cancel_hold(TICKET, hold.id, key="2")).status == "cancelled"
    assert server.written == 2 and await circulation.holds(TICKET) == ()


@pytest.mark.parametrize("fault", ["lost request", "hang", "half", "garbage"])
async def test_a_bad_server_is_reported(circulation: IrbisCirculation, server: IrbisServer, fault: str) -> None:
    server.faults = [("K", fault)] * 3
    with pytest.raises((Unavailable, BadAnswer)):
        await circulation.loans(TICKET)


async def test_a_server_that_goes_while_a_hold_is_placed_leaves_it_unknown(
    circulation: IrbisCirculation, server: IrbisServer
) -> None:
    await circulation.loans(TICKET)
    server.faults = [("D", "lost request"), ("K", "half")]
    with pytest.raises(OutcomeUnknown):
        await circulation.place_hold(TICKET, ABAI, "KZ", key="1")
    assert server.written == 0


async def test_a_forgotten_session_is_opened_again(circulation: IrbisCirculation, server: IrbisServer) -> None:
    await circulation.loans(TICKET)
    server.sessions.clear()
    assert len(await circulation.loans(TICKET)) == 2


async def test_a_wrong_password_of_ours_says_so(server: IrbisServer) -> None:
    async with server.serving() as port, irbis_circulation(settings(port, password="no")) as opened:
        with pytest.raises(Unavailable, match="user and password of the settings"):
            await opened.loans(TICKET)


async def test_a_count_that_lies_finds_what_there_is(catalogue: SearchedCatalogue, server: IrbisServer) -> None:
    server.faults = [("K", "lies")]
    assert len((await catalogue.search(Query(words="а"))).records) <= 3


@given(st.text(max_size=60))
def test_no_word_brings_an_operator_in(said: str) -> None:
    IrbisServer()._find("IBIS", expression_of(Query(words=said, title=said, author=said), every=True))


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_lines_are_a_record_or_an_error_of_ours(lines: list[str]) -> None:
    try:
        marc_of(record_of(lines))
    except BadAnswer:
        return


@given(st.text())
def test_what_is_written_is_one_field(text: str) -> None:
    line = IrbisRecord(0, 0, 0, ((201, written(text)),)).lines()[2]
    assert not set(line) & set("^\r\n\x1e\x1f") and record_of(["1#0", "0#1", line]).first(201) == written(text)


def test_pins_never_go_readable_through_a_network() -> None:
    with pytest.raises(ValueError, match="allow_plain_text"):
        IrbisSettings("library.example", user="a", password="b")

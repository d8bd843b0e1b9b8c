"""Readers, loans and holds on Koha, and nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from aiohttp.test_utils import TestServer

from catalogue_client.connectors.koha.api import PermissionMissing
from catalogue_client.connectors.koha.circulation import KohaCirculation, koha_circulation
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.errors import NotFound, OutcomeUnknown, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.protocols import Circulation
from tests.rig.koha_server import PIN, TICKET, KohaServer

UNANSWERED = ["lost request", "lost answer", "500"]


@pytest.fixture
def system() -> KohaServer:
    return KohaServer()


@pytest.fixture
async def koha(system: KohaServer) -> AsyncIterator[KohaCirculation]:
    async with (
        TestServer(system.app()) as server,
        koha_circulation(KohaSettings(str(server.make_url("")), "dauys", "secret")) as circulation,
    ):
        yield circulation


async def test_a_reader_is_told_by_ticket_and_pin(koha: Circulation) -> None:
    assert (await koha.identify(TICKET, PIN, "line 1")).name == "Наталья"
    for ticket, pin in ((TICKET, "0000"), ("1", PIN), ("natalya", PIN)):
        with pytest.raises(WrongTicketOrPin):
            await koha.identify(ticket, pin, "line 1")


async def test_loans_say_how_often_they_can_be_renewed(koha: Circulation) -> None:
    first, second = await koha.loans(TICKET)
    assert (first.title, first.due, first.renewals_left, first.renewable) == ("Книга 11", date(2026, 12, 4), 2, True)
    assert (second.renewable, second.why_not) == (False, "no_renewals_left")
    with pytest.raises(NotFound):
        await koha.loans("1")


async def test_a_hold_is_placed_listed_and_cancelled(koha: Circulation, system: KohaServer) -> None:
    hold = await koha.place_hold(TICKET, "10", "KZ", key="1")
    assert (hold.title, hold.place, hold.status, hold.position) == ("Книга 10", "Орталық кітапхана", "waiting", 1)
    assert await koha.holds(TICKET) == (hold,)
    assert (await koha.cancel_hold(TICKET, hold.id, key="2")).status == "cancelled" and system.holds == {}


async def test_refusals_name_the_rule(koha: Circulation, system: KohaServer) -> None:
    system.holds = {7: 12, 8: 13, 9: 14}
    for record_id, rule in (("10", "too_many_holds"), ("12", "already_held")):
        with pytest.raises(Refused, match=rule):
            await koha.place_hold(TICKET, record_id, "KZ", key=record_id)
    with pytest.raises(Refused, match="no_renewals_left"):
        await koha.renew(TICKET, "2", key="r")


@pytest.mark.parametrize(
    ("word", "rule"),
    [("tooManyReserves", "too_many_holds"), ("itemAlreadyOnHold", "already_held"),
     ("alreadypossession", "already_loaned"),
     ("notforloan", "reading_room_only"), ("ageRestricted", "ask_staff"), ("a word of next year", "ask_staff")],
)  # fmt: skip
async def test_a_refusal_is_read_out_of_its_sentence(
    koha: Circulation, system: KohaServer, word: str, rule: str
) -> None:
    system.refusal = word
    with pytest.raises(Refused, match=rule):
        await koha.place_hold(TICKET, "10", "KZ", key="1")


async def test_what_staff_must_agree_to_first_is_said_so(koha: Circulation, system: KohaServer) -> None:
    system.holds, system.staff_agree_first = {7: 12}, True
    with pytest.raises(Refused, match="ask_staff"):
        await koha.cancel_hold(TICKET, "7", key="1")


async def test_twenty_loans_are_four_requests_and_three_later(koha: Circulation, system: KohaServer) -> None:
    system.due = dict.fromkeys(range(1, 21), date(2026, 12, 4))
    loans = await koha.loans(TICKET)
    assert [loan.title for loan in loans] == [f"Книга {10 + number}" for number in range(1, 21)]
    assert len(system.asked) == 4, system.asked
    assert await koha.loans(TICKET) == loans and len(system.asked) == 7


async def test_each_kind_of_item_has_renewals_of_its_own(koha: Circulation, system: KohaServer) -> None:
    system.kinds = {2: "DVD"}
    await koha.loans(TICKET)
    assert len([asked for asked in system.asked if asked.endswith("allows_renewal")]) == 2


@pytest.mark.parametrize(("lists", "embeds"), [(True, False), (False, False), (False, True)])
async def test_an_older_koha_is_asked_otherwise(
    koha: Circulation, system: KohaServer, lists: bool, embeds: bool
) -> None:
    system.has_lists_of_biblios, system.embeds, system.holds = lists, embeds, {7: 12, 8: 13}
    assert [loan.title for loan in await koha.loans(TICKET)] == ["Книга 11", "Книга 12"]
    assert [hold.title for hold in await koha.holds(TICKET)] == ["Книга 12", "Книга 13"]


@pytest.mark.parametrize("due", [None, "soon", "2026-13-45T00:00:00"])
async def test_a_loan_without_a_date_hides_no_other(koha: Circulation, system: KohaServer, due: str | None) -> None:
    system.due[1] = due
    assert [(loan.title, loan.due) for loan in await koha.loans(TICKET)] == [
        ("Книга 11", None),
        ("Книга 12", date(2026, 12, 4)),
    ]


@pytest.mark.parametrize("permission", ["borrowers", "catalogue", "circulate", "reserveforothers"])
async def test_a_permission_that_lacks_is_named(koha: Circulation, system: KohaServer, permission: str) -> None:
    system.granted.remove(permission)
    with pytest.raises(PermissionMissing, match=permission):
        await koha.identify(TICKET, PIN, "line 1")
        await koha.loans(TICKET)
        await koha.place_hold(TICKET, "10", "KZ", key="1")


async def test_unknown_things_are_not_found(koha: Circulation) -> None:
    for record_id, place in (("10", "no such"), ("../patrons", "KZ")):
        with pytest.raises(NotFound):
            await koha.place_hold(TICKET, record_id, place, key=record_id)
    with pytest.raises(NotFound):
        await koha.cancel_hold(TICKET, "7", key="c")


@pytest.mark.parametrize("fault", UNANSWERED)
async def test_without_an_answer_nothing_is_done_twice(koha: Circulation, system: KohaServer, fault: str) -> None:
    system.faults = [fault]
    hold = await koha.place_hold(TICKET, "10", "KZ", key="1")
    assert system.placed == 1
    system.faults = [fault]
    assert (await koha.renew(TICKET, "1", key="2")).due == date(2026, 12, 18) and system.renewals[1] == 1
    system.faults = [fault]
    assert (await koha.cancel_hold(TICKET, hold.id, key="3")).status == "cancelled" and system.holds == {}


async def test_all_are_renewed_that_can_be(koha: Circulation) -> None:
    assert [(one.loan.id, one.renewed) for one in await koha.renew_all(TICKET, key="1")] == [("1", True), ("2", False)]


@pytest.mark.parametrize("status", ["429", "503"])
async def test_a_koha_that_is_shut_is_away_and_the_key_may_try_again(
    koha: Circulation, system: KohaServer, status: str
) -> None:
    system.faults = [status]
    with pytest.raises(Unavailable):
        await koha.place_hold(TICKET, "10", "KZ", key="1")
    assert (await koha.place_hold(TICKET, "10", "KZ", key="1")).record_id == "10"


async def test_what_cannot_be_seen_is_unknown(koha: Circulation, system: KohaServer) -> None:
    system.faults = ["lost request", "lost request"]
    with pytest.raises(OutcomeUnknown):
        await koha.place_hold(TICKET, "10", "KZ", key="1")
    assert system.placed == 0


@pytest.mark.parametrize("url", ["http://koha.example", "koha.example"])
def test_pins_never_go_readable_through_a_network(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        KohaSettings(url, "dauys", "secret")

"""Readers, loans and holds against pysip2's server."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from catalogue_client.connectors.sip2.circulation import sip2_circulation
from catalogue_client.errors import KeyReused, NotFound, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.protocols import Circulation
from tests.catalogue_client.connectors.sip2.conftest import Branch, settings
from tests.rig.sip2_server import PIN, TICKET, TITLES, LibrarySystem


def test_it_is_a_circulation(branch: Branch) -> None:
    circulation: Circulation = branch.circulation
    assert circulation


async def test_a_reader_is_told_by_ticket_and_pin(branch: Branch) -> None:
    assert (await branch.circulation.identify(TICKET, PIN, "line 1")).name == "Наталья"


@pytest.mark.parametrize(
    ("ticket", "pin"), [(TICKET, "0000"), ("999999", PIN), (TICKET, ""), ("", PIN), ("1|AD", PIN), (TICKET, "1\r63")]
)
async def test_a_wrong_ticket_and_a_wrong_pin_are_one_answer(branch: Branch, ticket: str, pin: str) -> None:
    with pytest.raises(WrongTicketOrPin):
        await branch.circulation.identify(ticket, pin, "line 1")


async def test_loans_come_page_by_page_with_title_and_due_date(branch: Branch) -> None:
    branch.system.loans |= dict.fromkeys(TITLES, date(2026, 12, 1))
    loans = await branch.circulation.loans(TICKET)
    assert {loan.id: loan.title for loan in loans} == TITLES
    assert {loan.due for loan in loans} == {date(2026, 12, 1)}
    pages = [frame for frame in branch.line.frames if frame.startswith(b"63")]
    assert len(pages) == 3  # five loans, two a page


async def test_a_hold_is_placed_listed_and_cancelled(branch: Branch) -> None:
    hold = await branch.circulation.place_hold(TICKET, "B1", "KZ", key="a")
    assert (hold.title, hold.place, hold.status, hold.position) == ("Абай жолы", "Орталық кітапхана", "waiting", 1)
    branch.system.ready.append("B2")
    assert [(one.id, one.status) for one in await branch.circulation.holds(TICKET)] == [
        ("B2", "ready"),
        ("B1", "waiting"),
    ]
    assert (await branch.circulation.cancel_hold(TICKET, hold.id, key="b")).status == "cancelled"
    assert branch.system.waiting == []


async def test_one_key_is_one_hold(branch: Branch) -> None:
    first, second = await asyncio.gather(
        *(branch.circulation.place_hold(TICKET, "B1", "KZ", key="a") for _ in range(2))
    )
    assert first == second and branch.system.placed == 1
    with pytest.raises(KeyReused):
        await branch.circulation.place_hold(TICKET, "B2", "KZ", key="a")


async def test_refusals_name_the_rule(branch: Branch) -> None:
    circulation = branch.circulation
    await circulation.place_hold(TICKET, "B1", "KZ", key="1")
    with pytest.raises(Refused, match="already_held"):
        await circulation.place_hold(TICKET, "B1", "KZ", key="2")
    branch.system.waiting += ["B2", "B5"]
    with pytest.raises(Refused, match="too_many_holds"):
        await circulation.place_hold(TICKET, "B4", "KZ", key="3")
    branch.system.fixed_loans.add("B3")
    with pytest.raises(Refused, match="no_renewals_left"):
        await circulation.renew(TICKET, "B3", key="4")


async def test_unknown_things_are_not_found(branch: Branch) -> None:
    circulation = branch.circulation
    with pytest.raises(NotFound):
        await circulation.place_hold(TICKET, "nothing", "KZ", key="1")
    with pytest.raises(NotFound):
        await circulation.place_hold(TICKET, "B1|AA100001", "KZ", key="2")
    with pytest.raises(NotFound):
        await circulation.cancel_hold(TICKET, "B1", key="3")
    with pytest.raises(NotFound):
        await circulation.renew(TICKET, "B1", key="4")
    with pytest.raises(NotFound):
        await circulation.loans("999999")


async def test_a_loan_is_renewed(branch: Branch) -> None:
    assert (await branch.circulation.renew(TICKET, "B4", key="1")).due == date(2026, 12, 18)


async def test_all_loans_are_renewed_that_can_be(branch: Branch) -> None:
    branch.system.fixed_loans.add("B3")
    outcomes = await branch.circulation.renew_all(TICKET, key="1")
    assert {outcome.loan.id: outcome.renewed for outcome in outcomes} == {"B3": False, "B4": True}


async def test_links_are_kept_and_never_more_than_allowed(branch: Branch) -> None:
    await asyncio.gather(*(branch.circulation.loans(TICKET) for _ in range(12)))
    assert sum(frame.startswith(b"93") for frame in branch.line.frames) <= 4


async def test_wrong_credentials_of_ours_say_so() -> None:
    async with LibrarySystem().serving() as port, sip2_circulation(settings(port, password="wrong")) as circulation:
        with pytest.raises(Unavailable, match="user and password of the settings"):
            await circulation.loans(TICKET)

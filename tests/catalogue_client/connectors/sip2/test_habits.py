"""What the systems in the field do where the standard is silent, and that no odd entry hides the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest

from catalogue_client.connectors.sip2.answers import count_of
from catalogue_client.connectors.sip2.circulation import Sip2Circulation, sip2_circulation
from catalogue_client.connectors.sip2.kept_pins import KEPT_S, KeptPins
from catalogue_client.connectors.sip2.messages import decode
from catalogue_client.errors import Refused, Unavailable
from tests.catalogue_client.connectors.sip2.bad_line import Fault
from tests.catalogue_client.connectors.sip2.conftest import Branch, settings
from tests.rig.sip2_server import HABITS, PIN, TICKET, TITLES, LibrarySystem

MONTH_FIRST = {"koha with a date format", "sirsidynix"}


@asynccontextmanager
async def opened(system: LibrarySystem, **changes: object) -> AsyncIterator[Sip2Circulation]:
    async with system.serving() as port, sip2_circulation(settings(port, **changes)) as circulation:
        yield circulation


@pytest.mark.parametrize("name", HABITS)
async def test_one_odd_copy_hides_no_other(name: str) -> None:
    system = LibrarySystem(HABITS[name], gone={"B1"}, dates={"B2": "in a fortnight", "B5": ""})
    system.loans |= {"B1": date(2026, 12, 9), "B2": date(2026, 12, 9), "B5": date(2026, 12, 9)}
    async with opened(system, month_first=name in MONTH_FIRST) as circulation:
        loans = await circulation.loans(TICKET)
    assert len(loans) == len(system.loans)
    listed_by_title = "title" in HABITS[name].entry and "barcode" not in HABITS[name].entry
    if listed_by_title:
        assert {loan.title for loan in loans} == {TITLES[barcode] for barcode in system.loans}
        assert {loan.record_id for loan in loans} == {""}
    else:
        dates = {loan.title: loan.due for loan in loans}
        assert dates[TITLES["B4"]] == date(2026, 12, 4) and dates[TITLES["B2"]] is None is dates[TITLES["B5"]]


@pytest.mark.parametrize("name", HABITS)
async def test_what_is_listed_can_be_renewed_and_given_up(name: str) -> None:
    system = LibrarySystem(HABITS[name], waiting=["B1"])
    changes = {"month_first": name in MONTH_FIRST, "sends_pin": HABITS[name].changes_need_pin}
    async with opened(system, **changes) as circulation:
        await circulation.identify(TICKET, PIN, "line 1")
        loan = next(loan for loan in await circulation.loans(TICKET) if "Ұшқан ұя" in loan.title)
        await circulation.renew(TICKET, loan.id, key="1")
        assert system.renewals == {"B4": 1}
        (hold,) = await circulation.holds(TICKET)
        assert hold.status == "waiting", "nobody has laid it aside"
        assert (await circulation.cancel_hold(TICKET, hold.id, key="2")).status == "cancelled"
    assert system.waiting == []


async def test_available_is_believed_when_the_copy_says_so_or_the_settings_do() -> None:
    system = LibrarySystem(HABITS["rero"], waiting=["B1"], ready=["B2"])
    async with opened(system) as circulation:
        assert [(hold.id, hold.status) for hold in await circulation.holds(TICKET)] == [
            ("B2", "ready"),
            ("B1", "waiting"),
        ]
    async with opened(system, believes_ready=True) as circulation:
        assert {hold.status for hold in await circulation.holds(TICKET)} == {"ready"}


async def test_a_server_that_misses_the_pin_is_understood_and_can_be_given_it() -> None:
    system = LibrarySystem(HABITS["evergreen with bar codes"])
    async with opened(system) as circulation:
        await circulation.identify(TICKET, PIN, "line 1")
        with pytest.raises(Refused, match="pin_not_given"):
            await circulation.place_hold(TICKET, "B1", "KZ", key="1")
    async with opened(system, sends_pin=True) as circulation:
        with pytest.raises(Refused, match="pin_not_given"):
            await circulation.place_hold(TICKET, "B1", "KZ", key="1")
        await circulation.identify(TICKET, PIN, "line 1")
        assert (await circulation.place_hold(TICKET, "B1", "KZ", key="1")).record_id == "B1"


def test_a_pin_is_kept_for_minutes_and_only_where_it_is_needed() -> None:
    now = 0.0
    pins, none = KeptPins(True, lambda: now), KeptPins(False, lambda: now)
    pins.keep(TICKET, PIN)
    none.keep(TICKET, PIN)
    assert (pins.of(TICKET), none.of(TICKET), pins.of("1")) == (PIN, "", "")
    now = KEPT_S + 1
    assert pins.of(TICKET) == "" and PIN not in repr(vars(pins))


def test_a_count_that_is_no_number_costs_nothing() -> None:
    frame = b"64              00020261123    05323400000000  ? 000000000000AOALM|AA1|AEN|BLY|CQY|"
    assert count_of(decode(frame, "utf-8"), 2) == 0


async def test_messages_may_end_with_a_line_feed_alone() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(4096):
            writer.write(
                {b"93": b"941\n", b"99": b"98YNNYNN60000320261123    0532342.00AOALM|\n"}.get(
                    asked[:2],
                    b"64              00020261123    053234000000000000000000000000AOALM|AA1|AEN|BLY|CQY|AFa\rb|\n",
                )
            )
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with sip2_circulation(settings(port)) as circulation:
            assert (await circulation.identify("1", "2", "line 1")).name == "N"


async def test_a_copy_whose_question_is_never_answered_goes_by_its_entry(branch: Branch) -> None:
    branch.system.loans = {"B3": date(2026, 12, 4)} | dict.fromkeys(("B4", "B5"), date(2026, 12, 9))
    branch.line.faults.extend([("17", Fault.LOST_REQUEST)] * 4)
    loans = await branch.circulation.loans(TICKET)
    assert len(loans) == 3 and any(loan.due for loan in loans)


async def test_a_server_that_tells_of_no_copy_is_away(branch: Branch) -> None:
    branch.line.faults.extend([("17", Fault.LOST_REQUEST)] * 4)
    with pytest.raises(Unavailable):
        await branch.circulation.loans(TICKET)

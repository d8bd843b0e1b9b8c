"""The same promises of every library system: what a reader is told does not depend on who keeps the books."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestServer

from catalogue_client.connectors.irbis.circulation import irbis_circulation
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.koha.circulation import koha_circulation
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.sip2.circulation import sip2_circulation
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import KeyReused, LibraryError, NotFound, Refused, Unavailable, WrongTicketOrPin
from catalogue_client.protocols import Lending
from tests.rig.irbis_server import IrbisServer
from tests.rig.koha_server import KohaServer
from tests.rig.sip2_server import HABITS, LibrarySystem

TICKET, PIN, PLACE = "100003", "3690", "KZ"


@dataclass(frozen=True)
class Opened:
    """A library system with what a test needs to know of it."""

    lending: Lending
    record_id: str
    """Of a book that can be held."""
    loans: int
    holds: Callable[[], int]
    """How many it keeps, as its own books say."""


@asynccontextmanager
async def koha() -> AsyncIterator[Opened]:
    system = KohaServer()
    system.due[3], system.renewals[3] = "next week", 2
    async with (
        TestServer(system.app()) as server,
        koha_circulation(KohaSettings(str(server.make_url("")), "dauys", "secret")) as lending,
    ):
        yield Opened(lending, "12", 3, lambda: len(system.holds))


@asynccontextmanager
async def irbis() -> AsyncIterator[Opened]:
    system = IrbisServer()
    async with system.serving() as port:
        settings = IrbisSettings("127.0.0.1", port, user="dauys", password="secret", places={PLACE: "Орталық"})
        async with irbis_circulation(settings) as lending:
            kept = system.databases["RQST"]
            yield Opened(lending, "84(5Каз)/Ә82", 2, lambda: len(kept) - len(system.deleted))


def sip2(habit: str) -> Callable[[], AbstractAsyncContextManager[Opened]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Opened]:
        system = LibrarySystem(HABITS[habit], dates={"B3": "next week"})
        async with system.serving() as port:
            settings = Sip2Settings(
                "127.0.0.1", port, institution="ALM", user="dauys", password="secret",
                month_first="/" in system.habit.due, sends_pin=system.habit.changes_need_pin,
            )  # fmt: skip
            async with sip2_circulation(settings) as lending:
                yield Opened(lending, "B1", 2, lambda: len(system.waiting))

    return opened


SYSTEMS: dict[str, Callable[[], AbstractAsyncContextManager[Opened]]] = {
    "koha": koha,
    "irbis": irbis,
    **{f"sip2, {habit}": sip2(habit) for habit in HABITS},
}


@pytest.fixture(params=SYSTEMS)
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opened]:
    async with SYSTEMS[request.param]() as system:
        yield system


async def test_ticket_and_pin_let_in_and_nothing_else_does(opened: Opened) -> None:
    assert "Наталья" in (await opened.lending.identify(TICKET, PIN, "line 1")).name
    for ticket, pin in ((TICKET, "0000"), (TICKET, ""), ("", PIN), ("999", PIN), (f"{TICKET}|", PIN), ("*", "*")):
        with pytest.raises(WrongTicketOrPin):
            await opened.lending.identify(ticket, pin, f"line of {ticket} {pin}")


async def test_every_loan_is_listed_however_odd_one_is(opened: Opened) -> None:
    loans = await opened.lending.loans(TICKET)
    assert len(loans) == opened.loans == len({loan.id for loan in loans})
    assert all(loan.title and (loan.renewable or loan.why_not in Refused.RULES) for loan in loans)


async def test_an_unknown_ticket_has_no_empty_account(opened: Opened) -> None:
    with pytest.raises(NotFound):
        await opened.lending.loans("999")


async def test_a_hold_is_there_once_until_it_is_given_up(opened: Opened) -> None:
    lending = opened.lending
    await lending.identify(TICKET, PIN, "line 1")
    hold, again = await asyncio.gather(
        *(lending.place_hold(TICKET, opened.record_id, PLACE, key="1") for _ in range(2))
    )
    assert hold == again and hold.status == "waiting" and opened.holds() == 1
    assert [(held.title, held.status) for held in await lending.holds(TICKET)] == [(hold.title, "waiting")]
    with pytest.raises(Refused, match="already_held"):
        await lending.place_hold(TICKET, opened.record_id, PLACE, key="2")
    with pytest.raises(KeyReused):
        await lending.place_hold(TICKET, "another", PLACE, key="1")
    (listed,) = await lending.holds(TICKET)
    assert (await lending.cancel_hold(TICKET, listed.id, key="3")).status == "cancelled"
    assert opened.holds() == 0 and await lending.holds(TICKET) == ()


async def test_what_is_not_there_is_not_found(opened: Opened) -> None:
    await opened.lending.identify(TICKET, PIN, "line 1")
    for call in (
        opened.lending.place_hold(TICKET, "no/such?record", PLACE, key="1"),
        opened.lending.cancel_hold(TICKET, "no such hold", key="2"),
        opened.lending.renew(TICKET, "no such loan", key="3"),
    ):
        with pytest.raises(NotFound):
            await call
    assert opened.holds() == 0


async def test_renewing_all_leaves_no_loan_out(opened: Opened) -> None:
    await opened.lending.identify(TICKET, PIN, "line 1")
    assert len(await opened.lending.renew_all(TICKET, key="1")) == opened.loans


async def hostile(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b'\x00\xff<html>{"a":' * 2000 + b"\r\n" * 20)
    writer.close()


async def hanging(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.mark.parametrize("peer", [hostile, hanging], ids=["hostile", "hanging"])
@pytest.mark.parametrize("system", ["koha", "irbis", "sip2"])
async def test_a_bad_peer_is_an_error_of_ours_and_changes_nothing(
    system: str, peer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]
) -> None:
    async with await asyncio.start_server(peer, "127.0.0.1", 0) as server:  # type: ignore[arg-type]
        port = server.sockets[0].getsockname()[1]
        opening: dict[str, AbstractAsyncContextManager[Lending]] = {
            "koha": koha_circulation(KohaSettings(f"http://127.0.0.1:{port}", "dauys", "secret", answer_s=0.3)),
            "irbis": irbis_circulation(IrbisSettings("127.0.0.1", port, user="a", password="b", answer_s=0.3)),
            "sip2": sip2_circulation(Sip2Settings("127.0.0.1", port, answer_s=0.3)),
        }
        async with opening[system] as lending:
            for call in (lending.loans(TICKET), lending.place_hold(TICKET, "1", PLACE, key="1")):
                with pytest.raises(LibraryError) as caught:
                    await call
                assert isinstance(caught.value, Unavailable) or system == "koha"

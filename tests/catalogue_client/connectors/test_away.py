"""A library system that goes away: what it showed is found with its age, what readers ask for is done later, once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from catalogue_client.connectors.circuit_breaker import FAILURES, CircuitBreaker
from catalogue_client.connectors.connected_library import LibrarySystem as Parts
from catalogue_client.connectors.connected_library import connected_library
from catalogue_client.connectors.offline_catalogue import OfflineCatalogue
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.connectors.resilient_circulation import ResilientCirculation
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import KeyReused, NotFound, Refused, StorageError, Unavailable
from catalogue_client.values.bibliographic import Availability, Query, Record
from tests.catalogue_client.connectors.sip2.bad_line import BadLine, Fault
from tests.catalogue_client.connectors.sip2.conftest import settings as sip2_settings
from tests.rig.sip2_server import PIN, TICKET, LibrarySystem

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MARC = """<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>
<controlfield tag="001">7</controlfield>
<datafield tag="041" ind1=" " ind2=" "><subfield code="a">kaz</subfield></datafield>
<datafield tag="100" ind1=" " ind2=" "><subfield code="a">Әуезов, Мұхтар</subfield></datafield>
<datafield tag="245" ind1=" " ind2=" "><subfield code="a">Абай жолы</subfield></datafield>
<datafield tag="952" ind1=" " ind2=" "><subfield code="b">KZ</subfield><subfield code="p">B1</subfield></datafield>
</record>"""


@dataclass
class Systems:
    """The library in front of its two systems, each of which can be switched off."""

    library: OpenedLibrary
    lending: LibrarySystem
    line: BadLine
    searching: dict[str, bool]
    home: Path


@asynccontextmanager
async def two_systems(library: OpenedLibrary, home: Path) -> AsyncIterator[Systems]:
    there = {"answers": True}

    async def answer(request: web.Request) -> web.Response:
        if not there["answers"]:
            return web.Response(status=503)
        hit = "абай" in request.query.get("query", "").lower() or '"7"' in request.query.get("query", "")
        records = (
            f"<zs:records><zs:record><zs:recordData>{MARC}</zs:recordData></zs:record></zs:records>" if hit else ""
        )
        space = "http://www.loc.gov/zing/srw/"
        return web.Response(
            text=f'<zs:searchRetrieveResponse xmlns:zs="{space}"><zs:numberOfRecords>{int(hit)}</zs:numberOfRecords>'
            f"{records}</zs:searchRetrieveResponse>",
            content_type="text/xml",
        )

    app = web.Application()
    app.router.add_get("/db", answer)
    lending = LibrarySystem()
    async with TestServer(app) as server, lending.serving() as far:
        line = BadLine(far)
        async with line.listening() as near:
            places = {"KZ": "Орталық кітапхана"}
            sru = SruSettings(str(server.make_url("/db")), places=places)
            parts = Parts(search=sru, circulation=sip2_settings(near))
            async with connected_library(library, parts, home, lambda: NOW) as front:
                yield Systems(front, lending, line, there, home)


@pytest.fixture
async def systems(library: OpenedLibrary, tmp_path: Path) -> AsyncIterator[Systems]:
    async with two_systems(library, tmp_path) as opened:
        yield opened


def sender(systems: Systems) -> ResilientCirculation:
    """The part that sends requests, so that a test need not wait for its round."""
    part = systems.library.circulation
    assert isinstance(part, ResilientCirculation)
    return part


async def settled(systems: Systems) -> tuple[tuple[str, str, str], ...]:
    """Send what waits, as often as the rest of the system after its failures wants; then the reader's news."""
    part = sender(systems)
    part._breaker = CircuitBreaker("rested")
    await part.send_once()
    return tuple(
        (request.kind, request.state, request.rule)
        for request in await systems.library.circulation.request_outcomes(TICKET)
    )


async def test_while_all_is_there_the_systems_answer_and_a_book_found_by_number_is_held_by_bar_code(
    systems: Systems,
) -> None:
    found = await systems.library.catalogue.search(Query(words="абай жолы"))
    assert found.as_of is None and [record.title for record in found.records] == ["Абай жолы"]
    assert (await systems.library.circulation.identify(TICKET, PIN, "line")).name == "Наталья"
    hold = await systems.library.circulation.place_hold(TICKET, found.records[0].id, "KZ", key="1")
    assert (hold.status, systems.lending.waiting) == ("waiting", ["B1"])


async def test_while_the_search_is_away_its_copy_answers_with_its_age(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.searching["answers"] = False
    found = await systems.library.catalogue.search(Query(words="абай жолын"))
    assert [record.title for record in found.records] == ["Абай жолы"] and found.as_of == NOW
    assert (await systems.library.catalogue.shelves("7"))[0].place == "Орталық кітапхана"
    with pytest.raises(Unavailable):
        await systems.library.catalogue.search(Query(words="ешкім сұрамаған кітап"))
    with pytest.raises(NotFound):
        await systems.library.catalogue.record("8")


async def test_a_hold_is_accepted_while_the_system_is_away_and_placed_once_when_it_is_back(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    hold = await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    assert (hold.status, hold.title, hold.place) == ("accepted", "Абай жолы", "Орталық кітапхана")
    assert [one.status for one in await systems.library.circulation.holds(TICKET)] == ["accepted"]
    # The same request again, by the same key or another, is the same request.
    assert await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1") == hold
    assert await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="2") == hold
    (request,) = await sender(systems)._pending.waiting(TICKET)
    with pytest.raises(KeyReused):
        await sender(systems)._pending.add(replace(request, subject="8"))
    assert await settled(systems) == ()
    systems.line.accepts = True
    assert await settled(systems) == (("hold", "done", ""),)
    assert systems.lending.waiting == ["B1"] and systems.lending.placed == 1
    await systems.library.circulation.acknowledge_outcomes(["1"])
    assert await settled(systems) == () and systems.lending.placed == 1


async def test_a_lost_answer_while_requests_are_sent_places_the_hold_once(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    systems.line.accepts = True
    systems.line.faults.extend([("15", Fault.LOST_ANSWER), ("63", Fault.LOST_REQUEST), ("63", Fault.LOST_REQUEST)])
    assert await settled(systems) == ()
    systems.line.faults.clear()
    assert await settled(systems) == (("hold", "done", ""),)
    assert systems.lending.placed == 1


async def test_what_the_library_refuses_later_is_told_with_its_reason(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    systems.line.accepts = True
    systems.lending.waiting = ["B2", "B4", "B5"]
    assert await settled(systems) == (("hold", "refused", "too_many_holds"),)


async def test_a_request_can_be_taken_back_before_it_is_sent(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    hold = await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    assert (await systems.library.circulation.cancel_hold(TICKET, hold.id, key="2")).status == "cancelled"
    systems.line.accepts = True
    assert await settled(systems) == () and systems.lending.placed == 0


async def test_renewals_wait_too_and_are_not_repeated_when_the_loan_was_renewed_meanwhile(systems: Systems) -> None:
    assert {loan.id for loan in await systems.library.circulation.loans(TICKET)} == {"B3", "B4"}
    systems.line.cut()
    assert (await systems.library.circulation.renew(TICKET, "B4", key="1")).accepted
    outcomes = await systems.library.circulation.renew_all(TICKET, key="2")
    assert [(one.loan.id, one.loan.accepted, one.renewed) for one in outcomes] == [
        ("B3", True, False),
        ("B4", True, False),
    ]
    systems.lending.loans["B4"] += timedelta(days=14)  # at a desk
    systems.line.accepts = True
    assert all(loan.accepted for loan in await systems.library.circulation.loans(TICKET))
    assert await settled(systems) == (("renew", "done", ""), ("renew", "done", ""))
    assert systems.lending.renewals == {"B3": 1}
    assert systems.lending.loans["B3"] == date(2026, 12, 4)


async def test_a_system_that_stays_away_too_long_is_told_to_the_reader(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    sender(systems)._clock = lambda: NOW + timedelta(days=4)
    assert await settled(systems) == (("hold", "refused", "unavailable"),)


async def test_requests_and_copy_outlive_the_process(library: OpenedLibrary, tmp_path: Path) -> None:
    async with two_systems(library, tmp_path) as systems:
        await systems.library.catalogue.search(Query(words="абай"))
        systems.line.accepts = False
        await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    async with two_systems(library, tmp_path) as systems:
        systems.searching["answers"] = False
        assert (await systems.library.catalogue.search(Query(words="абай"))).as_of == NOW
        systems.searching["answers"] = True
        assert await settled(systems) == (("hold", "done", ""),)


async def test_of_two_processes_with_one_folder_one_sends(systems: Systems) -> None:
    await systems.library.catalogue.search(Query(words="абай"))
    systems.line.accepts = False
    await systems.library.circulation.place_hold(TICKET, "7", "KZ", key="1")
    systems.line.accepts = True
    other = PendingRequestStore.open(systems.home / "library_system")
    try:
        assert not other.try_acquire_sender_lock() or not sender(systems)._pending.try_acquire_sender_lock()
    finally:
        other.close()


async def test_pins_are_not_taken_while_nobody_can_check_them(systems: Systems) -> None:
    systems.line.accepts = False
    with pytest.raises(Unavailable):
        await systems.library.circulation.identify(TICKET, PIN, "line")


KILLED = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.values.accounts import PendingRequest
async def go():
    requests = PendingRequestStore.open(Path(sys.argv[1]))
    for n in range(1000):
        await requests.add(PendingRequest(str(n), "1", "hold", str(n), "", "", "", "", datetime.now(UTC)))
        print(n, flush=True)
asyncio.run(go())
"""


def test_a_request_that_was_accepted_outlives_kill_9(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) == 20:
            process.kill()
            break
    else:
        pytest.fail("it ended before it was killed")
    told = [20, *(int(line) for line in process.stdout if line.endswith("\n"))]
    process.wait()
    process.stdout.close()

    async def kept() -> int:
        requests = PendingRequestStore.open(tmp_path)
        try:
            return len(await requests.waiting())
        finally:
            requests.close()

    assert asyncio.run(kept()) >= max(told) + 1


async def test_a_copy_follows_what_it_is_shown_and_finds_by_place(tmp_path: Path) -> None:
    copy = OfflineCatalogue.open(tmp_path, lambda: NOW)
    book = Record("1", "Абай жолы", "Мұхтар Әуезов", "kk", available=(Availability("KZ", "Орталық", 1),))
    try:
        await copy.keep([book])
        await copy.keep([replace(book, available=())])
        assert (await copy.search(Query(words="абай", place_id="KZ"))).records == ()
        await copy.keep([replace(book, title="Қара сөздер")])
        assert (await copy.search(Query(title="абай жолы"))).records == ()
        assert [one.title for one in (await copy.search(Query(title="қара сөздер"))).records] == ["Қара сөздер"]
    finally:
        copy.close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        OfflineCatalogue.open(tmp_path / "file", lambda: NOW)
    with pytest.raises(StorageError):
        PendingRequestStore.open(tmp_path / "file")


async def test_a_system_that_fails_is_left_in_peace_longer_and_longer_until_one_try_succeeds() -> None:
    second, asked = 0.0, 0

    async def fail() -> None:
        nonlocal asked
        asked += 1
        raise Unavailable("away")

    async def work() -> str:
        return "there"

    breaker = CircuitBreaker("it", lambda: second, lambda: 1.0)
    for _ in range(FAILURES + 5):
        with pytest.raises(Unavailable):
            await breaker.ask(fail)
    assert asked == FAILURES and breaker.resting
    second = 2.1
    with pytest.raises(Unavailable):
        await breaker.ask(fail)
    second = 4.2
    assert asked == FAILURES + 1 and breaker.resting  # twice as long now
    second = 6.2
    assert await breaker.ask(work) == "there"
    assert not breaker.resting

    async def refuse() -> None:
        raise Refused("no_copy")

    for _ in range(FAILURES + 1):  # an answer like any other
        with pytest.raises(Refused):
            await breaker.ask(refuse)
    assert not breaker.resting

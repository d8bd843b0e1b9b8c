"""Books deliveries against the courier's sandbox with faults, and counts what was lost and what came twice.

Beside Dauys runs what a plain client does: create and accept, and on any error the same again. Both meet the same
server with the same share of faults, in one run. Time is the sandbox's; throughput is real.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestServer
from sqlalchemy import func, insert, select

from catalogue_client.circulation.entitlements import Entitlement, keep_right
from catalogue_client.couriers.courier import Parcel, ParcelItem
from catalogue_client.couriers.sender import Sender
from catalogue_client.couriers.yandex.sandbox import TOKEN, Sandbox
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.delivery_context import DeliveryContext
from catalogue_client.delivery.delivery_schema import deliveries, outbox
from catalogue_client.delivery.dispatch.courier_events import CourierEventReader
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.delivery.windows import windows
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError
from catalogue_client.store.purpose import Purpose
from catalogue_client.store.schema import copies, readers, records
from voice.configuration.clock import LIBRARY_TIME

START = datetime(2026, 11, 24, 9, 0, tzinfo=LIBRARY_TIME)
AT_ONCE = 8
TRIES = 20
RECORDS = 1000


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Outcome:
    """What one client made of all bookings."""

    lost: int
    """Bookings without a courier that nobody learnt of."""
    doubled: int
    """Bookings with more than one courier."""
    staff: int
    seconds: float
    processor_s: float
    """Of this process, the courier's server included: on a busy machine it tells more than the clock."""


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=10_000)
    parser.add_argument("--faults", type=float, default=0.05, help="share of calls that fail")
    options = parser.parse_args(argv)
    return asyncio.run(measure(options.bookings, options.faults))


async def measure(bookings: int, faults: float) -> int:
    plain = await plain_client(bookings, faults)
    with tempfile.TemporaryDirectory() as home:
        clock = Clock()
        async with open_library(Path(home), clock=clock, purpose=Purpose.DEMONSTRATION) as library:
            ours, latencies = await dauys(library, clock, bookings, faults)
    print(f"{bookings} bookings, {faults:.0%} of calls fail (half of them after their work is done)")
    print(f"{'':<22}{'Dauys':>12}{'plain client':>14}")
    for name in ("lost", "doubled", "staff"):
        print(f"{name:<22}{getattr(ours, name):>12}{getattr(plain, name):>14}")
    print(f"{'couriers ordered per s':<22}{bookings / ours.seconds:>12.1f}{bookings / plain.seconds:>14.1f}")
    per_processor_s = (bookings / ours.processor_s, bookings / plain.processor_s)
    print(f"{'… per processor s':<22}{per_processor_s[0]:>12.1f}{per_processor_s[1]:>14.1f}")
    print(f"{'seconds, ratio':<22}{1.0:>12.2f}{plain.seconds / ours.seconds:>14.2f}")
    middle, slow = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.95)]
    print(f"booking, one reader's wait: p50 {middle * 1000:.1f} ms, p95 {slow * 1000:.1f} ms")
    return 0 if ours.lost == ours.doubled == 0 else 1


async def plain_client(bookings: int, faults: float) -> Outcome:
    """Create and accept; on any error the same again, with a new request id, as one would write it at first."""
    sandbox = Sandbox(START)
    sandbox.faults.rate = faults
    began, worked = time.perf_counter(), time.process_time()
    async with TestServer(sandbox.app()) as server:
        courier = YandexCourier(sender(str(server.make_url(""))))
        async with courier.connected(TOKEN):
            turn = asyncio.Semaphore(AT_ONCE)

            async def one(number: int) -> None:
                async with turn:
                    for _ in range(TRIES):
                        with suppress(LibraryError):
                            trip = await courier.order(parcel(number), uuid.uuid4().hex, again=False)
                            sandbox.ledger.now += timedelta(seconds=2)
                            await courier.accept(await courier.trip(trip.id))
                            return

            await asyncio.gather(*(one(number) for number in range(bookings)))
    seconds, processor_s = time.perf_counter() - began, time.process_time() - worked
    accepted = per_booking(sandbox)
    lost = sum(accepted[str(number)] == 0 for number in range(bookings))
    return Outcome(lost, sum(count > 1 for count in accepted.values()), 0, seconds, processor_s)


async def dauys(library: OpenedLibrary, clock: Clock, bookings: int, faults: float) -> tuple[Outcome, list[float]]:
    sandbox = Sandbox(START)
    sandbox.faults.rate = faults
    async with TestServer(sandbox.app()) as server:
        books = await stocked(library, bookings, str(server.make_url("")))
        courier = YandexCourier(books.delivery_policy.couriers[0])
        async with courier.connected(TOKEN):
            latencies = await book_all(books, courier, bookings)
            began, worked = time.perf_counter(), time.process_time()
            clock.now += timedelta(minutes=11)
            sandbox.ledger.advance(660)
            await work_off(books, courier, clock, sandbox)
            seconds, processor_s = time.perf_counter() - began, time.process_time() - worked
    async with books.database.reading() as connection:
        query = select(deliveries.c.status, func.count()).group_by(deliveries.c.status)
        statuses = Counter({row[0]: row[1] for row in await connection.execute(query)})
    staff = statuses["with_staff"]
    accepted = per_booking(sandbox)
    doubled = sum(count > 1 for count in accepted.values())
    return Outcome(bookings - statuses["delivered"] - staff, doubled, staff, seconds, processor_s), latencies


async def book_all(books: DeliveryContext, courier: YandexCourier, number: int) -> list[float]:
    """Seconds of every booking, sorted."""
    desk = Bookings(books, {"yandex": courier})
    slot = list(windows(books.delivery_policy, books.clock(), ""))[1][0].id
    wanted = await some_records(books)
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(n: int) -> float:
        async with turn:
            began = time.perf_counter()
            await desk.book_delivery(f"b{n:06}", [wanted[n % len(wanted)]], slot, key=f"b{n}")
            return time.perf_counter() - began

    return sorted(await asyncio.gather(*(one(n) for n in range(number))))


async def work_off(books: DeliveryContext, courier: YandexCourier, clock: Clock, sandbox: Sandbox) -> None:
    """Two workers and the journal until every courier has delivered."""
    journal = CourierEventReader(books, "yandex", courier)
    while True:
        worked = await asyncio.gather(*(Dispatcher(books, {"yandex": courier}).work_off() for _ in range(2)))
        if any(worked):
            continue
        read = 1
        while read:
            try:
                read = await journal.read()
            except LibraryError:
                continue
        async with books.database.reading() as connection:
            left = await connection.scalar(select(func.count()).select_from(outbox).where(outbox.c.state == "new"))
            ended = deliveries.c.status.in_(("delivered", "with_staff"))
            open_ones = await connection.scalar(select(func.count()).select_from(deliveries).where(~ended))
        if not left and not open_ones:
            return
        clock.now += timedelta(seconds=60)
        sandbox.ledger.advance(60)


async def stocked(library: OpenedLibrary, number: int, url: str) -> DeliveryContext:
    """Readers who may have deliveries, copies enough for all, windows with room for all."""
    own = library.staff.deliveries.books
    rounds = tuple(one.model_copy(update={"capacity": number}) for one in own.delivery_policy.rounds)
    rules = own.delivery_policy.model_copy(update={"couriers": (sender(url),), "rounds": rounds})
    books = replace(own, delivery_rules=lambda: rules)
    wanted = await some_records(books)
    address, phone = books.encryption.seal("Абай даңғылы, 52"), books.encryption.seal("+77010000001")
    person = {"pin_hash": "", "address": address, "phone": phone}
    copy = {"place_id": books.delivery_policy.gathering.place_id, "format": "print", "status": "shelf"}
    async with books.database.writing() as connection:
        everyone = [{"ticket": f"b{n:06}", "since": START.date(), **person} for n in range(number)]
        await connection.execute(insert(readers), everyone)
        for one in everyone:
            await keep_right(connection, books.encryption, str(one["ticket"]), Entitlement(until=date(2030, 1, 1)))
        stock = [{"record_id": wanted[n % len(wanted)], **copy} for n in range(number)]
        await connection.execute(insert(copies), stock)
    return books


async def some_records(books: DeliveryContext) -> list[str]:
    """Records that readers ask for by turns."""
    async with books.database.reading() as connection:
        travels = select(records.c.id).where(records.c.reading_room_only.is_(False))
        return list(await connection.scalars(travels.order_by(records.c.id).limit(RECORDS)))


def per_booking(sandbox: Sandbox) -> Counter[str]:
    """Booking -> accepted claims."""
    count: Counter[str] = Counter()
    for claim in sandbox.ledger.claims.values():
        count[claim.body["route_points"][0]["external_order_id"].split("-")[1]] += claim.accepted
    return count


def sender(url: str) -> Sender:
    return Sender(
        kind="yandex",
        url=url,
        name="Кітапхана",
        sender_phone="+77270000001",
        email="library@library.invalid",
        address="Алматы",
        coordinates=(76.945, 43.238),
    )


def parcel(number: int) -> Parcel:
    begin = START + timedelta(hours=4)
    items = (ParcelItem("copy-1", 500),)
    return Parcel(
        str(number), "delivery", "А", "+77010000001", "Абай даңғылы, 52", "", items, begin, begin + timedelta(hours=4)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

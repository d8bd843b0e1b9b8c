"""A hold that a delivery uses up comes back with its place when the delivery comes to nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused
from catalogue_client.store.schema import copies
from catalogue_client.values.accounts import Hold
from catalogue_client.values.bibliographic import Query
from catalogue_client.values.shipments import Delivery
from tests.catalogue_client.clock import Clock

READER, OTHER = "100001", "100002"
BOOK = "Абай жолы"


async def record(library: OpenedLibrary, title: str = BOOK) -> str:
    return (await library.catalogue.search(Query(words=title))).records[0].id


async def held(library: OpenedLibrary, ticket: str = READER) -> Hold:
    """A hold that is ready, at the place where a copy stands."""
    wanted = await record(library)
    place = (await library.catalogue.shelves(wanted))[0].place_id
    hold = await library.circulation.place_hold(ticket, wanted, place, key=f"hold {ticket}")
    assert hold.status == "ready"
    return hold


async def delivered_hold(library: OpenedLibrary, key: str = "book") -> Delivery:
    wanted = await record(library)
    slots = await library.deliveries.delivery_slots(READER, (wanted,))
    return await library.deliveries.book_delivery(READER, (wanted,), slots[-1].id, key=key)


async def copies_on_shelf(library: OpenedLibrary) -> int:
    return sum(shelf.copies for shelf in await library.catalogue.shelves(await record(library)))


@pytest.mark.parametrize("minutes", [1, 45])
async def test_a_cancelled_delivery_gives_the_hold_back(library: OpenedLibrary, clock: Clock, minutes: int) -> None:
    hold = await held(library)
    before = await copies_on_shelf(library)
    delivery = await delivered_hold(library)
    assert delivery.used_holds == (BOOK,) and await library.circulation.holds(READER) == ()
    assert (await library.deliveries.deliveries(READER))[0].used_holds == (BOOK,)
    clock.pass_by(minutes=minutes)
    cancelled = await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    assert cancelled.used_holds == ()
    assert await library.circulation.holds(READER) == (hold,)
    assert await copies_on_shelf(library) == before


async def test_cancelling_twice_gives_it_back_once(library: OpenedLibrary) -> None:
    hold = await held(library)
    delivery = await delivered_hold(library)
    for _ in range(2):
        await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    with pytest.raises(Refused, match="too_late"):
        await library.deliveries.cancel_delivery(READER, delivery.id, key="another")
    assert await library.circulation.holds(READER) == (hold,)
    again = await delivered_hold(library, "again")
    await library.deliveries.cancel_delivery(READER, again.id, key="cancel again")
    assert await library.circulation.holds(READER) == (hold,)


async def test_it_comes_back_before_those_who_asked_later(library: OpenedLibrary) -> None:
    wanted = await record(library)
    hold = await held(library)
    delivery = await delivered_hold(library)
    async with library.staff.deliveries.books.database.writing() as connection:
        others = (copies.c.record_id == wanted) & (copies.c.status == "shelf")
        await connection.execute(update(copies).where(others).values(status="loan"))
    queued = await library.circulation.place_hold(OTHER, wanted, hold.place_id, key="other")
    assert queued.position == 1
    await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    assert await library.circulation.holds(READER) == (hold,)
    assert await library.circulation.holds(OTHER) == (queued,)


async def test_a_book_brought_home_fulfils_it(library: OpenedLibrary) -> None:
    await held(library)
    delivery = await delivered_hold(library)
    desk = library.staff.deliveries.desk
    for status in ("preparing", "on_the_way", "delivered"):
        await desk.advance(delivery.id, status, actor="staff:1")
    assert await library.circulation.holds(READER) == ()
    assert [loan.title for loan in await library.circulation.loans(READER)] == [BOOK]


async def test_a_delivery_that_failed_gives_it_back(library: OpenedLibrary) -> None:
    hold = await held(library)
    delivery = await delivered_hold(library)
    desk = library.staff.deliveries.desk
    for status in ("preparing", "on_the_way", "failed"):
        await desk.advance(delivery.id, status, actor="staff:1")
    assert [one.id for one in await library.circulation.holds(READER)] == [hold.id]


async def test_a_term_that_ran_out_meanwhile_begins_again(library: OpenedLibrary, clock: Clock) -> None:
    hold = await held(library)
    delivery = await delivered_hold(library)
    assert hold.expires
    clock.pass_by(days=(hold.expires - clock.now.date()).days + 1)
    await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    (back,) = await library.circulation.holds(READER)
    assert back.status == "ready" and back.expires and back.expires > clock.now.date()
    await library.staff.holds.expire()
    assert await library.circulation.holds(READER) == (back,)


async def test_asked_for_again_meanwhile_it_is_not_held_twice(library: OpenedLibrary) -> None:
    hold = await held(library)
    delivery = await delivered_hold(library)
    with pytest.raises(Refused, match="already_coming"):
        await library.circulation.place_hold(READER, hold.record_id, hold.place_id, key="newer")
    await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    assert [one.id for one in await library.circulation.holds(READER)] == [hold.id]


async def test_who_waits_for_a_book_that_a_parcel_brings_waits_no_more(library: OpenedLibrary) -> None:
    wanted = await record(library)
    async with library.staff.deliveries.books.database.writing() as connection:
        all_copies = copies.c.record_id == wanted
        await connection.execute(update(copies).where(all_copies).values(status="loan"))
    hold = await library.circulation.place_hold(READER, wanted, "chekhov", key="hold")
    assert hold.position == 1
    async with library.staff.deliveries.books.database.writing() as connection:  # new ones have come
        await connection.execute(update(copies).where(all_copies).values(status="shelf"))
    delivery = await delivered_hold(library)
    assert delivery.used_holds == (BOOK,) and await library.circulation.holds(READER) == ()
    before = await copies_on_shelf(library)
    await library.deliveries.cancel_delivery(READER, delivery.id, key="cancel")
    (back,) = await library.circulation.holds(READER)
    assert back.id == hold.id and await copies_on_shelf(library) == before  # it is kept for the hold now

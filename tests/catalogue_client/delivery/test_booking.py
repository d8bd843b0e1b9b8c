"""Booking a delivery or a collection, the rules that say no, taking it back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import KeyReused, NotFound, Refused
from catalogue_client.values.bibliographic import Query
from catalogue_client.values.shipments import Delivery
from tests.catalogue_client.clock import Clock

READER = "100001"
ROAD = "Абай даңғылы, …"


async def ids(library: OpenedLibrary, *titles: str) -> tuple[str, ...]:
    return tuple([(await library.catalogue.search(Query(words=title))).records[0].id for title in titles])


async def on_shelf(library: OpenedLibrary, record_id: str) -> int:
    return sum(shelf.copies for shelf in await library.catalogue.shelves(record_id))


async def book(library: OpenedLibrary, *titles: str, key: str = "k", note: str = "") -> Delivery:
    wanted = await ids(library, *titles)
    slots = await library.deliveries.delivery_slots(READER, wanted)
    return await library.deliveries.book_delivery(READER, wanted, slots[0].id, key=key, note=note)


async def test_booking_takes_the_copies_and_says_when(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await ids(library, "Абай жолы", "Көшпенділер")
    before = [await on_shelf(library, one) for one in wanted]
    slots = await library.deliveries.delivery_slots(READER, wanted)
    assert [(slot.starts.hour, slot.ends.hour) for slot in slots[:2]] == [(14, 18), (10, 13)]
    assert len({slot.starts.date() for slot in slots}) == 13  # a fortnight without its Sundays
    delivery = await library.deliveries.book_delivery(READER, wanted, slots[0].id, key="k")
    assert delivery.id.isdecimal() and delivery.status == "confirmed" and delivery.cancellable
    assert delivery.titles == ("Абай жолы", "Көшпенділер")
    assert delivery.undo_until == clock.now + timedelta(minutes=10)
    assert delivery.address_hint.startswith(ROAD) and "14 пәтер" not in delivery.address_hint
    assert len(delivery.code) == 4 and delivery.code.isdecimal()
    assert [await on_shelf(library, one) for one in wanted] == [number - 1 for number in before]
    assert await library.deliveries.deliveries(READER) == (delivery,)


async def test_one_key_is_one_booking(library: OpenedLibrary) -> None:
    wanted = await ids(library, "Абай жолы")
    slot = (await library.deliveries.delivery_slots(READER, wanted))[0].id
    answers = await asyncio.gather(*(library.deliveries.book_delivery(READER, wanted, slot, key="k") for _ in range(8)))
    assert len({one.id for one in answers}) == 1
    assert len(await library.deliveries.deliveries(READER)) == 1
    with pytest.raises(KeyReused):
        await library.deliveries.book_delivery(READER, wanted, slot, key="k", note="other")


async def test_taking_back_frees_the_copies(library: OpenedLibrary, clock: Clock) -> None:
    (wanted,) = await ids(library, "Абай жолы")
    before = await on_shelf(library, wanted)
    delivery = await book(library, "Абай жолы")
    clock.pass_by(minutes=11)
    assert (await library.deliveries.deliveries(READER))[0].undo_until is None
    cancelled = await library.deliveries.cancel_delivery(READER, delivery.id, key="c")
    assert cancelled.status == "cancelled" and not cancelled.cancellable and not cancelled.code
    assert (await library.deliveries.cancel_delivery(READER, delivery.id, key="c")).status == "cancelled"
    assert await on_shelf(library, wanted) == before
    assert (await book(library, "Абай жолы", key="again")).id != delivery.id


async def test_nobody_reaches_the_delivery_of_another(library: OpenedLibrary) -> None:
    delivery = await book(library, "Абай жолы")
    for other in (delivery.id, "7", "", "²", "99999999999999999999"):
        with pytest.raises(NotFound):
            await library.deliveries.cancel_delivery("100002", other, key=f"c{other}")
    assert (await library.deliveries.deliveries("100002")) == ()


async def test_refusals(library: OpenedLibrary) -> None:
    wanted = await ids(library, "Абай жолы")
    with pytest.raises(Refused) as refused:
        await library.deliveries.delivery_slots("100002", wanted)
    assert refused.value.rule == "not_eligible"
    for records, error in (((), NotFound), (("nothing",), NotFound), (("x",) * 11, Refused)):
        with pytest.raises(error):
            await library.deliveries.delivery_slots(READER, records)
    with pytest.raises(Refused) as refused:
        await library.deliveries.book_delivery(READER, wanted, "202001011000-1300", key="past")
    assert refused.value.rule == "slot_taken"
    assert await on_shelf(library, wanted[0]) == sum(
        shelf.copies for shelf in await library.catalogue.shelves(wanted[0])
    )
    await book(library, "Абай жолы")
    for records in (wanted, await ids(library, "Көшпенділер")):
        with pytest.raises(Refused) as refused:
            await library.deliveries.delivery_slots(READER, records)
        assert refused.value.rule == "one_delivery_only"
    with pytest.raises(Refused) as refused:
        await library.deliveries.collection_slots(READER, ())
    assert refused.value.rule == "nothing_to_collect"


async def test_a_refused_booking_leaves_the_shelf_as_it_was(library: OpenedLibrary) -> None:
    (wanted,) = await ids(library, "Абай жолы")
    before = await on_shelf(library, wanted)
    with pytest.raises(Refused):
        await library.deliveries.book_delivery(READER, (wanted,), "202001011000-1300", key="k")
    assert await on_shelf(library, wanted) == before


async def test_item_borrowed_meanwhile(library: OpenedLibrary) -> None:
    (wanted,) = await ids(library, "Абай жолы")
    slot = (await library.deliveries.delivery_slots(READER, (wanted,)))[0].id
    books = library.staff.deliveries.books
    async with books.database.writing() as connection:
        while await books.items.take(connection, wanted, "chekhov", "loan"):
            pass
    with pytest.raises(Refused) as refused:
        await library.deliveries.book_delivery(READER, (wanted,), slot, key="k")
    assert refused.value.rule == "item_taken"
    assert refused.value.values == {"title": "Абай жолы"}


async def test_a_window_fills(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await ids(library, "Абай жолы")
    first, second, *_ = await library.deliveries.delivery_slots(READER, wanted)
    clock.pass_by(hours=3)  # the first window begins too soon now
    with pytest.raises(Refused) as refused:
        await library.deliveries.book_delivery(READER, wanted, first.id, key="k")
    assert refused.value.rule == "slot_taken"
    assert (await library.deliveries.book_delivery(READER, wanted, second.id, key="k")).slot.starts == second.starts


async def test_own_hold_is_what_is_brought(library: OpenedLibrary) -> None:
    (wanted,) = await ids(library, "Абай жолы")
    await library.circulation.place_hold(READER, wanted, "chekhov", key="h")
    before = await on_shelf(library, wanted)
    await book(library, "Абай жолы")
    assert await on_shelf(library, wanted) == before
    assert await library.circulation.holds(READER) == ()


async def test_note_does_not_say_why(library: OpenedLibrary) -> None:
    delivery = await book(library, "Абай жолы", note="сначала позвоните, получатель незрячий, ждите у двери")
    job = await library.staff.deliveries.desk.job(delivery.id)
    assert job.note == delivery.note == "сначала позвоните, ждите у двери"


async def test_a_note_says_why_when_the_reader_agrees(library: OpenedLibrary) -> None:
    wanted = await ids(library, "Абай жолы")
    slots = await library.deliveries.delivery_slots(READER, wanted)
    note = "получатель не видит, незрячий"
    told = await library.deliveries.book_delivery(READER, wanted, slots[0].id, note=note, may_tell=True, key="k")
    assert told.note == (await library.staff.deliveries.desk.job(told.id)).note == note


async def test_courier_phone_only_while_somebody_is_on_the_way(library: OpenedLibrary) -> None:
    delivery = await book(library, "Абай жолы")
    desk = library.staff.deliveries.desk
    with pytest.raises(Refused, match="courier_not_on_the_way"):
        await library.deliveries.courier_phone(READER, delivery.id)
    await desk.advance(delivery.id, "on_the_way", actor="staff:1", courier="Ерлан")
    with pytest.raises(Refused, match="no_courier_phone"):
        await library.deliveries.courier_phone(READER, delivery.id)
    await desk.advance(delivery.id, "on_the_way", actor="staff:1", phone="+77010000099")
    assert await library.deliveries.courier_phone(READER, delivery.id) == "+77010000099"
    told = (await library.deliveries.deliveries(READER))[0]
    assert (told.status, told.courier, told.cancellable) == ("on_the_way", "Ерлан", False)
    with pytest.raises(Refused) as refused:
        await library.deliveries.cancel_delivery(READER, delivery.id, key="late")
    assert refused.value.rule == "too_late_to_cancel"


async def test_delivered_books_are_lent_and_collected_again(library: OpenedLibrary) -> None:
    delivery = await book(library, "Абай жолы", "Көшпенділер")
    desk = library.staff.deliveries.desk
    await desk.advance(delivery.id, "delivered", actor="staff:1")
    loans = await library.circulation.loans(READER)
    assert {loan.title for loan in loans} == {"Абай жолы", "Көшпенділер"}
    slots = await library.deliveries.collection_slots(READER, ())
    collection = await library.deliveries.book_collection(READER, [loans[0].id], slots[1].id, key="c")
    assert (collection.kind, collection.titles, collection.code) == ("collection", (loans[0].title,), "")
    await desk.advance(collection.id, "delivered", actor="staff:1")
    assert [loan.id for loan in await library.circulation.loans(READER)] == [loans[1].id]


async def test_failed_and_late_are_announced_once(library: OpenedLibrary, clock: Clock) -> None:
    delivery = await book(library, "Абай жолы")
    following, desk = library.staff.deliveries.following, library.staff.deliveries.desk
    assert delivery.news == ""
    clock.pass_by(hours=9)
    (late,) = await following.deliveries(READER)
    assert late.news == "late" and late.late
    await following.news_heard("100002", {late.id: "late"})  # somebody else's ticket changes nothing
    assert (await following.deliveries(READER))[0].news == "late"
    await following.news_heard(READER, {late.id: "late"})
    (late,) = await following.deliveries(READER)
    assert late.news == "" and late.late
    await desk.advance(delivery.id, "failed", actor="staff:1", why="nobody at home")
    assert [one.news for one in await following.deliveries(READER)] == ["failed"]
    (task,) = await library.staff.deliveries.books.tasks.tasks("delivery")
    assert task.delivery_id == delivery.id


async def test_callbacks(library: OpenedLibrary) -> None:
    tasks = library.staff.deliveries.books.tasks
    first = await library.callbacks.request_callback(READER, "station-3", "choosing a window", key="k")
    assert await library.callbacks.request_callback(READER, "station-3", "choosing a window", key="k") == first
    await library.callbacks.request_callback("", "+77010000055", "", key="other")
    assert [(task.ticket, task.caller, task.context) for task in await tasks.tasks("callback")] == [
        (READER, "station-3", "choosing a window"),
        ("", "+77010000055", ""),
    ]
    with pytest.raises(Refused, match="no_number"):
        await library.callbacks.request_callback("", "sip:anonymous@anonymous.invalid", "holds", key="nobody")
    with pytest.raises(Refused, match="no_number"):
        await library.callbacks.request_callback("", "", "holds", key="nobody else")
    for number in range(3):  # the same reader again: one call for all of it
        again = await library.callbacks.request_callback(
            READER, "+77010000001", f"holds {number % 2}", key=f"more {number}"
        )
        assert again.id == first.id
    (mine, _) = await tasks.tasks("callback")
    assert (mine.caller, mine.context) == ("+77010000001", "choosing a window; holds 0; holds 1")
    assert (await library.callbacks.request_callback("", "+77010000055", "x", key="line")).context == "x"
    assert len(await tasks.tasks("callback")) == 2
    await tasks.finish(first.id, "staff:1")
    assert (await library.callbacks.request_callback(READER, "+77010000001", "later", key="new")).id != first.id
    await tasks.finish((await tasks.tasks("callback"))[-1].id, "staff:1")
    assert [task.caller for task in await tasks.tasks()] == ["+77010000055"]
    with pytest.raises(NotFound):
        await tasks.finish(first.id, "staff:1")


async def test_a_booking_is_moved_once_and_all_else_stays(library: OpenedLibrary, clock: Clock) -> None:
    record = (await library.catalogue.search(Query(words="Абай жолы"))).records[0].id
    slots = await library.deliveries.delivery_slots("100001", [record])
    booked = await library.deliveries.book_delivery("100001", [record], slots[0].id, note="есікті қағыңыз", key="b")
    free = await library.deliveries.move_slots("100001")
    for _ in range(2):
        moved = await library.deliveries.move_delivery("100001", booked.id, free[3].id, key="m")
    assert (moved.slot, moved.id, moved.note, moved.code) == (free[3], booked.id, booked.note, booked.code)
    assert await library.deliveries.deliveries("100001") == (moved,)
    for ticket, number, slot, error in (
        ("100003", booked.id, free[4].id, NotFound), ("100001", "x", free[4].id, NotFound),
        ("100001", booked.id, "no such window", Refused),
    ):  # fmt: skip
        with pytest.raises(error):
            await library.deliveries.move_delivery(ticket, number, slot, key=f"{ticket} {number} {slot}")
    await library.deliveries.cancel_delivery("100001", booked.id, key="c")
    with pytest.raises(Refused, match="too_late_to_move"):
        await library.deliveries.move_delivery("100001", booked.id, free[4].id, key="late")


async def test_no_window_after_the_last_day_of_the_right_is_offered_or_booked(
    library: OpenedLibrary, clock: Clock
) -> None:
    record = (await library.catalogue.search(Query(words="Абай жолы"))).records[0].id
    every = await library.deliveries.delivery_slots("100001", [record])
    rights = library.staff.deliveries.privacy
    tomorrow = clock.now.date() + timedelta(days=1)
    await rights.entitle("100001", tomorrow, Entitlement("staff:1", "certificate"), actor="staff:1")
    offered = await library.deliveries.delivery_slots("100001", [record])
    assert offered and {slot.starts.date() for slot in offered} <= {clock.now.date(), tomorrow}
    with pytest.raises(Refused, match="slot_taken"):
        await library.deliveries.book_delivery("100001", [record], every[-1].id, key="late")
    clock.pass_by(days=1, hours=9)
    with pytest.raises(Refused, match="right_ends") as refused:
        await library.deliveries.delivery_slots("100001", [record])
    assert refused.value.values == {"date": f"{tomorrow:%d.%m.%Y}"}


async def test_two_devices_of_one_reader_book_one_delivery(library: OpenedLibrary) -> None:
    record = (await library.catalogue.search(Query(words="Абай жолы"))).records[0].id
    slots = await library.deliveries.delivery_slots("100001", [record])
    both = await asyncio.gather(
        *(library.deliveries.book_delivery("100001", [record], slots[n].id, key=f"device {n}") for n in range(2)),
        return_exceptions=True,
    )
    refused = [each for each in both if isinstance(each, Refused)]
    assert len(refused) == 1 and refused[0].rule in ("one_delivery_only", "already_coming")
    assert len(await library.deliveries.deliveries("100001")) == 1


async def test_one_delivery_goes_to_another_address_and_the_one_on_file_stays(library: OpenedLibrary) -> None:
    record = (await library.catalogue.search(Query(words="Абай жолы"))).records[0].id
    slots = await library.deliveries.delivery_slots("100001", [record])
    before = (await library.staff.deliveries.books.readers.contact("100001")).address
    with pytest.raises(Refused, match="outside_city"):
        await library.deliveries.book_delivery("100001", [record], slots[0].id, address="Қаскелең, 5", key="far")
    booked = await library.deliveries.book_delivery(
        "100001", [record], slots[0].id, address="Сәтбаев көшесі, 12", key="near"
    )
    assert booked.address_hint.startswith("Сәтбаев") and booked.address_hint.endswith("12")
    assert (await library.staff.deliveries.books.readers.contact("100001")).address == before
    assert [task.line.key for task in await library.staff.deliveries.books.tasks.tasks()] == ["address"]

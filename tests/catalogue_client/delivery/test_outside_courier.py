"""Deliveries that an outside courier carries: ordered once, followed to the end, never lost."""

from __future__ import annotations

import pytest

from catalogue_client.couriers.yandex.sandbox_faults import Fault
from catalogue_client.delivery.dispatch.dispatcher import prepare
from catalogue_client.delivery.outbox import lease
from catalogue_client.delivery.tracking import Whereabouts
from catalogue_client.delivery.windows import windows
from catalogue_client.errors import Refused, Unavailable
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.delivery.rig import READER, Rig

pytestmark = pytest.mark.real

HOUR = 3600


def accepted(rig: Rig) -> int:
    return sum(claim.accepted for claim in rig.sandbox.ledger.claims.values())


async def test_nothing_is_sent_before_the_reader_can_no_longer_take_it_back(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    assert (delivery.status, delivery.code) == ("requested", "")
    await rig.work(480)
    assert not rig.sandbox.ledger.claims
    assert (await rig.following.cancel_delivery(READER, delivery.id, key="c")).status == "cancelled"
    await rig.work(HOUR)
    assert not rig.sandbox.ledger.claims
    assert await rig.unsettled() == 0


async def test_a_delivery_goes_all_the_way(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы", "Көшпенділер")
    await rig.ordered()
    assert await rig.status(delivery) == "confirmed"
    await rig.work(60, step=60)
    (told,) = await rig.following.deliveries(READER)
    assert (told.status, told.courier, told.cancellable) == ("preparing", "Серік, ақ Kia Rio 123ABC02", True)
    await rig.work(1000)
    (told,) = await rig.following.deliveries(READER)
    assert told.status == "on_the_way" and told.expected is not None and told.expected > rig.clock.now
    assert await rig.following.courier_phone(READER, delivery.id) == "+77270000000,4712"
    await rig.work(HOUR)
    assert await rig.status(delivery) == "delivered"
    assert {loan.title for loan in await rig.library.circulation.loans(READER)} == {"Абай жолы", "Көшпенділер"}
    assert accepted(rig) == 1 and await rig.unsettled() == 0 and await rig.lines() == []


async def test_taking_back_what_a_courier_has_taken_on(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    await rig.ordered()
    assert (await rig.following.cancel_delivery(READER, delivery.id, key="c")).status == "cancelled"
    await rig.work(60, step=60)
    (claim,) = rig.sandbox.ledger.claims.values()
    assert claim.status == "cancelled" and await rig.unsettled() == 0


async def test_too_late_to_take_back(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    await rig.ordered()
    rig.pass_by(700)  # the courier stands at the library, but we have not heard of it yet
    with pytest.raises(Refused) as refused:
        await rig.following.cancel_delivery(READER, delivery.id, key="c")
    assert refused.value.rule == "too_late_to_cancel"
    rig.sandbox.faults.plan.append(Fault("500", "claims/cancel-info"))
    with pytest.raises(Unavailable):
        await rig.following.cancel_delivery(READER, delivery.id, key="d")
    assert await rig.status(delivery) in ("confirmed", "preparing")


async def test_another_courier_is_asked_when_one_gives_up(rig: Rig) -> None:
    rig.sandbox.ledger.scripts += [
        ["performer_lookup", "performer_not_found"],
        ["performer_found", "cancelled_by_taxi"],
    ]
    delivery = await rig.book("Абай жолы")
    await rig.work(3 * HOUR)
    assert await rig.status(delivery) == "delivered"
    assert len(rig.sandbox.ledger.by_request) == 3 and await rig.lines() == []


async def test_staff_take_over_when_nobody_comes(rig: Rig) -> None:
    rig.sandbox.ledger.scripts += [["performer_not_found"]] * 5
    delivery = await rig.book("Абай жолы")
    await rig.work(2 * HOUR)
    assert await rig.status(delivery) == "with_staff"
    assert len(rig.sandbox.ledger.claims) == 3
    assert [line for line in await rig.lines() if "No courier was found in 3 attempts" in line]
    assert [one.news for one in await rig.following.deliveries(READER)] == ["with_staff"]
    await rig.desk.advance(delivery.id, "delivered", actor="staff:1")
    assert len(await rig.library.circulation.loans(READER)) == 1


async def test_an_address_that_the_courier_does_not_know(rig: Rig) -> None:
    rig.sandbox.faults.plan.append(Fault("refused", "check-price", text="address_outside_delivery_zone"))
    with pytest.raises(Refused) as refused:
        await rig.book("Абай жолы")
    assert refused.value.rule == "outside_city"
    delivery = await rig.book("Абай жолы")
    rig.sandbox.faults.plan.append(Fault("refused", "claims/create", text="address_not_found"))
    await rig.ordered()
    assert await rig.status(delivery) == "with_staff"
    assert [line for line in await rig.lines() if "address_not_found" in line]


async def test_a_courier_whose_server_fails_for_half_an_hour(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    rig.sandbox.faults.rate = 1.0
    await rig.work(1800 + 600)
    assert await rig.status(delivery) == "requested"
    assert [line for line in await rig.lines() if "does not answer as it should" in line]
    rig.sandbox.faults.rate = 0.0
    await rig.work(3 * HOUR)
    assert await rig.status(delivery) == "delivered" and accepted(rig) == 1


async def test_too_many_requests_for_as_long_as_it_takes(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    # The reader's window is tomorrow at ten: until then the courier says 429.
    rig.sandbox.faults.plan += [Fault("429", retry_after=600)] * 2000
    await rig.work(26 * HOUR, step=HOUR)
    assert await rig.status(delivery) == "with_staff"
    assert [line for line in await rig.lines() if "Its window has begun" in line]
    rig.sandbox.faults.plan.clear()
    await rig.work(HOUR)
    assert accepted(rig) == 0 and await rig.unsettled() == 0


async def test_answers_older_than_the_news(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    await rig.ordered()
    rig.sandbox.faults.disorder = True
    for _ in range(10):
        rig.sandbox.faults.stale = 1
        await rig.work(240)
    rig.sandbox.faults.stale = 0
    await rig.work(HOUR)
    assert await rig.status(delivery) == "delivered" and accepted(rig) == 1


async def test_a_word_nobody_knows_and_nobody_at_home(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    await rig.ordered()
    (claim,) = rig.sandbox.ledger.claims.values()
    for word, status in (("hovering", "confirmed"), ("pickuped", "on_the_way"), ("returning", "returning")):
        rig.sandbox.ledger.set_status(claim.id, word)
        await rig.work_now()
        assert await rig.status(delivery) == status
    await rig.work(HOUR)
    assert await rig.status(delivery) == "failed"
    assert await rig.library.circulation.loans(READER) == ()
    assert [line for line in await rig.lines() if "failed" in line]


async def test_a_clock_ten_minutes_off(rig: Rig) -> None:
    rig.sandbox.faults.skew_s = -600
    delivery = await rig.book("Абай жолы")
    await rig.work(2 * HOUR)
    assert await rig.status(delivery) == "delivered"
    assert [line for line in await rig.lines() if "in minutes: -10." in line]


async def test_a_token_that_ended(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    rig.sandbox._token = "new"
    await rig.work(900)
    assert await rig.status(delivery) == "requested"
    assert [line for line in await rig.lines() if "new token" in line]


async def test_a_window_far_ahead_is_ordered_when_the_courier_takes_it(rig: Rig) -> None:
    wanted = [(await rig.library.catalogue.search(Query(words="Абай жолы"))).records[0].id]
    slots = [slot for slot, _ in windows(rig.books.delivery_policy, rig.clock.now, "")]
    late = next(slot for slot in slots if (slot.starts - rig.clock.now).days >= 7)
    delivery = await rig.bookings.book_delivery(READER, wanted, late.id, key="far")
    await rig.work(26 * HOUR, step=HOUR)
    assert await rig.status(delivery) == "requested" and not rig.sandbox.ledger.claims
    assert "delay_too_long" in (await rig.desk.job(delivery.id)).problem
    while not rig.sandbox.ledger.claims:
        await rig.work(HOUR, step=HOUR)
    await rig.work(9, step=3)
    await rig.work(3 * HOUR)
    assert accepted(rig) == 1 and await rig.status(delivery) == "delivered"
    assert not [line for line in await rig.lines() if "cannot go on" in line]


async def test_only_windows_that_the_courier_serves_are_offered(rig: Rig) -> None:
    wanted = [(await rig.library.catalogue.search(Query(words="Абай жолы"))).records[0].id]
    today = (await rig.bookings.delivery_slots(READER, wanted))[0].starts.date()
    assert today == rig.clock.now.date()
    rig.sandbox.hours = (10,)  # late in the evening only
    assert today not in [slot.starts.date() for slot in await rig.bookings.delivery_slots(READER, wanted)]
    rig.sandbox.hours = ()  # it does not say
    assert (await rig.bookings.delivery_slots(READER, wanted))[0].starts.date() == today


async def test_staff_see_where_the_courier_is(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    assert await rig.following.whereabouts(delivery.id) == Whereabouts()
    await rig.ordered()
    await rig.work(60, step=60)
    here = await rig.following.whereabouts(delivery.id)
    assert here.position == (76.945, 43.238) and here.link.startswith("https://")
    rig.sandbox.faults.rate = 1.0
    assert await rig.following.whereabouts(delivery.id) == Whereabouts()


async def test_a_worker_that_was_away_for_longer_than_its_lease_orders_nobody(rig: Rig) -> None:
    """As a machine that was paused between its lease and its request."""
    delivery = await rig.book("Абай жолы")
    rig.pass_by(601)
    paused = rig.dispatcher()
    async with rig.books.database.writing() as connection:
        messages = await lease(connection, rig.books.clock(), most=1, seconds=90)
        (errand,) = await prepare(connection, rig.books, messages)
    rig.pass_by(120)
    async with rig.books.database.writing() as connection:  # another worker takes it up, and is not done yet
        assert len(await lease(connection, rig.books.clock(), most=1, seconds=90)) == 1
    await paused._work_on(errand)
    assert rig.sandbox.ledger.claims == {}
    await rig.work(600, step=60)
    assert len(rig.sandbox.ledger.claims) == 1 and await rig.status(delivery) != "with_staff"

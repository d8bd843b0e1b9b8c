"""The cargo API's client, against a server that is as strict as the contract."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalogue_client.couriers.courier import Trip
from catalogue_client.couriers.errors import (
    CourierBusy,
    CourierSaysNo,
    CursorLost,
    NotAdmitted,
    OfferExpired,
    StateChanged,
    TooLateToWithdraw,
)
from catalogue_client.couriers.yandex.claims import load_statuses, money
from catalogue_client.couriers.yandex.sandbox import Sandbox
from catalogue_client.couriers.yandex.sandbox_faults import Fault, Kind
from catalogue_client.couriers.yandex.yandex_courier import YandexCourier
from catalogue_client.errors import BadAnswer, LibraryError, OutcomeUnknown, Unavailable
from tests.catalogue_client.couriers.sandboxes import courier_at, parcel, sender


async def accepted(courier: YandexCourier, sandbox: Sandbox, kind: str = "delivery") -> Trip:
    trip = await courier.order(parcel(kind=kind), "request", again=False)
    sandbox.ledger.advance(5)
    return await courier.accept(await courier.trip(trip.id))


async def test_a_parcel_goes_all_the_way(courier: YandexCourier, sandbox: Sandbox) -> None:
    await courier.check(parcel())
    trip = await courier.order(parcel(), "request", again=False)
    assert trip.stage == "estimating"
    sandbox.ledger.advance(5)
    offered = await courier.trip(trip.id)
    assert (offered.stage, offered.version, offered.price) == ("offered", 1, "1290.0000")
    seen = [(await courier.accept(offered)).stage]
    while seen[-1] != "delivered":
        sandbox.ledger.advance(30)
        now = await courier.trip(trip.id)
        if now.stage != seen[-1]:
            seen.append(now.stage)
    assert seen == ["confirmed", "preparing", "on_the_way", "arrived", "delivered"]


async def test_the_courier_is_known_and_can_be_called(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await accepted(courier, sandbox)
    with pytest.raises(Unavailable):
        await courier.phone(trip.id)
    assert (await courier.tracking_link(trip.id), await courier.position(trip.id)) == ("", None)
    sandbox.ledger.advance(60)
    found = await courier.trip(trip.id)
    assert found.courier == "Серік, ақ Kia Rio 123ABC02"
    assert await courier.phone(trip.id) == "+77270000000,4712"
    assert await courier.position(trip.id) == (76.945, 43.238)
    assert trip.id in await courier.tracking_link(trip.id)
    expected = await courier.expected(trip.id)
    assert expected is not None and timedelta(0) < expected - sandbox.ledger.now < timedelta(hours=1)


async def test_a_collection_starts_at_the_reader(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await accepted(courier, sandbox, "collection")
    (claim,) = sandbox.ledger.claims.values()
    source = claim.body["route_points"][0]
    assert (source["address"]["fullname"], source["contact"]["phone"]) == ("Абай даңғылы, 52", "+77010000001")
    assert "comment" in source["address"]
    sandbox.ledger.advance(60)
    assert (await courier.trip(trip.id)).stage == "on_the_way"
    sandbox.ledger.advance(700)
    assert (await courier.trip(trip.id)).stage == "arrived"


async def test_what_a_reader_reads_is_not_sent(courier: YandexCourier, sandbox: Sandbox) -> None:
    await courier.order(parcel(), "request", again=False)
    (claim,) = sandbox.ledger.claims.values()
    assert {item["title"] for item in claim.body["items"]} == {"Книга"}
    assert "client_requirements" not in claim.body
    assert all(isinstance(item["cost_value"], str) for item in claim.body["items"])


@pytest.mark.parametrize("kind", ["500", "lost", "html", "cut"])
@pytest.mark.parametrize("before", [True, False])
async def test_a_lost_answer_makes_no_second_order(
    courier: YandexCourier, sandbox: Sandbox, kind: Kind, before: bool
) -> None:
    sandbox.faults.plan.append(Fault(kind, "claims/create", before))
    with pytest.raises((OutcomeUnknown, BadAnswer)):
        await courier.order(parcel(), "request", again=False)
    first = await courier.order(parcel(), "request", again=True)
    assert (await courier.order(parcel(), "request", again=True)).id == first.id
    assert (await courier.order(parcel(), "request", again=False)).id == first.id
    assert len(sandbox.ledger.claims) == 1


async def test_yes_is_said_to_what_was_read(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await courier.order(parcel(), "request", again=False)
    with pytest.raises(StateChanged):
        await courier.accept(trip)  # still estimating
    sandbox.ledger.advance(5)
    sandbox.ledger.claims[trip.id].version = 2
    with pytest.raises(StateChanged):
        await courier.accept(trip)
    offered = await courier.trip(trip.id)
    await courier.accept(offered)
    with pytest.raises(StateChanged):
        await courier.accept(offered)
    assert sandbox.ledger.claims[trip.id].accepted == 1


async def test_an_offer_ends_after_ten_minutes(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await courier.order(parcel(), "request", again=False)
    sandbox.ledger.advance(5)
    offered = await courier.trip(trip.id)
    sandbox.ledger.advance(601)
    with pytest.raises(OfferExpired):
        await courier.accept(offered)
    assert (await courier.trip(trip.id)).over


async def test_taking_back_only_while_it_is_free(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await accepted(courier, sandbox)
    assert await courier.may_withdraw(trip.id)
    sandbox.ledger.advance(700)
    assert not await courier.may_withdraw(trip.id)
    with pytest.raises(TooLateToWithdraw):
        await courier.withdraw(await courier.trip(trip.id))
    second = await courier.order(parcel(), "second", again=False)
    assert (await courier.withdraw(second)).stage == "withdrawn"


async def test_the_journal_goes_on_from_its_place(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await accepted(courier, sandbox)
    first = await courier.news("")
    assert {one.trip_id for one in first.happenings} == {trip.id}
    assert (await courier.news(first.cursor)).happenings == ()
    sandbox.ledger.advance(60)
    sandbox.faults.disorder = True
    later = await courier.news(first.cursor)
    operations = [int(one.operation) for one in later.happenings]
    assert len(operations) == 2 * len(set(operations)) and operations[0] > operations[-1]
    with pytest.raises(CursorLost):
        await courier.news("nowhere")


async def test_a_word_that_is_not_known_leaves_the_stage_open(courier: YandexCourier, sandbox: Sandbox) -> None:
    trip = await courier.order(parcel(), "request", again=False)
    sandbox.ledger.set_status(trip.id, "hovering")
    assert (await courier.trip(trip.id)).stage is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "87010000001"}, "invalid_phone_must_start_plus_symbol"),
        ({"phone": "+49301234567"}, "country_phone_code_not_supported"),
        ({"phone": "+7701000000x"}, "invalid_phone_incorrect_symbol"),
        ({"address": "Қаскелең, Абай көшесі, 1"}, "address_outside_delivery_zone"),
        ({"address": "нет такой улицы"}, "address_not_found"),
        ({"items": ()}, "validation_error"),
    ],
)
async def test_the_order_itself_is_refused(courier: YandexCourier, changes: dict[str, object], code: str) -> None:
    with pytest.raises(CourierSaysNo) as refused:
        await courier.order(parcel(**changes), "request", again=False)
    assert refused.value.code == code


async def test_a_window_of_yesterday_is_refused(courier: YandexCourier, sandbox: Sandbox) -> None:
    yesterday = sandbox.ledger.now - timedelta(days=1)
    with pytest.raises(CourierSaysNo) as refused:
        await courier.order(parcel(yesterday), "request", again=False)
    assert refused.value.code == "due_in_past"


async def test_longitude_comes_first(sandbox: Sandbox) -> None:
    async with courier_at(sandbox) as courier:
        await courier.check(parcel())
    with pytest.raises(ValueError, match="coordinates"):
        sender("http://x", coordinates=[43.238, 176.945])
    with pytest.raises(ValueError, match="sender_phone"):
        sender("http://x", sender_phone="")


async def test_errors_of_the_way(courier: YandexCourier, sandbox: Sandbox) -> None:
    sandbox.faults.plan.append(Fault("429", retry_after=7))
    with pytest.raises(CourierBusy) as busy:
        await courier.trip("x")
    assert busy.value.retry_after_s == 7
    with pytest.raises(CourierSaysNo) as refused:
        await courier.trip("x")
    assert refused.value.code == "not_found"
    sandbox.faults.skew_s = 600
    await courier.check(parcel())
    assert 590 < courier.skew_s < 610
    async with courier_at(sandbox, token="old") as stranger:
        with pytest.raises(NotAdmitted):
            await stranger.check(parcel())


async def test_no_connection_is_no_outcome() -> None:
    courier = YandexCourier(sender("http://127.0.0.1:9"))
    for _ in range(2):
        with pytest.raises(Unavailable) as away:
            await courier.check(parcel())
        assert not isinstance(away.value, OutcomeUnknown)
    async with courier.connected("token"):
        with pytest.raises(Unavailable) as away:
            await courier.check(parcel())
        assert not isinstance(away.value, OutcomeUnknown)


async def test_a_server_that_hangs_is_left(sandbox: Sandbox) -> None:
    sandbox.faults.hang_s = 0.5
    sandbox.faults.plan.append(Fault("hang"))
    async with courier_at(sandbox) as courier:
        with pytest.raises(LibraryError):
            await courier.check(parcel())


async def test_intervals(courier: YandexCourier) -> None:
    intervals = await courier.intervals()
    assert len(intervals) == 3 and all(first < last for first, last in intervals)


def test_every_status_of_the_contract_means_something() -> None:
    contract = """new estimating estimating_failed ready_for_approval accepted performer_lookup performer_draft
        performer_found performer_not_found pickup_arrived ready_for_pickup_confirmation pickuped pay_waiting
        delivery_arrived ready_for_delivery_confirmation delivered delivered_finish returning return_arrived
        ready_for_return_confirmation returned returned_finish failed cancelled cancelled_with_payment
        cancelled_by_taxi cancelled_with_items_on_hands"""
    assert set(load_statuses()["delivery"]) == set(contract.split())


@pytest.mark.parametrize(
    ("told", "kept"),
    [("1290.0000", "1290.0000"), ("1e3", "1000"), ("12,50", ""), ("NaN", ""), ("", ""), (1290.1, ""), (None, "")],
)
def test_money_is_a_decimal_in_a_string(told: object, kept: str) -> None:
    assert money(told) == kept

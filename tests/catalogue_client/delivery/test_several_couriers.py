"""Couriers of the rules one after the other: the next one goes when the one before refuses, never two at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select, update

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.couriers.sender import Sender
from catalogue_client.couriers.yandex.sandbox_faults import Fault
from catalogue_client.delivery.bookings import Bookings
from catalogue_client.delivery.delivery_policy import DeliveryPolicy, load_delivery_policy
from catalogue_client.delivery.delivery_schema import deliveries
from catalogue_client.delivery.dispatch.delivery_service import _token
from catalogue_client.delivery.dispatch.dispatcher import Dispatcher
from catalogue_client.delivery.subject_rights import SubjectRights
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused, StorageError
from tests.catalogue_client.clock import Clock
from tests.catalogue_client.couriers.sandboxes import sender
from tests.catalogue_client.delivery.rig import READER, Rig, outside_courier

pytestmark = pytest.mark.real

OWN = Sender(kind="own_route", id="own_route")
HOUR = 3600


@pytest.fixture
async def rig(library: OpenedLibrary, clock: Clock) -> AsyncIterator[Rig]:
    """Yandex first, then the library's own rounds."""
    async with outside_courier(library, clock, OWN) as ready:
        yield ready


async def carrier(rig: Rig, number: str) -> str:
    async with rig.books.database.reading() as connection:
        query = select(deliveries.c.courier_id).where(deliveries.c.number == int(number))
        return str(await connection.scalar(query))


async def test_the_librarys_own_round_goes_when_the_courier_refuses(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    assert (delivery.status, delivery.code) == ("requested", "")
    rig.sandbox.faults.plan.append(Fault("refused", "claims/create", text="address_not_found"))
    await rig.ordered()
    (kept,) = await rig.following.deliveries(READER)
    assert (kept.status, await carrier(rig, delivery.id)) == ("confirmed", "own_route")
    assert len(kept.code) == 4 and kept.code.isdecimal()
    (line,) = await rig.lines()
    assert "own round" in line and "address_not_found" in line
    await rig.work(HOUR)
    assert not rig.sandbox.ledger.claims and await rig.unsettled() == 0
    for status in ("preparing", "on_the_way", "delivered"):
        await rig.desk.advance(delivery.id, status, actor="staff:1")
    assert [loan.title for loan in await rig.library.circulation.loans(READER)] == ["Абай жолы"]


async def test_the_own_round_goes_when_no_courier_is_found(rig: Rig) -> None:
    rig.sandbox.ledger.scripts += [["performer_not_found"]] * 5
    delivery = await rig.book("Абай жолы")
    await rig.work(2 * HOUR)
    assert (await rig.status(delivery), await carrier(rig, delivery.id)) == ("confirmed", "own_route")
    assert len(rig.sandbox.ledger.claims) == 3, "nobody is asked a fourth time"
    assert await rig.unsettled() == 0


async def test_it_is_taken_back_like_any_other_on_the_own_round(rig: Rig) -> None:
    rig.sandbox.ledger.scripts += [["performer_not_found"]] * 5
    delivery = await rig.book("Абай жолы")
    await rig.work(2 * HOUR)
    assert (await rig.following.cancel_delivery(READER, delivery.id, key="c")).status == "cancelled"
    await rig.work(HOUR)
    assert await rig.unsettled() == 0 and len(rig.sandbox.ledger.claims) == 3


async def test_a_no_after_an_answer_that_was_lost_is_for_a_person(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    rig.sandbox.faults.plan += [
        Fault("lost", "claims/create"),
        Fault("refused", "claims/create", text="address_not_found"),
    ]
    await rig.work(601, step=601)
    await rig.work(120, step=20)
    assert await carrier(rig, delivery.id) == "yandex"
    assert await rig.status(delivery) == "with_staff", "an order may have been made: two would come"


async def test_a_courier_that_gives_up_in_the_window_is_for_a_person(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    rig.sandbox.faults.plan += [Fault("429", retry_after=600)] * 2000
    await rig.work(26 * HOUR, step=HOUR)
    assert (await rig.status(delivery), await carrier(rig, delivery.id)) == ("with_staff", "yandex")


async def test_a_refused_address_is_offered_the_own_round_while_the_reader_is_there(rig: Rig) -> None:
    rig.sandbox.faults.plan.append(Fault("refused", "check-price", text="address_outside_delivery_zone"))
    assert (await rig.book("Абай жолы")).status == "requested"


async def test_a_courier_that_the_rules_no_longer_name_is_for_a_person(rig: Rig) -> None:
    delivery = await rig.book("Абай жолы")
    await rig.ordered()
    own = rig.books.delivery_policy.model_copy(update={"couriers": (OWN,)})
    alone = replace(rig.books, delivery_rules=lambda: own)
    async with rig.books.database.writing() as connection:
        await connection.execute(update(deliveries).values(status="requested"))
    await rig.desk.advance(delivery.id, "cancelled", actor="staff:1")
    assert await Dispatcher(alone, {}).work_off() == 1
    assert [line for line in await rig.lines() if "Make sure" in line and "yandex" in line]
    assert await rig.unsettled() == 0


async def test_each_district_has_its_couriers(library: OpenedLibrary, clock: Clock) -> None:
    async with outside_courier(library, clock, OWN) as rig:
        elsewhere = rig.books.delivery_policy.couriers[0].model_copy(update={"districts": ("Алатау",)})
        rules = rig.books.delivery_policy.model_copy(update={"couriers": (elsewhere, OWN)})
        right = Entitlement("staff:1", "certificate", district="Медеу")
        await SubjectRights(rig.books).entitle(READER, date(2030, 1, 1), right, actor="staff:1")
        here = replace(
            rig, bookings=Bookings(replace(rig.books, delivery_rules=lambda: rules), {"yandex": rig.courier})
        )
        delivery = await here.book("Абай жолы")
        assert (delivery.status, await carrier(rig, delivery.id)) == ("confirmed", "own_route")
        assert not rig.sandbox.ledger.claims


async def test_all_say_no(library: OpenedLibrary, clock: Clock) -> None:
    async with outside_courier(library, clock, sender("http://sandbox.invalid", id="second")) as rig:
        both = {"yandex": rig.courier, "second": rig.courier}
        rig = replace(rig, bookings=Bookings(rig.books, both))
        rig.sandbox.faults.plan += [Fault("refused", "check-price", text="address_outside_delivery_zone")] * 2
        with pytest.raises(Refused, match="outside_city"):
            await rig.book("Абай жолы")


async def test_a_second_outside_courier_is_asked_and_called_off(library: OpenedLibrary, clock: Clock) -> None:
    async with outside_courier(library, clock, sender("http://sandbox.invalid", id="second")) as rig:
        both = {"yandex": rig.courier, "second": rig.courier}
        delivery = await rig.book("Абай жолы")
        rig.sandbox.faults.plan.append(Fault("refused", "claims/create", text="address_not_found"))
        rig.pass_by(601)
        for _ in range(6):
            await Dispatcher(rig.books, both).work_off()
            rig.pass_by(3)
        assert (await carrier(rig, delivery.id), await rig.status(delivery)) == ("second", "confirmed")
        assert [claim.accepted for claim in rig.sandbox.ledger.claims.values()] == [True]
        await rig.desk.advance(delivery.id, "cancelled", actor="staff:1")
        await Dispatcher(rig.books, both).work_off()
        assert [claim.status for claim in rig.sandbox.ledger.claims.values()] == ["cancelled"]
        assert await rig.unsettled() == 0


def test_rules_that_leave_a_district_without_a_courier_are_a_mistake() -> None:
    rules = load_delivery_policy().model_dump()
    with pytest.raises(ValidationError, match=r"no courier goes to .*Медеу"):
        DeliveryPolicy.model_validate(rules | {"couriers": [{"kind": "own_route", "districts": ["Алатау"]}]})
    with pytest.raises(ValidationError, match="one id"):
        DeliveryPolicy.model_validate(rules | {"couriers": [{"kind": "own_route"}] * 2})
    with pytest.raises(ValidationError, match="Атлантида"):
        DeliveryPolicy.model_validate(rules | {"couriers": [{"kind": "own_route", "districts": ["Атлантида"]}]})


def test_each_courier_has_its_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageError, match="put the token into"):
        _token(tmp_path, "yandex", only=True)
    (tmp_path / "courier_token").write_text("one\n")
    assert _token(tmp_path, "yandex", only=True) == "one"
    with pytest.raises(StorageError, match='a line "second TOKEN"'):
        _token(tmp_path, "second", only=False)
    (tmp_path / "courier_token").write_text("yandex one\nsecond two\n")
    assert [_token(tmp_path, name, only=False) for name in ("yandex", "second")] == ["one", "two"]
    monkeypatch.setenv("DAUYS_COURIER_TOKEN_SECOND", "three")
    assert _token(tmp_path, "second", only=False) == "three"


def test_a_file_from_before_there_could_be_several_is_read(tmp_path: Path) -> None:
    text = (Path(load_delivery_policy.__code__.co_filename).parent / "delivery_policy.toml").read_text("utf-8")
    (tmp_path / "delivery.toml").write_text(text.replace("[[couriers]]", "[courier]"), "utf-8")
    assert load_delivery_policy(tmp_path) == load_delivery_policy()

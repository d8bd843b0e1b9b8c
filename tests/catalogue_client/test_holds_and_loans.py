"""Holds, queues, renewals, lending and taking back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import KeyReused, NotFound, Refused
from catalogue_client.values.bibliographic import Query
from tests.catalogue_client.clock import Clock


async def record_id(library: OpenedLibrary, words: str) -> str:
    return (await library.catalogue.search(Query(words=words))).records[0].id


async def test_hold_where_a_copy_stands_is_ready(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await record_id(library, "Абай жолы")
    before = await library.catalogue.shelves(wanted)
    hold = await library.circulation.place_hold("100001", wanted, before[0].place_id, key="k")
    assert (hold.status, hold.position) == ("ready", 0)
    assert hold.expires == clock.now.date() + timedelta(days=5)
    after = await library.catalogue.shelves(wanted)
    assert sum(shelf.copies for shelf in after) == sum(shelf.copies for shelf in before) - 1
    assert await library.circulation.holds("100001") == (hold,)


async def test_same_key_gives_the_same_hold(library: OpenedLibrary) -> None:
    wanted, other = await record_id(library, "Абай жолы"), await record_id(library, "Плаха")
    answers = await asyncio.gather(
        *(library.circulation.place_hold("100001", wanted, "metro-abay", key="k") for _ in range(8))
    )
    assert len(set(answers)) == 1
    assert len(await library.circulation.holds("100001")) == 1
    with pytest.raises(KeyReused):
        await library.circulation.place_hold("100001", other, "metro-abay", key="k")


@pytest.mark.parametrize("key", ["", "x" * 129])
async def test_key_has_a_length(library: OpenedLibrary, key: str) -> None:
    with pytest.raises(ValueError, match="1 to 128"):
        await library.circulation.place_hold("100001", "any", "metro-abay", key=key)


async def test_refusals(library: OpenedLibrary) -> None:
    wanted = await record_id(library, "Абай жолы")
    await library.circulation.place_hold("100001", wanted, "metro-abay", key="k")
    at_home = (await library.circulation.loans("100003"))[0].record_id
    for ticket, record, rule in (("100001", wanted, "already_held"), ("100003", at_home, "already_loaned")):
        with pytest.raises(Refused) as refused:
            await library.circulation.place_hold(ticket, record, "metro-abay", key=f"other {ticket}")
        assert refused.value.rule == rule
    for ticket, record, place in (
        ("nobody", wanted, "chekhov"),
        ("100002", "none", "chekhov"),
        ("100002", wanted, "none"),
    ):
        with pytest.raises(NotFound):
            await library.circulation.place_hold(ticket, record, place, key=f"{ticket} {record} {place}")


async def test_queue_moves_on(library: OpenedLibrary) -> None:
    wanted = await record_id(library, "Абай жолы")
    tickets = ["100001", "100002", "100003"]
    copies = sum(shelf.copies for shelf in await library.catalogue.shelves(wanted))
    assert copies == 2, "the fixed catalogue has two copies on the shelf"
    holds = [await library.circulation.place_hold(ticket, wanted, "metro-abay", key=ticket) for ticket in tickets]
    assert [hold.position for hold in holds] == [0, 0, 1]
    await library.circulation.cancel_hold("100001", holds[0].id, key="cancel")
    assert (await library.circulation.holds("100003"))[0].position == 0
    assert await library.circulation.holds("100001") == ()
    with pytest.raises(NotFound):
        await library.circulation.cancel_hold("100001", holds[0].id, key="again")
    with pytest.raises(NotFound):
        await library.circulation.cancel_hold("100001", holds[1].id, key="somebody else's")


async def test_hold_that_is_not_fetched_expires(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await record_id(library, "Абай жолы")
    place = (await library.catalogue.shelves(wanted))[0].place_id
    await library.circulation.place_hold("100001", wanted, place, key="k")
    clock.pass_by(days=6)
    assert [hold.status for hold in await library.circulation.holds("100001")] == ["expired"]
    again = await library.circulation.place_hold("100001", wanted, place, key="k2")
    assert again.status == "ready"
    assert [hold.id for hold in await library.circulation.holds("100001")] == [again.id]


async def test_the_last_day_of_a_hold_is_the_readers_own(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await record_id(library, "Абай жолы")
    place = (await library.catalogue.shelves(wanted))[0].place_id
    hold = await library.circulation.place_hold("100001", wanted, place, key="k")
    assert hold.expires is not None
    clock.pass_by(days=(hold.expires - clock.now.date()).days)
    assert await library.staff.holds.expire() == 0
    assert [mine.status for mine in await library.circulation.holds("100001")] == ["ready"]
    clock.pass_by(days=1)
    assert [mine.status for mine in await library.circulation.holds("100001")] == ["expired"]
    assert await library.staff.holds.expire() == 1
    assert await library.circulation.holds("100001") == ()


async def test_renewal_counts_from_the_day_it_is_due(library: OpenedLibrary, clock: Clock) -> None:
    late, soon, used_up = (await library.circulation.loans("100003"))[:3]
    renewed = await library.circulation.renew("100003", late.id, key="k1")
    assert renewed.due == clock.now.date() + timedelta(days=15)
    renewed = await library.circulation.renew("100003", soon.id, key="k2")
    assert (renewed.due, renewed.renewals_left) == (soon.due + timedelta(days=15), 1)
    assert await library.circulation.renew("100003", soon.id, key="k2") == renewed
    with pytest.raises(Refused) as refused:
        await library.circulation.renew("100003", used_up.id, key="k3")
    assert refused.value.rule == "no_renewals_left"
    with pytest.raises(NotFound):
        await library.circulation.renew("100001", soon.id, key="k4")


async def test_renewing_all_says_what_became_of_each(library: OpenedLibrary) -> None:
    outcomes = await library.circulation.renew_all("100003", key="k")
    assert sorted(outcome.renewed for outcome in outcomes) == [False, True, True, True, True]
    assert await library.circulation.renew_all("100003", key="k") == outcomes


@pytest.mark.parametrize("consent", [False, True])
async def test_a_book_is_returned_anywhere_and_who_had_it_is_kept_only_with_consent(
    library: OpenedLibrary, consent: bool
) -> None:
    books = library.staff.deliveries.books
    loan = (await library.circulation.loans("100003"))[-1]
    if consent:
        await books.readers.keep_history("100003", True, actor="staff")
        assert await library.circulation.history("100003") == ()
    async with books.database.writing() as connection:
        await books.loans.take_back(connection, loan.id, "metro-sairan")
    assert loan.id not in [one.id for one in await library.circulation.loans("100003")]
    assert "metro-sairan" in [shelf.place_id for shelf in await library.catalogue.shelves(loan.record_id)]
    read = (await library.staff.deliveries.privacy.export("100003", actor="staff"))["loans"]
    assert (loan.title in [one["title"] for one in read if one["returned"]]) is consent
    told = await library.circulation.history("100003")
    assert [one.title for one in told or ()] == ([loan.title] if consent else []) and (told is None) is not consent
    await books.readers.keep_history("100003", False, actor="staff")
    read = (await library.staff.deliveries.privacy.export("100003", actor="staff"))["loans"]
    assert [one for one in read if one["returned"]] == [] and len(read) == 4


async def test_a_suspended_hold_keeps_its_place_while_copies_go_to_others(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await record_id(library, "Абай жолы")
    first, second, third = [
        await library.circulation.place_hold(ticket, wanted, "metro-abay", key=ticket)
        for ticket in ("100001", "100002", "100003")
    ]
    until = clock.now.date() + timedelta(days=10)
    with pytest.raises(Refused, match="hold_ready"):
        await library.circulation.suspend_hold("100002", second.id, until, key="s2")
    waiting = await library.circulation.suspend_hold("100003", third.id, until, key="s3")
    assert (waiting.position, waiting.suspended_until) == (1, until)
    await library.circulation.cancel_hold("100001", first.id, key="c")
    assert (await library.circulation.holds("100003"))[0].position == 1, "the copy went back to the shelf"
    clock.pass_by(days=11)
    await library.staff.holds.expire()
    (hold,) = await library.circulation.holds("100003")
    assert (hold.position, hold.suspended_until) == (0, None)


async def test_a_hold_goes_on_at_once_when_its_suspension_is_ended(library: OpenedLibrary, clock: Clock) -> None:
    wanted = await record_id(library, "Абай жолы")
    holds = [
        await library.circulation.place_hold(ticket, wanted, "metro-abay", key=ticket)
        for ticket in ("100001", "100002", "100003")
    ]
    until = clock.now.date() + timedelta(days=10)
    await library.circulation.suspend_hold("100003", holds[2].id, until, key="s")
    await library.circulation.cancel_hold("100001", holds[0].id, key="c")
    hold = await library.circulation.suspend_hold("100003", holds[2].id, None, key="go on")
    assert hold.position == 0
    with pytest.raises(NotFound):
        await library.circulation.suspend_hold("100002", holds[2].id, until, key="somebody else's")


async def test_the_day_of_the_last_renewal_is_known(library: OpenedLibrary, clock: Clock) -> None:
    loan = next(loan for loan in await library.circulation.loans("100003") if loan.renewable)
    assert loan.renewed is None
    assert (await library.circulation.renew("100003", loan.id, key="r")).renewed == clock.now.date()

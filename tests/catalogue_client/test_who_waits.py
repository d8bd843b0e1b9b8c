"""A book that somebody waits for is not renewed; no other hold keeps anybody back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused
from catalogue_client.store.schema import copies
from catalogue_client.values.accounts import Loan
from tests.catalogue_client.clock import Clock


async def renewable(library: OpenedLibrary) -> Loan:
    return next(loan for loan in await library.circulation.loans("100003") if loan.renewable)


async def take_off_the_shelf(library: OpenedLibrary, record_id: str) -> None:
    async with library.staff.deliveries.books.database.writing() as connection:
        await connection.execute(
            update(copies).where(copies.c.record_id == record_id, copies.c.status == "shelf").values(status="repair")
        )


async def test_a_book_that_another_waits_for_is_not_renewed(library: OpenedLibrary, clock: Clock) -> None:
    loan = await renewable(library)
    await take_off_the_shelf(library, loan.record_id)
    hold = await library.circulation.place_hold("100001", loan.record_id, "metro-abay", key="h")
    assert hold.position == 1
    [mine] = [one for one in await library.circulation.loans("100003") if one.id == loan.id]
    assert (mine.renewable, mine.why_not) == (False, "waited_for")
    with pytest.raises(Refused) as refused:
        await library.circulation.renew("100003", loan.id, key="r")
    assert refused.value.rule == "waited_for"
    await library.circulation.cancel_hold("100001", hold.id, key="c")
    assert (await library.circulation.renew("100003", loan.id, key="r2")).due > loan.due


async def test_somebody_who_waits_for_another_title_keeps_nobody_back(library: OpenedLibrary, clock: Clock) -> None:
    loan = await renewable(library)
    other = next(one for one in await library.circulation.loans("100003") if one.record_id != loan.record_id)
    await take_off_the_shelf(library, other.record_id)
    assert (await library.circulation.place_hold("100001", other.record_id, "metro-abay", key="h")).position == 1
    assert (await library.circulation.renew("100003", loan.id, key="r")).due > loan.due


async def test_a_hold_that_has_its_copy_keeps_nobody_back(library: OpenedLibrary, clock: Clock) -> None:
    loan = await renewable(library)
    shelves = await library.catalogue.shelves(loan.record_id)
    assert shelves, "the demonstration's loan has another copy on a shelf"
    for place, key in ((shelves[0].place_id, "here"), ("metro-abay", "elsewhere")):
        hold = await library.circulation.place_hold("100001", loan.record_id, place, key=key)
        assert hold.position == 0
        [mine] = [one for one in await library.circulation.loans("100003") if one.id == loan.id]
        assert mine.renewable, (hold.status, mine.why_not)
        await library.circulation.cancel_hold("100001", hold.id, key=f"cancel {key}")


async def test_a_hold_that_has_expired_keeps_nobody_back(library: OpenedLibrary, clock: Clock) -> None:
    loan = await renewable(library)
    place = (await library.catalogue.shelves(loan.record_id))[0].place_id
    await library.circulation.place_hold("100001", loan.record_id, place, key="h")
    clock.pass_by(days=6)
    assert [hold.status for hold in await library.circulation.holds("100001")] == ["expired"]
    assert (await library.circulation.renew("100003", loan.id, key="r")).due > loan.due

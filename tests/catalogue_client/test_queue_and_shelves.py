"""What one reader's wait means for another's loan, and which copies count: by title, by format, by days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from catalogue_client.circulation.policy import load_circulation_policy
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import Refused
from catalogue_client.store.schema import copies, loans
from catalogue_client.values.bibliographic import Format, Query
from tests.catalogue_client.clock import Clock

READER, OTHER, MANY = "100001", "100002", "100003"


async def record_id(library: OpenedLibrary, words: str) -> str:
    return (await library.catalogue.search(Query(words=words))).records[0].id


async def lend(library: OpenedLibrary, ticket: str, wanted: str) -> int:
    """Lend a copy that stands on a shelf; its id."""
    books = library.staff.deliveries.books
    async with books.database.writing() as connection:
        taken = await books.items.take(connection, wanted, None, "kept")
        assert taken
        await books.loans.lend(connection, ticket, wanted, taken[0])
    return taken[0]


async def take_all_but(library: OpenedLibrary, wanted: str, number: int) -> None:
    """Leave so many copies of a title in use on shelves; the others are lost."""
    async with library.staff.deliveries.books.database.writing() as connection:
        mine = select(copies.c.id).where(copies.c.record_id == wanted, copies.c.status == "shelf").order_by(copies.c.id)
        for copy_id in (await connection.scalars(mine)).all()[number:]:
            await connection.execute(update(copies).where(copies.c.id == copy_id).values(status="lost"))


async def test_only_a_loan_that_somebody_waits_for_cannot_be_renewed(library: OpenedLibrary) -> None:
    waited, other = await record_id(library, "Абай жолы"), await record_id(library, "Плаха")
    await take_all_but(library, waited, 1)
    for wanted in (waited, other):
        await lend(library, READER, wanted)
    hold = await library.circulation.place_hold(OTHER, waited, "chekhov", key="h")
    assert hold.position == 1
    mine = {loan.record_id: loan for loan in await library.circulation.loans(READER)}
    assert (mine[waited].renewable, mine[waited].why_not) == (False, "waited_for")
    assert mine[other].renewable
    with pytest.raises(Refused, match="waited_for"):
        await library.circulation.renew(READER, mine[waited].id, key="r")
    await library.circulation.renew(READER, mine[other].id, key="r2")
    await library.circulation.cancel_hold(OTHER, hold.id, key="c")
    await library.circulation.renew(READER, mine[waited].id, key="r3")


async def test_a_title_of_which_no_copy_is_in_use_cannot_be_held(library: OpenedLibrary) -> None:
    gone, there = await record_id(library, "Абай жолы"), await record_id(library, "Плаха")
    await take_all_but(library, gone, 0)
    with pytest.raises(Refused, match="no_copy"):
        await library.circulation.place_hold(READER, gone, "chekhov", key="gone")
    await library.circulation.place_hold(READER, there, "chekhov", key="there")
    async with library.staff.deliveries.books.database.writing() as connection:  # nothing but this title is left
        await connection.execute(update(copies).where(copies.c.record_id == gone).values(status="loan"))
        elsewhere = copies.c.record_id != gone
        await connection.execute(update(copies).where(elsewhere, copies.c.status == "shelf").values(status="lost"))
    assert (await library.circulation.place_hold(READER, gone, "chekhov", key="again")).position == 1


async def test_copies_of_a_format_are_counted_alone(library: OpenedLibrary) -> None:
    wanted = await record_id(library, "Қан мен тер")
    async with library.staff.deliveries.books.database.writing() as connection:
        mine = copies.c.record_id == wanted
        ids = (await connection.scalars(select(copies.c.id).where(mine).order_by(copies.c.id))).all()
        assert len(ids) >= 3
        for number, copy_id in enumerate(ids):
            values = {"format": "braille" if number == 0 else "print", "status": "shelf", "place_id": "chekhov"}
            await connection.execute(update(copies).where(copies.c.id == copy_id).values(values))

    async def available(format: Format | None) -> int:
        found = (await library.catalogue.search(Query(title="Қан мен тер", format=format))).records
        return sum(shelf.copies for shelf in found[0].available)

    assert await available(Format.BRAILLE) == 1
    assert await available(Format.PRINT) == len(ids) - 1
    assert await available(None) == len(ids)
    async with library.staff.deliveries.books.database.writing() as connection:
        await connection.execute(update(copies).where(copies.c.id == ids[0]).values(status="loan"))
    assert await available(Format.BRAILLE) == 0


async def test_one_copy_that_comes_back_goes_to_one_reader_the_first(library: OpenedLibrary) -> None:
    wanted = await record_id(library, "Абай жолы")
    await take_all_but(library, wanted, 1)
    await lend(library, MANY, wanted)
    for ticket in (READER, OTHER):
        await library.circulation.place_hold(ticket, wanted, "chekhov", key=ticket)
    books = library.staff.deliveries.books
    (loan,) = (one for one in await library.circulation.loans(MANY) if one.record_id == wanted)
    async with books.database.writing() as connection:
        await books.loans.take_back(connection, loan.id, "chekhov")
    (first,), (second,) = await library.circulation.holds(READER), await library.circulation.holds(OTHER)
    assert (first.status, first.position) == ("ready", 0)
    assert (second.status, second.position) == ("waiting", 1)


@pytest.mark.parametrize(("more", "blocked"), [(0, False), (1, True)])
async def test_who_is_late_by_more_than_the_rules_allow_gets_nothing_new(
    library: OpenedLibrary, clock: Clock, more: int, blocked: bool
) -> None:
    wanted, late = await record_id(library, "Абай жолы"), await record_id(library, "Плаха")
    await lend(library, READER, late)
    due = clock.now.date() - timedelta(days=load_circulation_policy().blocks_after + more)
    async with library.staff.deliveries.books.database.writing() as connection:
        await connection.execute(update(loans).where(loans.c.ticket == READER).values(due=due))
        await connection.execute(delete(loans).where(loans.c.ticket == MANY))
    if blocked:
        with pytest.raises(Refused, match="overdue"):
            await library.circulation.place_hold(READER, wanted, "chekhov", key="h")
    else:
        assert await library.circulation.place_hold(READER, wanted, "chekhov", key="h")

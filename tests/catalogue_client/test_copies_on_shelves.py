"""Which copy is taken, of which format, and in which order places are named."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select

from catalogue_client.circulation.items import IN_TRANSIT, KEPT, ON_SHELF
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.schema import copies, holds, records
from catalogue_client.values.bibliographic import Format

BOOK = "only-here"
STANDS = (("chekhov", "print"), ("zhambyl", "braille"), ("zhambyl", "print"), ("metro-abay", "braille"))


async def with_a_book_of_our_own(library: OpenedLibrary) -> None:
    async with library.staff.deliveries.books.database.writing() as connection:
        book = {"id": BOOK, "title": "Біреу ғана", "language": "kk", "added": date(2026, 11, 24)}
        await connection.execute(insert(records).values(book))
        for place, form in STANDS:
            values = {"record_id": BOOK, "place_id": place, "format": form, "status": ON_SHELF}
            await connection.execute(insert(copies).values(values))


async def test_the_copy_at_the_place_of_the_hold_is_taken_before_older_ones_elsewhere(library: OpenedLibrary) -> None:
    await with_a_book_of_our_own(library)
    shelves = library.staff.deliveries.books.items
    async with library.staff.deliveries.books.database.writing() as connection:
        taken = [await shelves.take(connection, BOOK, "metro-abay", KEPT) for _ in range(5)]
    assert [one and one[1] for one in taken] == ["metro-abay", "chekhov", "zhambyl", "zhambyl", None]


async def test_only_copies_of_the_format_count(library: OpenedLibrary) -> None:
    await with_a_book_of_our_own(library)
    shelves = library.staff.deliveries.books.items
    async with library.staff.deliveries.books.database.reading() as connection:
        found = await shelves.of_records(connection, [BOOK], None, Format.BRAILLE)
        every = await shelves.of_records(connection, [BOOK])
    assert [(one.place_id, one.copies) for one in found[BOOK]] == [("metro-abay", 1), ("zhambyl", 1)]
    assert [(one.place_id, one.copies) for one in every[BOOK]] == [("zhambyl", 2), ("chekhov", 1), ("metro-abay", 1)]


async def test_a_book_whose_copies_are_all_lost_is_not_there_however_many_other_books_are(
    library: OpenedLibrary,
) -> None:
    books = library.staff.deliveries.books
    async with books.database.writing() as connection:
        await connection.execute(
            insert(records).values(id=BOOK, title="Жоғалған", language="kk", added=date(2026, 11, 24))
        )
        for status in ("lost", "lost"):
            await connection.execute(
                insert(copies).values(record_id=BOOK, place_id="chekhov", format="print", status=status)
            )
        assert not await books.items.exists(connection, BOOK)
        for status in (KEPT, ON_SHELF):
            await connection.execute(
                insert(copies).values(record_id=BOOK, place_id="chekhov", format="print", status=status)
            )
        assert await books.items.exists(connection, BOOK)


async def test_a_copy_that_comes_back_goes_to_the_first_who_waits_and_to_her_place(library: OpenedLibrary) -> None:
    await with_a_book_of_our_own(library)
    books = library.staff.deliveries.books
    placed = datetime(2026, 11, 24, 10).astimezone()
    async with books.database.writing() as connection:
        mine = select(copies.c.id).where(copies.c.record_id == BOOK).order_by(copies.c.id)
        first, second, third = (await connection.scalars(mine.limit(3))).all()
        for ticket, place in (("100001", "zhambyl"), ("100002", "chekhov")):
            waiting = {"ticket": ticket, "record_id": BOOK, "place_id": place, "status": "waiting", "placed": placed}
            await connection.execute(insert(holds).values(waiting))
        for copy in (first, second, third):
            await books.items.put_back(connection, copy, BOOK, "chekhov", date(2026, 11, 25))
        stands = select(copies.c.status, copies.c.place_id).where(copies.c.id.in_((first, second, third)))
        shelves = [tuple(row) for row in await connection.execute(stands.order_by(copies.c.id))]
        queue = select(holds.c.ticket, holds.c.copy_id, holds.c.status).where(holds.c.record_id == BOOK)
        kept = [tuple(row) for row in await connection.execute(queue.order_by(holds.c.id))]
    assert shelves == [(IN_TRANSIT, "chekhov"), (KEPT, "chekhov"), (ON_SHELF, "chekhov")]
    assert kept == [("100001", first, "waiting"), ("100002", second, "ready")]

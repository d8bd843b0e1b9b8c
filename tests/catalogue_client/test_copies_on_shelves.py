"""Which copy is taken, of which format, and in which order places are named."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert

from catalogue_client.circulation.items import KEPT, ON_SHELF
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.schema import copies, records
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

"""Books of the reading room: added, found, opened for those who may; places kept by consent and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.embedded_library import open_library
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.reading_schema import reading_places
from catalogue_client.values.books import Bookmark, BookRight, ReadingPlace
from tests.catalogue_client.clock import Clock

READER = "100001"


async def a_book(library: OpenedLibrary, right: BookRight = BookRight.EVERYBODY, words: str = "Раз. Два. Три.") -> str:
    return (await library.staff.books.add(words.encode(), "Степь.txt", right)).id


async def test_texts_ship_in_three_languages_and_are_found_by_their_names(library: OpenedLibrary) -> None:
    found = await library.reading_room.find_books("", "ru")
    assert {book.language for book in found} == {"kk", "ru", "en"} and found[0].language == "ru"
    (story,) = await library.reading_room.find_books("трамвай до гор", "kk")
    assert story.id == "dauys-story.ru"
    assert await library.reading_room.find_books("Ешқандай мұндай кітап жоқ", "kk") == ()


async def test_the_same_file_again_changes_its_right(library: OpenedLibrary) -> None:
    first = await a_book(library)
    assert await a_book(library, BookRight.MEMBERS) == first
    assert [book.right for book in await library.reading_room.find_books("степь", "ru")] == [BookRight.MEMBERS]


@pytest.mark.parametrize(
    ("right", "ticket", "at_library", "rule"),
    [
        (BookRight.EVERYBODY, "", False, None),
        (BookRight.MEMBERS, "", True, "book_members"),
        (BookRight.MEMBERS, READER, False, None),
        (BookRight.READING_ROOM, READER, False, "book_reading_room"),
        (BookRight.READING_ROOM, "", True, None),
        (BookRight.ELIGIBLE, "", True, "book_members"),
        (BookRight.ELIGIBLE, "100002", True, "book_eligible"),
    ],
)
async def test_who_may_not_read_hears_why(
    library: OpenedLibrary, right: BookRight, ticket: str, at_library: bool, rule: str | None
) -> None:
    book = await a_book(library, right)
    if rule is None:
        assert (await library.reading_room.open_book(book, ticket, at_library=at_library)).book.id == book
        return
    with pytest.raises(Refused) as refused:
        await library.reading_room.open_book(book, ticket, at_library=at_library)
    assert refused.value.rule == rule


async def test_a_verified_right_lasts_to_its_last_day(library: OpenedLibrary, clock: Clock) -> None:
    book = await a_book(library, BookRight.ELIGIBLE)
    today = clock().date()
    await library.staff.deliveries.privacy.entitle("100002", today, Entitlement(), actor="test")
    await library.reading_room.open_book(book, "100002", at_library=False)
    yesterday = today - timedelta(days=1)
    await library.staff.deliveries.privacy.entitle("100002", yesterday, Entitlement(), actor="test")
    with pytest.raises(Refused):
        await library.reading_room.open_book(book, "100002", at_library=False)


async def test_a_place_is_kept_only_by_consent_and_sealed(library: OpenedLibrary, home: Path) -> None:
    room, book = library.reading_room, await a_book(library)
    place = ReadingPlace(2, (Bookmark(1, "Бетбелгі"),))
    await room.keep_place(READER, book, place)
    assert (await room.open_book(book, READER, at_library=False)).place == ReadingPlace()
    await room.allow_places(READER, key="a")
    await room.allow_places(READER, key="b")
    await room.keep_place(READER, book, place)
    opened = await room.open_book(book, READER, at_library=False)
    assert (opened.place, opened.keeps_place) == (place, True)
    assert [each.id for each in await room.books_begun(READER)] == [book]
    async with library.staff.books._context.database.reading() as connection:
        kept = (await connection.execute(select(reading_places))).one()
        assert book not in str(kept) and READER not in str(kept) and "Бет".encode() not in kept.sealed


async def test_a_book_that_is_gone_leaves_its_place_for_its_return(library: OpenedLibrary) -> None:
    room, book = library.reading_room, await a_book(library)
    await room.allow_places(READER, key="a")
    await room.keep_place(READER, book, ReadingPlace(2))
    await library.staff.books.remove(book)
    assert await room.books_begun(READER) == ()
    with pytest.raises(NotFound):
        await room.open_book(book, READER, at_library=False)
    with pytest.raises(NotFound):
        await room.keep_place(READER, book, ReadingPlace(1))
    await a_book(library)
    assert (await room.open_book(book, READER, at_library=False)).place.sentence == 2


async def test_places_are_exported_and_erased_with_the_rest(library: OpenedLibrary) -> None:
    room, book = library.reading_room, await a_book(library)
    await room.allow_places(READER, key="a")
    await room.keep_place(READER, book, ReadingPlace(2, (Bookmark(1, "x"),)))
    exported = await library.staff.deliveries.privacy.export(READER, actor="test")
    assert [(each["title"], each["sentence"]) for each in exported["reading"]] == [("Степь", 2)]
    await library.staff.deliveries.privacy.erase(READER, actor="test")
    opened = await room.open_book(book, READER, at_library=False)
    assert (opened.place, opened.keeps_place) == (ReadingPlace(), False)


async def test_places_outlive_the_process(home: Path, clock: Clock) -> None:
    async with open_library(home, clock=clock, pepper=b"pepper") as library:
        book = await a_book(library)
        await library.reading_room.allow_places(READER, key="a")
        await library.reading_room.keep_place(READER, book, ReadingPlace(1))
    async with open_library(home, clock=clock, pepper=b"pepper") as library:
        assert (await library.reading_room.open_book(book, READER, at_library=False)).place.sentence == 1
        await library.reading_room.forget_places(READER)
        assert await library.reading_room.books_begun(READER) == ()
        async with library.staff.books._context.database.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM reading_consents")) == 0

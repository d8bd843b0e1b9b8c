"""The reader's side of the reading room: which books may be read, and where she is in each, kept only by consent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.books.book_holdings import BookHoldings
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import NotFound
from catalogue_client.store.encryption import opened, sealed
from catalogue_client.store.reading_schema import reading_consents, reading_places
from catalogue_client.store.upsert import insert_if_absent, upsert
from catalogue_client.values.books import Bookmark, HeldBook, OpenBook, ReadingPlace

MOST_BEGUN = 50
"""Books that "what was I reading" goes through."""
MOST_BOOKMARKS = 200


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """What is sealed of one reader in one book."""

    book_id: str = ""
    title: str = ""
    """For the reader's export, should the book be gone by then."""
    sentence: int = 0
    bookmarks: tuple[Bookmark, ...] = ()


class EmbeddedReadingRoom:
    """Implements the protocol ReadingRoom with the embedded store."""

    def __init__(self, context: StoreContext, holdings: BookHoldings) -> None:
        self._context = context
        self._holdings = holdings

    async def find_books(self, words: str, language: str) -> tuple[HeldBook, ...]:
        """Return the books that `words` name; all without words."""
        return await self._holdings.find(words, language)

    async def copies_of(self, record_id: str) -> tuple[HeldBook, ...]:
        """Return the books that are copies of a record."""
        return await self._holdings.copies_of(record_id)

    async def open_book(self, book_id: str, ticket: str, *, at_library: bool) -> OpenBook:
        """Raises NotFound, Refused."""
        book = await self._holdings.book(book_id)
        await self._holdings.check_right(book, ticket, at_library=at_library)
        text = await self._holdings.text(book_id)
        if not ticket:
            return OpenBook(book, text)
        async with self._context.database.reading() as connection:
            agreed = await self._agreed(connection, ticket)
            mine = reading_places.c.reader == self._reader(ticket), reading_places.c.book == self._digest(book_id)
            kept = await connection.scalar(select(reading_places.c.sealed).where(*mine))
        place = opened(self._context.encryption, kept, KeptPlace)
        last = sum(len(block.sentences) for block in text.blocks) - 1
        return OpenBook(book, text, ReadingPlace(min(place.sentence, last), place.bookmarks), agreed)

    async def books_begun(self, ticket: str) -> tuple[HeldBook, ...]:
        """Return the books that the reader is in, the last read first."""
        mine = select(reading_places.c.sealed).where(reading_places.c.reader == self._reader(ticket))
        async with self._context.database.reading() as connection:
            kept = (await connection.scalars(mine.order_by(reading_places.c.at.desc()).limit(MOST_BEGUN))).all()
        found = []
        for each in kept:
            try:
                found.append(await self._holdings.book(opened(self._context.encryption, each, KeptPlace).book_id))
            except NotFound:
                continue  # taken out of the reading room; its place waits for it to come back
        return tuple(found)

    async def allow_places(self, ticket: str, *, key: str) -> None:
        """The same agreement again changes nothing."""
        given = {"reader": self._reader(ticket), "given": self._context.clock()}
        async with self._context.database.writing() as connection:
            await insert_if_absent(connection, reading_consents, given)

    async def keep_place(self, ticket: str, book_id: str, place: ReadingPlace) -> None:
        """Nothing is kept of a reader who has not agreed. Raises NotFound."""
        title = (await self._holdings.book(book_id)).title
        kept = KeptPlace(book_id, title, place.sentence, place.bookmarks[-MOST_BOOKMARKS:])
        row = {
            "reader": self._reader(ticket), "book": self._digest(book_id),
            "sealed": sealed(self._context.encryption, kept), "at": self._context.clock(),
        }  # fmt: skip
        async with self._context.database.writing() as connection:
            if await self._agreed(connection, ticket):
                await upsert(connection, reading_places, row)

    async def forget_places(self, ticket: str) -> None:
        """Forget the reader's places, and that she had agreed."""
        async with self._context.database.writing() as connection:
            for table in (reading_places, reading_consents):
                await connection.execute(delete(table).where(table.c.reader == self._reader(ticket)))

    async def _agreed(self, connection: AsyncConnection, ticket: str) -> bool:
        query = select(reading_consents.c.reader).where(reading_consents.c.reader == self._reader(ticket))
        return await connection.scalar(query) is not None

    def _reader(self, ticket: str) -> str:
        return self._context.encryption.pseudonym("reader", ticket)

    def _digest(self, book_id: str) -> str:
        return self._context.encryption.digest("book", book_id)

"""The books that the reading room holds: added from files, found by words, opened for those who may read them."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections import OrderedDict

from pydantic import TypeAdapter
from rapidfuzz import fuzz
from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.books.errors import BookTooLarge
from catalogue_client.books.formats.any_format import read_book
from catalogue_client.books.limits import MOST_FILE_BYTES
from catalogue_client.books.shipped_texts import held, shipped_books
from catalogue_client.circulation.entitlements import right_of
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.errors import NotFound, Refused
from catalogue_client.store.reading_schema import books
from catalogue_client.values.books import BookRight, BookText, HeldBook
from languages.folding import fold

MOST_OPEN_TEXTS = 8
"""Texts that stay unpacked: forty readers seldom read more books than that at once."""
MIN_LIKENESS = 82
"""rapidfuzz's score, 0 to 100, from which a title or an author is what was asked for."""
_TEXT = TypeAdapter(BookText)
_ABOUT = (
    books.c.id,
    books.c.title,
    books.c.author,
    books.c.language,
    books.c.who_may,
    books.c.record_id,
    books.c.words,
)


class BookHoldings:
    """The store of books."""

    def __init__(self, context: StoreContext) -> None:
        self._context = context
        self._texts: OrderedDict[str, BookText] = OrderedDict()

    async def add(self, data: bytes, file_name: str, right: BookRight, record_id: str = "") -> HeldBook:
        """Add the book of a file and return it; the same file again changes its right and record.

        Raises BookFileError when it cannot be read.
        """
        if len(data) > MOST_FILE_BYTES:
            raise BookTooLarge(f"{file_name} has more than {MOST_FILE_BYTES // 2**20} MB")
        text = await asyncio.to_thread(read_book, data, file_name)
        book = held("b" + hashlib.sha256(data).hexdigest()[:15], text, right, record_id)
        packed = await asyncio.to_thread(lambda: zlib.compress(_TEXT.dump_json(text), 6))
        row = {
            "id": book.id, "record_id": record_id, "title": book.title, "author": book.author,
            "language": book.language, "who_may": right.value, "words": book.words, "text": packed,
            "added": self._context.clock().date(),
        }  # fmt: skip
        async with self._context.database.writing() as connection:
            await connection.execute(delete(books).where(books.c.id == book.id))
            await connection.execute(insert(books).values(row))
        return book

    async def remove(self, book_id: str) -> HeldBook:
        """Take a book out of the reading room and return it. Readers' places in it stay until they are erased: when the
        book comes back they are right again. Raises NotFound, also for a text that ships."""
        async with self._context.database.writing() as connection:
            book = await self._row(connection, book_id)
            await connection.execute(delete(books).where(books.c.id == book_id))
        self._texts.pop(book_id, None)
        return book

    async def all(self) -> tuple[HeldBook, ...]:
        """Return every book, the newest first, the texts that ship behind them."""
        newest = select(*_ABOUT).order_by(books.c.added.desc(), books.c.title)
        async with self._context.database.reading() as connection:
            own = [_held(row) for row in await connection.execute(newest)]
        return (*own, *(book for book, _ in shipped_books().values()))

    async def find(self, words: str, language: str) -> tuple[HeldBook, ...]:
        """Return the books whose title or author `words` name, the likest first, those in `language` before others;
        all of them, those in `language` first, when there are no words."""
        wanted = fold(words)
        found = []
        for at, book in enumerate(await self.all()):
            likeness = _likeness(wanted, book) if wanted else 100.0
            if likeness >= MIN_LIKENESS:
                found.append((-round(likeness / 5), book.language != language, at, book))
        return tuple(book for *_, book in sorted(found, key=lambda each: each[:3]))

    async def copies_of(self, record_id: str) -> tuple[HeldBook, ...]:
        """Return the books that were added as copies of a record of the catalogue."""
        async with self._context.database.reading() as connection:
            rows = await connection.execute(select(*_ABOUT).where(books.c.record_id == record_id))
            return tuple(_held(row) for row in rows)

    async def book(self, book_id: str) -> HeldBook:
        """Return what is known of a book. Raises NotFound."""
        if book_id in shipped_books():
            return shipped_books()[book_id][0]
        async with self._context.database.reading() as connection:
            return await self._row(connection, book_id)

    async def text(self, book_id: str) -> BookText:
        """Return the text of a book. Raises NotFound."""
        if book_id in shipped_books():
            return shipped_books()[book_id][1]
        if book_id in self._texts:
            self._texts.move_to_end(book_id)
            return self._texts[book_id]
        async with self._context.database.reading() as connection:
            packed = await connection.scalar(select(books.c.text).where(books.c.id == book_id))
        if packed is None:
            raise NotFound("no such book in the reading room")
        text = await asyncio.to_thread(lambda: _TEXT.validate_json(zlib.decompress(packed)))
        self._texts[book_id] = text
        while len(self._texts) > MOST_OPEN_TEXTS:
            self._texts.popitem(last=False)
        return text

    async def check_right(self, book: HeldBook, ticket: str, *, at_library: bool) -> None:
        """Raises Refused for who may not read a book: "book_members", "book_eligible" or "book_reading_room".

        `ticket` is "" where nobody has said who they are; `at_library` at the library's own devices.
        """
        match book.right:
            case BookRight.MEMBERS if not ticket:
                raise Refused("book_members")
            case BookRight.READING_ROOM if not at_library:
                raise Refused("book_reading_room")
            case BookRight.ELIGIBLE:
                async with self._context.database.reading() as connection:
                    right = await right_of(connection, self._context.encryption, ticket) if ticket else None
                if right is None or right.until is None or right.until < self._context.clock().date():
                    raise Refused("book_eligible" if ticket else "book_members")

    async def _row(self, connection: AsyncConnection, book_id: str) -> HeldBook:
        row = (await connection.execute(select(*_ABOUT).where(books.c.id == book_id))).first()
        if row is None:
            raise NotFound("no such book in the reading room")
        return _held(row)


def _held(row: Row[str, str, str, str, str, str, int]) -> HeldBook:
    book_id, title, author, language, who_may, record_id, words = row
    return HeldBook(book_id, title, author, language, BookRight(who_may), record_id, words)


def _likeness(wanted: str, book: HeldBook) -> float:
    title = fold(book.title)
    both = fold(f"{book.title} {book.author}")
    return max(fuzz.ratio(wanted, title), fuzz.token_set_ratio(wanted, both))

"""How the commands of the reading room are carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from catalogue_client.protocols import ReadingRoom
from voice.dialogue.commands import Answer, AnyCommand
from voice.dialogue.reading_room import reading_commands as ask_for
from voice.reading.book_map import BookToRead, book_map
from voice.reading.book_moves import TextFound, found_after


def reading_room_commands(room: ReadingRoom) -> dict[type[AnyCommand], Callable[[Any, str], Awaitable[Answer]]]:
    """Return how each command is carried out, by its type."""
    return {
        ask_for.FindBooks: lambda ask, key: room.find_books(ask.words, ask.language),
        ask_for.CopiesToRead: lambda ask, key: room.copies_of(ask.record_id),
        ask_for.ListBooksBegun: lambda ask, key: room.books_begun(ask.ticket),
        ask_for.OpenToRead: lambda ask, key: _to_read(room, ask),
        ask_for.FindInBook: lambda ask, key: _found(ask),
        ask_for.JoinPlaces: lambda ask, key: room.open_book(ask.book.id, ask.ticket, at_library=ask.at_library),
        ask_for.AllowPlaces: lambda ask, key: room.allow_places(ask.ticket, key=key),
        ask_for.ForgetPlaces: lambda ask, key: room.forget_places(ask.ticket),
    }


async def _to_read(room: ReadingRoom, ask: ask_for.OpenToRead) -> BookToRead:
    """Lay the book out beside the thread of the conversations: a huge one holds up no other caller."""
    opened = await room.open_book(ask.book.id, ask.ticket, at_library=ask.at_library)
    return BookToRead(opened, await asyncio.to_thread(book_map, opened.text))


async def _found(ask: ask_for.FindInBook) -> TextFound:
    return TextFound(await asyncio.to_thread(found_after, ask.map, ask.words, ask.at))

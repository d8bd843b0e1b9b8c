"""What goes through a whole book is done beside the thread of the conversations."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from catalogue_client.protocols import ReadingRoom
from catalogue_client.values.books import OpenBook
from tests.voice.dialogue.small_library import BOOK_TEXT, HELD
from voice.assistant.reading.reading_room_commands import reading_room_commands
from voice.dialogue.reading_room.reading_commands import FindInBook, OpenToRead
from voice.reading.book_map import BookToRead, book_map
from voice.reading.book_moves import TextFound

threads = set[int]()


class Watched(tuple[Any, ...]):
    """Notes which threads go through it."""

    def __iter__(self) -> Iterator[Any]:
        threads.add(threading.get_ident())
        return super().__iter__()

    def __getitem__(self, at: Any) -> Any:
        threads.add(threading.get_ident())
        return super().__getitem__(at)


class OneBook:
    """A room with one book."""

    async def open_book(self, book_id: str, ticket: str, *, at_library: bool) -> OpenBook:
        return OpenBook(HELD[0], replace(BOOK_TEXT, blocks=Watched(BOOK_TEXT.blocks)))


async def test_a_book_is_laid_out_and_searched_beside_the_conversations() -> None:
    works = reading_room_commands(cast(ReadingRoom, OneBook()))
    threads.clear()
    opened = await works[OpenToRead](OpenToRead(HELD[0], "", False), "key")
    assert isinstance(opened, BookToRead) and opened.map.length == 8
    assert threads and threading.get_ident() not in threads
    layout = book_map(BOOK_TEXT)
    watched = replace(layout, sentences=Watched(layout.sentences))
    threads.clear()
    assert await works[FindInBook](FindInBook(watched, "бала кетті", 0), "key") == TextFound(7)
    assert threads and threading.get_ident() not in threads

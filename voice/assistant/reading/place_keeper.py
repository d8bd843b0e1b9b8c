"""Keeps where a reader is in a book while it is heard, sentence by sentence, without holding up what is said."""

from __future__ import annotations

import asyncio
import logging

from catalogue_client.errors import LibraryError
from catalogue_client.protocols import ReadingRoom
from catalogue_client.values.books import ReadingPlace
from voice.dialogue.context import DialogueContext
from voice.dialogue.reading_room.reading_states import ReadingBook

log = logging.getLogger(__name__)

FINISH_S = 5.0
"""A conversation that has ended waits no longer for its last place."""

PlaceToKeep = tuple[str, str, ReadingPlace]
"""Ticket, book and place."""


class PlaceKeeper:
    """One reader's places. One write at a time, and always the newest place: a slow store loses no order."""

    def __init__(self, room: ReadingRoom | None) -> None:
        """Without `room` nothing is kept."""
        self._room = room
        self._kept: PlaceToKeep | None = None
        self._wanted: PlaceToKeep | None = None
        self._writing: asyncio.Task[None] | None = None

    def keep(self, context: DialogueContext) -> None:
        """Keep the place of the book that is open, if the reader has agreed to that."""
        state = context.state
        if self._room is None or context.reader is None or not isinstance(state, ReadingBook):
            return
        if not state.keeps:
            self._kept = self._wanted = None  # what was written may be forgotten: the same place is a new one then
            return
        if state.ticket != context.reader.ticket:
            return  # what is kept of this reader is not in it and would be lost
        wanted = (context.reader.ticket, state.book.id, state.place)
        if wanted in (self._wanted, self._kept):
            return
        self._wanted = wanted
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(self._room))

    async def finish(self) -> None:
        """Wait until the last place is kept."""
        if self._writing:
            await asyncio.wait([self._writing], timeout=FINISH_S)

    async def _write(self, room: ReadingRoom) -> None:
        while self._wanted is not None and self._wanted != self._kept:
            ticket, book_id, place = wanted = self._wanted
            try:
                await room.keep_place(ticket, book_id, place)
            except LibraryError as error:
                log.warning("a place in a book could not be kept: %s", type(error).__name__)
                self._wanted = None  # the next sentence tries again
                return
            except Exception:
                log.exception("a place in a book could not be kept")
                self._wanted = None
                return
            if self._wanted is wanted:
                self._kept = wanted

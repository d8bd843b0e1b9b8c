"""What is kept of a reader and where she is now come together: nothing kept is written over unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from catalogue_client.values.books import Bookmark, ReadingPlace
from voice.dialogue.context import DialogueContext
from voice.dialogue.reading_room.reading_commands import JoinPlaces
from voice.dialogue.reading_room.reading_states import ReadingBook
from voice.values.intents import Intent

MOST_BOOKMARKS = 200


def joining(context: DialogueContext, *, signs_in: bool = False, then: Intent | None = None) -> JoinPlaces | None:
    """Return what is to be asked for the nearest open book without the reader's kept place; None without one."""
    for state in (context.state, *reversed(context.trail)):
        if isinstance(state, ReadingBook) and context.reader and state.ticket != context.reader.ticket:
            return JoinPlaces(state.book, context.reader.ticket, context.profile.line.at_library, signs_in, then)
    return None


def in_every_book(context: DialogueContext, change: Callable[[ReadingBook], ReadingBook]) -> DialogueContext:
    """Change every book that is open, here or behind."""
    state = change(context.state) if isinstance(context.state, ReadingBook) else context.state
    trail = tuple(change(each) if isinstance(each, ReadingBook) else each for each in context.trail)
    return replace(context, state=state, trail=trail)


def joined(state: ReadingBook, kept: ReadingPlace, ticket: str, *, keeps: bool) -> ReadingBook:
    """Return a book with what is kept of a reader. She stays where she is; the kept place becomes a bookmark, unless
    she has not begun yet. Of another reader who had it open nothing stays."""
    own = () if state.ticket else state.bookmarks
    at = state.at if state.at and not state.ticket else kept.sentence
    marked = {each.sentence for each in (*kept.bookmarks, *own)} | {0, at}
    left = () if kept.sentence in marked else (Bookmark(kept.sentence),)
    bookmarks = tuple(dict.fromkeys((*kept.bookmarks, *left, *own)))[-MOST_BOOKMARKS:]
    to = state.to if at == state.at else at
    return replace(state, at=at, to=to, bookmarks=bookmarks, keeps=keeps, ticket=ticket)

"""The reader's own lists: books put aside for later, authors whose new books she wants to hear of. Hers alone, so they
need no read-back."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.bibliographic import Record
from voice.dialogue.commands.command import Command
from voice.values.intents import Intent


@dataclass(frozen=True, slots=True)
class ListShelf(Command[tuple[Record, ...]]):
    """Answered with tuple[Record, ...], the latest first."""

    ticket: str


@dataclass(frozen=True, slots=True)
class PutAside(Command[None]):
    """Answered with None."""

    outlives_deadline = True
    ticket: str
    record: Record


@dataclass(frozen=True, slots=True)
class TakeOffShelf(Command[None]):
    """Answered with None."""

    outlives_deadline = True
    ticket: str
    record: Record


@dataclass(frozen=True, slots=True)
class FollowAuthor(Command[None]):
    """Say this author's new books from now on, or no more. Answered with None."""

    outlives_deadline = True
    ticket: str
    author: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class ListAuthorNews(Command[tuple[Record, ...]]):
    """Books of followed authors that came since the reader last heard of them; `then` goes on. Answered with
    tuple[Record, ...]."""

    ticket: str
    then: Intent | None = None

"""How the commands about a reader's own lists are carried out: her shelf, and new books of authors whom she follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from catalogue_client.errors import NotFound
from catalogue_client.library import Library
from catalogue_client.values.bibliographic import Query, Record
from voice.dialogue import commands
from voice.dialogue.commands import Answer, AnyCommand

MOST_BOOKS = 200
"""Of one author, looked through for new ones."""


def shelf_commands(library: Library) -> dict[type[AnyCommand], Callable[[Any, str], Awaitable[Answer]]]:
    """Return how each command is carried out, by its type."""
    lists = library.reader_lists

    async def shelf(ask: commands.ListShelf, key: str) -> Answer:
        found = []
        for record_id in await lists.shelf(ask.ticket):
            try:
                found.append(await library.catalogue.record(record_id))
            except NotFound:
                continue  # the catalogue has it no more
        return tuple(found)

    async def books_of(author: str) -> tuple[Record, ...]:
        return (await library.catalogue.search(Query(author=author, limit=MOST_BOOKS))).records

    async def follow(ask: commands.FollowAuthor, key: str) -> Answer:
        if not ask.wanted:
            await lists.unfollow_author(ask.ticket, ask.author, key=key)
            return None
        known = tuple(record.id for record in await books_of(ask.author))
        await lists.follow_author(ask.ticket, ask.author, known, key=key)
        return None

    async def news(ask: commands.ListAuthorNews, key: str) -> Answer:
        found: dict[str, Record] = {}
        for n, followed in enumerate(await lists.followed_authors(ask.ticket)):
            books = await books_of(followed.author)
            new = {record.id: record for record in books if record.id not in followed.known}
            if new:
                known = (*followed.known, *new)
                await lists.follow_author(ask.ticket, followed.author, known, key=f"{key}:{n}")
            found |= new
        return tuple(found.values())

    return {
        commands.ListShelf: shelf,
        commands.PutAside: lambda ask, key: lists.put_aside(ask.ticket, ask.record.id, key=key),
        commands.TakeOffShelf: lambda ask, key: lists.take_off(ask.ticket, ask.record.id, key=key),
        commands.FollowAuthor: follow,
        commands.ListAuthorNews: news,
    }

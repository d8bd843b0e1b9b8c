"""`dauys books`: the books of the electronic reading room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from catalogue_client.books.errors import BookFileError
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import NotFound
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.books import BlockKind, BookRight, HeldBook
from voice.cli.event_loop import IS_DEMONSTRATION
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError


@asynccontextmanager
async def _library() -> AsyncIterator[OpenedLibrary]:
    home = dauys_home()
    async with library_of(load_settings(settings_path(home)), home, library_clock, Purpose.DEMONSTRATION) as opened:
        if await opened.staff.demonstration.purpose() is Purpose.DEMONSTRATION:
            click.echo(IS_DEMONSTRATION, err=True)
        yield opened


def _line(book: HeldBook) -> str:
    by = f" — {book.author}" if book.author else ""
    return f"{book.title}{by} ({book.language}, {book.right.value}, {book.words} words) [{book.id}]"


@click.group()
def command() -> None:
    """Books of the electronic reading room: add, list, show, remove."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--right",
    type=click.Choice([right.value for right in BookRight]),
    default=BookRight.MEMBERS.value,
    show_default=True,
    help="Who may read them.",
)
@click.option("--record", default="", help="The record of the catalogue that the book is a copy of.")
def add(files: tuple[Path, ...], right: str, record: str) -> None:
    """Add books from FILES: EPUB, DAISY (zipped), FB2, plain text, Markdown. Others are passed over."""

    async def main() -> int:
        refused = 0
        async with _library() as library:
            if record:
                await _check_record(library, record)
            for path in files:
                try:
                    data = await asyncio.to_thread(path.read_bytes)
                    book = await library.staff.books.add(data, path.name, BookRight(right), record)
                except (BookFileError, OSError) as error:
                    refused += 1
                    click.echo(f"{path.name}: {error}.", err=True)
                else:
                    click.echo(_line(book))
        return refused

    if asyncio.run(main()):
        raise click.exceptions.Exit(1)


async def _check_record(library: OpenedLibrary, record: str) -> None:
    try:
        await library.catalogue.record(record)
    except NotFound as error:
        raise VoiceError(
            f"There is no record {record} in the catalogue. `dauys catalogue search` shows them."
        ) from error


@command.command("list")
@click.argument("words", nargs=-1)
def list_(words: tuple[str, ...]) -> None:
    """List the books, or those that WORDS name."""

    async def main() -> None:
        async with _library() as library:
            found = await library.reading_room.find_books(" ".join(words), "kk")
        for book in found:
            click.echo(_line(book))
        if not found:
            click.echo("No book of the reading room is called so.")

    asyncio.run(main())


@command.command()
@click.argument("book_id")
@click.option("--text", "whole", is_flag=True, help="The whole text, not only the contents.")
def show(book_id: str, whole: bool) -> None:
    """Show a book's contents."""

    async def main() -> None:
        async with _library() as library:
            book = await _found(library, book_id)
            text = await library.staff.books.text(book_id)
        click.echo(_line(book))
        for block in text.blocks:
            if whole or block.kind is BlockKind.HEADING:
                indent = "  " * block.level if block.kind is BlockKind.HEADING else ""
                click.echo(indent + " ".join(sentence.text for sentence in block.sentences))

    asyncio.run(main())


async def _found(library: OpenedLibrary, book_id: str) -> HeldBook:
    try:
        return await library.staff.books.book(book_id)
    except NotFound as error:
        raise VoiceError(f"There is no book {book_id}. `dauys books list` shows what there is.") from error


@command.command()
@click.argument("book_id")
def remove(book_id: str) -> None:
    """Take a book out of the reading room. Readers' places in it wait in case it comes back."""

    async def main() -> None:
        async with _library() as library:
            try:
                book = await library.staff.books.remove(book_id)
            except NotFound as error:
                raise VoiceError(
                    f"There is no book {book_id} that could be removed; texts that ship with Dauys stay."
                ) from error
        click.echo(f"Removed: {_line(book)}")

    asyncio.run(main())

"""`dauys demonstration`: whether this home is one, and how it becomes a library's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from catalogue_client.embedded_library.demonstration_removal import Demonstration
from catalogue_client.errors import LibraryError
from catalogue_client.store.purpose import Purpose
from voice.cli.event_loop import actor
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import store_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError

Answer = TypeVar("Answer")


def _with(work: Callable[[Demonstration], Awaitable[Answer]]) -> Answer:
    """Do `work` on the store of the settings. Its errors become one sentence."""

    async def main() -> Answer:
        home = dauys_home()
        settings = load_settings(settings_path(home)).catalogue
        async with store_of(settings, home, library_clock) as library:
            return await work(library.staff.demonstration)

    try:
        return asyncio.run(main())
    except LibraryError as error:
        raise VoiceError(f"The library cannot be used: {error}.") from error


@click.group()
def command() -> None:
    """Invented readers and works to try everything with: show, remove, keep."""


@command.command()
def show() -> None:
    """Say whether this home is a demonstration, and whether published accounts let anybody in."""

    async def look(demonstration: Demonstration) -> tuple[Purpose | None, tuple[str, ...]]:
        return await demonstration.purpose(), await demonstration.open_accounts()

    purpose, accounts = _with(look)
    match purpose:
        case Purpose.DEMONSTRATION:
            click.echo("This home is a demonstration: its readers, works and copies are invented.")
        case Purpose.LIBRARY:
            click.echo("This home is the library's own.")
        case None:
            click.echo("Nothing is decided: `dauys ask` makes it a demonstration, `dauys serve` the library's own.")
    if accounts:
        click.echo(f"Their published PINs let in: {', '.join(accounts)}.")


@command.command()
def remove() -> None:
    """Take the invented readers, works and copies out; what a person has added stays."""
    removed = _with(lambda demonstration: demonstration.remove(actor=actor()))
    click.echo(
        f"Removed: {len(removed.readers)} readers ({', '.join(removed.readers) or 'none'}), {removed.works} works, "
        f"{removed.copies} copies. This home is the library's own now."
    )
    if removed.changed:
        click.echo(
            f"Kept: {', '.join(removed.changed)}, whose name or number somebody has changed. A published PIN does not "
            "let them in any more; another PIN does, and a new one is set on the staff site."
        )
    if removed.kept:
        click.echo(f"Kept: {len(removed.kept)} works that readers have, had or wait for: {'; '.join(removed.kept)}.")


@command.command()
def keep() -> None:
    """Decide that this home is a demonstration and stays one. Only for a home that no reader can call."""
    _with(lambda demonstration: demonstration.keep(actor=actor()))
    click.echo("This home is a demonstration. `dauys serve` needs --demonstration here.")

"""`dauys serve`: telephone, stations and desks, by the settings file."""

from __future__ import annotations

import logging

import click

from voice.app import open_app
from voice.commands.running import run
from voice.service import Service

QUIET = ("alembic", "aiosqlite", "asyncio", "asyncpg", "sqlalchemy")
"""They tell of every statement, aiosqlite with the values in it: tickets and sealed data do not belong into a log."""


@click.command()
@click.option("--verbose", is_flag=True, help="Log more; what readers say or key is never logged.")
def command(verbose: bool) -> None:
    """Serve readers until stopped."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

    async def main() -> None:
        async with open_app(supervised=True) as app:
            await Service(app).run(lambda parts: click.echo("\n".join([*parts, "Ready. Stop with Ctrl+C."])))

    run(main())

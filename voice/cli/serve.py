"""`dauys serve`: telephone, stations and desks, by the settings file."""

from __future__ import annotations

import logging

import click

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.cli.event_loop import run
from voice.configuration.paths import dauys_home, serving
from voice.server.service import Service
from voice.values.errors import VoiceError

QUIET = ("alembic", "aiosqlite", "asyncio", "asyncpg", "sqlalchemy")
"""They tell of every statement, aiosqlite with the values in it: tickets and sealed data do not belong into a log."""


log = logging.getLogger(__name__)


@click.command()
@click.option("--demonstration", is_flag=True, help="Serve invented readers and works. Their PINs are published.")
@click.option("--verbose", is_flag=True, help="Log more; what readers say or key is never logged.")
def command(demonstration: bool, verbose: bool) -> None:
    """Serve readers until stopped. A home that was never set up starts with no reader and no book."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

    async def main() -> None:
        purpose = Purpose.DEMONSTRATION if demonstration else Purpose.LIBRARY
        home = dauys_home()
        with serving(home):
            async with open_app(home=home, purpose=purpose, supervised=True) as app:
                await _as_chosen(app, demonstration)
                await Service(app).run(lambda parts: click.echo("\n".join([*parts, "Ready. Stop with Ctrl+C."])))

    run(main())


async def _as_chosen(app: App, demonstration: bool) -> None:
    """Serve invented readers only where that was asked for. Raises VoiceError."""
    purpose = await app.demonstration.purpose()
    if demonstration and purpose is not Purpose.DEMONSTRATION:
        raise VoiceError(
            f"{app.home} is a library's own, no demonstration. Choose another folder for one: DAUYS_HOME=FOLDER."
        )
    if not demonstration and purpose is Purpose.DEMONSTRATION:
        raise VoiceError(
            f"{app.home} is a demonstration: whoever calls could log in with a published PIN. `dauys demonstration "
            "remove` makes it the library's own; `dauys serve --demonstration` serves it as it is."
        )
    if purpose is not Purpose.DEMONSTRATION and (accounts := await app.demonstration.open_accounts()):
        log.error(
            "%d accounts with published PINs are open to callers. Run `dauys demonstration remove`.", len(accounts)
        )

"""`dauys library-system`: the library's own system, tried with a test ticket before a reader meets it."""

from __future__ import annotations

import asyncio
import sys

import click

from catalogue_client.connectors.connected_library import LibrarySystem
from voice.checks.library_trial import LibraryTrial, trial_of
from voice.cli.check import WORDS
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_system
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError


@click.group()
def command() -> None:
    """Whether the library's own system fits the settings."""


@command.command("try")
@click.option("--ticket", prompt=True, help="Of a test reader.")
@click.option("--pin", prompt=True, hide_input=True, help="Asked for when left out, and not shown.")
@click.option("--words", default="", help="Words of a book that the library has.")
@click.option("--record", "record_id", default="", help="Id of a record to hold, and to give up again at once.")
@click.option("--place", "place_id", default="", help="Code of the place to fetch it from.")
@click.option("--renew", is_flag=True, help="Renew the first loan too. This is not undone.")
@click.option("--language", type=click.Choice(list(WORDS)), default="en", show_default=True, help="Of the sentences.")
def try_system(ticket: str, pin: str, words: str, record_id: str, place_id: str, renew: bool, language: str) -> None:
    """Walk ticket, loans, hold, cancelling and renewing, and say what does not fit and which setting mends it."""
    system = library_system(load_settings(settings_path(dauys_home())).library_system)
    if system.search is None and system.circulation is None:
        raise VoiceError('No library system is set. Name one under [library_system]: search = "sru", for example.')
    sys.exit(asyncio.run(_tell(system, LibraryTrial(ticket, pin, words, record_id, place_id, renew), language)))


async def _tell(system: LibrarySystem, trial: LibraryTrial, language: str) -> int:
    fine, wrong, missing = WORDS[language]
    failed = False
    async for result in trial_of(system, trial, library_clock().date()):
        failed |= result.needed and not result.works
        word = fine if result.works else wrong if result.needed else missing
        click.echo(f"{word}: {result.title(language)}: {result.said(language)}")
    return int(failed)

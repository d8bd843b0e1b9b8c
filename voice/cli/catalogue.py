"""`dauys catalogue`: import, search, generate and measure the catalogue."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from catalogue_client.catalogue.marc.encodings import ENCODINGS
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from catalogue_client.works.coverage import coverage
from catalogue_client.works.knowledge_base import knowledge_base
from voice.assistant.json_schema import record_object
from voice.cli.event_loop import IS_DEMONSTRATION
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError

COMMAND_LINE = "command line"
"""Who corrects works here, in the store."""


@asynccontextmanager
async def _library(purpose: Purpose | None = None) -> AsyncIterator[OpenedLibrary]:
    """The library of the settings; `purpose` is what a home becomes that was never set up. That a home is a
    demonstration is said on standard error. Errors become one sentence for the person at the command line."""
    home = dauys_home()
    settings = load_settings(settings_path(home))
    try:
        async with library_of(settings, home, library_clock, purpose) as opened:
            if await opened.staff.demonstration.purpose() is Purpose.DEMONSTRATION:
                click.echo(IS_DEMONSTRATION, err=True)
            yield opened
    except LibraryError as error:
        raise VoiceError(f"The catalogue cannot be used: {error}.") from error


@click.group()
def command() -> None:
    """Import, search and measure the catalogue."""


@command.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON list of records.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
def search(text: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Find books by TEXT, as a reader would say it."""

    async def main() -> None:
        async with _library(Purpose.DEMONSTRATION) as library:
            found = await library.catalogue.search(Query(words=" ".join(text), limit=limit))
        if as_json:
            click.echo(json.dumps([record_object(record) for record in found.records], ensure_ascii=False))
            return
        if found.did_you_mean:
            click.echo(f"Did you mean: {found.did_you_mean}?")
        for record in found.records:
            by = f" — {record.author}" if record.author else ""
            click.echo(f"{record.title}{by} ({record.year or 'year unknown'}, {record.language}) [{record.id}]")
            for shelf in record.available[:3]:
                click.echo(f"    {shelf.copies} × {shelf.place}")
        if not found.records:
            click.echo("Nothing was found. Try fewer words, or the author's name.")

    asyncio.run(main())


@command.command()
def stats() -> None:
    """Say how much there is."""

    async def main() -> None:
        async with _library() as library:
            counts = await library.staff.stock.counts()
        for name, number in counts.items():
            click.echo(f"{name:28}{number:>12,}".replace(",", " "))

    asyncio.run(main())


@command.command()
@click.option("--titles", default=49_492, show_default=True, type=click.IntRange(1))
@click.option("--copies", default=1_372_423, show_default=True, type=click.IntRange(1))
@click.option("--readers", default=0, show_default=True, type=click.IntRange(0), help="Readers without a PIN.")
def generate(titles: int, copies: int, readers: int) -> None:
    """Add a made-up catalogue of a city's size, for measuring. Use a folder of its own: DAUYS_HOME=…"""
    if copies < titles:
        raise click.UsageError(f"{titles} titles need at least as many copies.")

    async def main() -> None:
        started = time.perf_counter()
        async with _library(Purpose.LIBRARY) as library:
            await library.staff.stock.generate(titles, copies, readers)
            click.echo(f"{titles} titles and {copies} copies in {time.perf_counter() - started:.1f} s.")

    asyncio.run(main())


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Of ISO 2709 files; guessed for each record otherwise.")
def import_(files: tuple[Path, ...], encoding: str | None) -> None:
    """Import MARC21, UNIMARC or RUSMARC FILES, ISO 2709 or MARCXML. Broken off, it goes on where it was."""

    logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # what is wrong stands in the report

    def progress(name: str, read: int) -> None:
        click.echo(f"{name}: {read} records", err=True)

    async def main() -> SyncReport:
        async with _library(Purpose.LIBRARY) as library:
            return await library.staff.importer.import_files(files, encoding=encoding, progress=progress)

    report = asyncio.run(main())
    refused = _written_down(report)
    click.echo(f"{report.new} new records, {report.changed} changed; {report.copies_new} new copies.")
    if refused:
        click.echo(f"{len(report.refusals)} things were refused; every one with its reason is in {refused}")
    if report.fruitless:
        raise VoiceError(f"Nothing was taken from: {', '.join(report.fruitless)}. The reasons are in {refused}.")


def _written_down(report: SyncReport) -> Path | None:
    """The list of what an import refused, in a file of its own; None when it refused nothing."""
    if not report.refusals:
        return None
    path = dauys_home() / f"import-refused-{library_clock():%Y%m%d-%H%M%S-%f}.tsv"
    lines = (f"{refusal.file}\t{refusal.number}\t{' '.join(refusal.reason.split())}\n" for refusal in report.refusals)
    path.write_text("file\trecord\treason\n" + "".join(lines), encoding="utf-8")
    return path


@command.command()
def knowledge() -> None:
    """Say how much is known of works, field by field, and where that is less than it should be."""
    works = knowledge_base().works
    click.echo(f"{'works':36}{len(works):>7}")
    for field in coverage(works):
        least = f"   at least {field.least:.0%}{'' if field.enough else ': too little'}" if field.least else ""
        click.echo(f"{field.field:36}{field.known:>7} of {field.works:>5}{field.share:>7.0%}{least}")


@command.group()
def works() -> None:
    """See and correct which records are one work. What is corrected stays at the next import."""


@works.command()
@click.argument("record_id")
def show(record_id: str) -> None:
    """Show the records that are one work with RECORD_ID."""

    async def main() -> None:
        async with _library() as library:
            await _show_work(library, record_id)

    asyncio.run(main())


@works.command()
@click.argument("record_ids", nargs=-1, required=True)
def join(record_ids: tuple[str, ...]) -> None:
    """Make the records RECORD_IDS one work."""
    if len(set(record_ids)) < 2:
        raise click.UsageError("Name two records or more.")

    async def main() -> None:
        async with _library() as library:
            await library.staff.works.join(record_ids, actor=COMMAND_LINE)
            await _show_work(library, record_ids[0])

    asyncio.run(main())


@works.command()
@click.argument("record_id")
def part(record_id: str) -> None:
    """Make RECORD_ID a work of its own."""

    async def main() -> None:
        async with _library() as library:
            await library.staff.works.part(record_id, actor=COMMAND_LINE)
            await _show_work(library, record_id)

    asyncio.run(main())


@works.command()
@click.argument("record_id")
def forget(record_id: str) -> None:
    """Take back what was corrected of RECORD_ID."""

    async def main() -> None:
        async with _library() as library:
            await library.staff.works.forget(record_id)
            await _show_work(library, record_id)

    asyncio.run(main())


async def _show_work(library: OpenedLibrary, record_id: str) -> None:
    for record in await library.catalogue.expressions(record_id):
        by = f" — {record.author}" if record.author else ""
        volume = f", volume {record.volume}" if record.volume else ""
        forms = ", ".join(record.formats)
        click.echo(
            f"{record.title}{by} ({record.year or 'year unknown'}, {record.language}, {forms}{volume}) [{record.id}]"
        )

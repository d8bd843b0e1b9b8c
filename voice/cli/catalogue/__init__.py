"""`dauys catalogue`: import, search, generate and measure the catalogue."""

from __future__ import annotations

import asyncio
import json
import time

import click

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.store.purpose import Purpose
from catalogue_client.values.bibliographic import Query
from catalogue_client.works.coverage import coverage
from catalogue_client.works.knowledge_base import knowledge_base
from voice.assistant.json_schema import record_object
from voice.cli.catalogue.synchronising import import_, opened_library, places, sync

COMMAND_LINE = "command line"
"""Who corrects works here, in the store."""


@click.group()
def command() -> None:
    """Import, search and measure the catalogue."""


for synchronising in (import_, sync, places):
    command.add_command(synchronising)


@command.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON list of records.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
def search(text: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Find books by TEXT, as a reader would say it."""

    async def main() -> None:
        async with opened_library(Purpose.DEMONSTRATION) as library:
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
        async with opened_library() as library:
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
        async with opened_library(Purpose.LIBRARY) as library:
            await library.staff.stock.generate(titles, copies, readers)
            click.echo(f"{titles} titles and {copies} copies in {time.perf_counter() - started:.1f} s.")

    asyncio.run(main())


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
        async with opened_library() as library:
            await _show_work(library, record_id)

    asyncio.run(main())


@works.command()
@click.argument("record_ids", nargs=-1, required=True)
def join(record_ids: tuple[str, ...]) -> None:
    """Make the records RECORD_IDS one work."""
    if len(set(record_ids)) < 2:
        raise click.UsageError("Name two records or more.")

    async def main() -> None:
        async with opened_library() as library:
            await library.staff.works.join(record_ids, actor=COMMAND_LINE)
            await _show_work(library, record_ids[0])

    asyncio.run(main())


@works.command()
@click.argument("record_id")
def part(record_id: str) -> None:
    """Make RECORD_ID a work of its own."""

    async def main() -> None:
        async with opened_library() as library:
            await library.staff.works.part(record_id, actor=COMMAND_LINE)
            await _show_work(library, record_id)

    asyncio.run(main())


@works.command()
@click.argument("record_id")
def forget(record_id: str) -> None:
    """Take back what was corrected of RECORD_ID."""

    async def main() -> None:
        async with opened_library() as library:
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

"""`dauys catalogue import`, `sync` and `places`: the library's records and copies, and codes of places."""

from __future__ import annotations

import asyncio
import csv
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click

from catalogue_client.catalogue.marc.encoding_names import ENCODINGS
from catalogue_client.catalogue.sync.feed import Feed, feed_from
from catalogue_client.catalogue.sync.sync_report import SyncReport, lines_of
from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError, NotFound
from catalogue_client.store.purpose import Purpose
from voice.cli.event_loop import IS_DEMONSTRATION
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.values.errors import VoiceError

COMMAND_LINE = "command line"
"""Who maps codes here, in the store."""


@asynccontextmanager
async def opened_library(purpose: Purpose | None = None) -> AsyncIterator[OpenedLibrary]:
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


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--encoding", type=click.Choice(ENCODINGS), help="Of ISO 2709 files; found out for each record otherwise."
)
def import_(files: tuple[Path, ...], encoding: str | None) -> None:
    """Import MARC21, UNIMARC, RUSMARC or ИРБИС FILES once. Broken off, it goes on where it was."""
    _quiet()

    async def main() -> SyncReport:
        async with opened_library(Purpose.LIBRARY) as library:
            return await library.staff.importer.import_files(files, encoding=encoding, progress=_progress)

    _tell("import", asyncio.run(main()))


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Read everything, change nothing, and report how good it is.")
@click.option("--yes", is_flag=True, help="Delete what a source has no more, however much that is.")
def sync(sources: tuple[str, ...], dry_run: bool, yes: bool) -> None:
    """Make the catalogue the same as SOURCES: names of `catalogue.sources`, or "NAME=FOLDER" as it stands
    there. Without one: all of the settings."""
    _quiet()
    feeds = _feeds(sources)

    async def main() -> list[tuple[Feed, SyncReport]]:
        from catalogue_client.catalogue.sync.feed_runs import run_feed

        async with opened_library(Purpose.LIBRARY) as library:
            run = library.staff.new_synchroniser()
            return [(feed, await run_feed(run, feed, dry=dry_run, yes=yes, progress=_progress)) for feed in feeds]

    bad: list[str] = []
    for feed, report in asyncio.run(main()):
        try:
            _tell(feed.name, report, dry=dry_run)
        except VoiceError as error:
            bad.append(str(error))
    if bad:
        raise VoiceError("\n".join(bad))


def _feeds(sources: Sequence[str]) -> list[Feed]:
    known = {feed.name: feed for feed in load_settings(settings_path(dauys_home())).catalogue.feeds}
    if not sources and not known:
        raise VoiceError("No source is known. Name one in the settings under catalogue.sources, or here: NAME=FOLDER.")
    found: list[Feed] = []
    for source in sources or known:
        if "=" in source:
            try:
                found.append(feed_from(source))
            except ValueError as error:
                raise VoiceError(f"{error}.") from error
        elif source in known:
            found.append(known[source])
        else:
            names = ", ".join(known) or "none"
            raise VoiceError(f"There is no source {source!r} in the settings; they have: {names}.")
    return found


def _quiet() -> None:
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # what is wrong stands in the report


def _progress(name: str, read: int) -> None:
    click.echo(f"{name}: {read} records", err=True)


def _tell(name: str, report: SyncReport, *, dry: bool = False) -> None:
    """Say what became of a run. Raises VoiceError when something of it waits for a person."""
    click.echo(
        f"{name}: {'would be ' if dry else ''}{report.new} new records, {report.changed} changed, "
        f"{report.deleted} deleted, {report.unchanged} as before; copies: {report.copies_new} new, "
        f"{report.copies_changed} changed, {report.copies_gone} gone."
    )
    if report.copies_bound:
        click.echo(f"{report.copies_bound} copies are at readers or set aside: they follow when they come back.")
    if unknown := report.quality.unknown_codes:
        click.echo(
            f"{unknown.total()} copies stand at {len(unknown)} places whose codes are unknown: `dauys catalogue places "
            "codes` lists them, `dauys catalogue places map CODE PLACE` brings them in."
        )
    path = _written_down(name, report)
    if report.refusals:
        click.echo(f"{len(report.refusals)} records were refused; every one with its reason is in {path}")
    elif path:
        click.echo(f"What is odd in the records is in {path}")
    if report.held_back:
        raise VoiceError(
            f"{name}: {report.held_back} records were not deleted: {report.why_held_back}. Look whether the source is "
            f"whole; if it is, run it again with --yes."
        )
    if report.fruitless:
        raise VoiceError(f"Nothing was taken from: {', '.join(report.fruitless)}. The reasons are in {path}.")


def _written_down(name: str, report: SyncReport) -> Path | None:
    """The report in a file of its own; None when there is nothing in it that a person has to see."""
    lines = lines_of(report)
    if not any(kind != "encoding" for kind, *_ in lines):
        return None
    path = dauys_home() / f"sync-{name}-{library_clock():%Y%m%d-%H%M%S-%f}.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, "excel-tab", lineterminator="\n")
        writer.writerow(("kind", "file", "record", "what"))
        writer.writerows(tuple(" ".join(cell.split()) for cell in line) for line in lines)
    return path


@click.group()
def places() -> None:
    """See the codes of places in the library's records, and say which place each means."""


@places.command()
def codes() -> None:
    """List the codes of the library's records, unknown ones first, with the number of copies."""

    async def main() -> None:
        async with opened_library() as library:
            uses = await library.staff.place_codes.uses()
            for use in uses:
                place = use.place or "unknown"
                click.echo(f"{use.copies:>8}  {use.code or '(no code)':24}{place}")
            if not uses:
                click.echo("No source has brought a copy yet.")

    asyncio.run(main())


@places.command("map")
@click.argument("code")
@click.argument("place")
def map_(code: str, place: str) -> None:
    """Say that CODE means PLACE, its id or a name of it. Its copies are there at once."""

    async def main() -> None:
        async with opened_library(Purpose.LIBRARY) as library:
            try:
                moved = await library.staff.place_codes.map_code(code, place, actor=COMMAND_LINE)
            except NotFound as error:
                message = f"There is no place {place!r}. `dauys catalogue places ids` lists all."
                raise VoiceError(message) from error
            click.echo(f"{code} is {place} now: {moved} copies have come there.")

    asyncio.run(main())


@places.command()
@click.argument("code")
def unmap(code: str) -> None:
    """Forget what CODE means. Its copies are kept, and nobody is sent to them."""

    async def main() -> None:
        async with opened_library() as library:
            try:
                moved = await library.staff.place_codes.map_code(code, None, actor=COMMAND_LINE)
            except NotFound as error:
                raise VoiceError(
                    f"The code {code!r} is not mapped. `dauys catalogue places codes` lists all."
                ) from error
            click.echo(f"{code} means nothing now: {moved} copies wait.")

    asyncio.run(main())


@places.command()
def ids() -> None:
    """List the places that there are: id, name."""

    async def main() -> None:
        async with opened_library() as library:
            for place in await library.places.places(library_clock()):
                click.echo(f"{place.id:24}{place.name('kk')}")

    asyncio.run(main())

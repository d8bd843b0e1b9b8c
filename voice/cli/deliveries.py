"""`dauys deliveries`: what is on the way, for the staff who pack and drive."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar, cast, get_args

import click

from braille.errors import BrailleError
from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.delivery.dispatch.delivery_service import HomeDeliveries
from catalogue_client.delivery.run_sheets import RunSheets
from catalogue_client.delivery.staff_desk import Job
from catalogue_client.delivery.tracking import Whereabouts
from catalogue_client.errors import LibraryError, NotFound, Refused
from catalogue_client.values.shipments import DeliveryStatus
from languages.codes import LANGUAGES, Language
from voice.cli.event_loop import Day, actor
from voice.configuration.clock import LIBRARY_TIME, library_clock
from voice.configuration.library_factory import store_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.operations.delivery_slips import as_brf, as_pef, as_unicode, slip_lines
from voice.values.errors import VoiceError

Answer = TypeVar("Answer")
STATUSES = get_args(DeliveryStatus)
DAY = Day()
FORMATS = click.Choice(["print", "unicode", "brf", "pef"])


def _with(work: Callable[[HomeDeliveries], Awaitable[Answer]]) -> Answer:
    """Do `work` at the delivery desk of this machine's library. Known errors become one sentence."""

    async def main() -> Answer:
        async with _desk() as home_deliveries:
            return await work(home_deliveries)

    try:
        return asyncio.run(main())
    except NotFound as error:
        raise VoiceError(f"{error}. `dauys deliveries list` shows the open ones.") from error
    except Refused as error:
        raise VoiceError(
            f"This cannot be done from where things are now ({error.rule}). Nothing was changed."
        ) from error
    except LibraryError as error:
        raise VoiceError(f"The library cannot be used: {error}.") from error


@asynccontextmanager
async def _desk() -> AsyncIterator[HomeDeliveries]:
    home = dauys_home()
    settings = load_settings(settings_path(home)).catalogue
    async with store_of(settings, home, library_clock) as library:
        yield library.staff.deliveries


@click.group()
def command() -> None:
    """Deliveries and collections: list, pack, drive, call back."""


@command.command("list")
@click.option("--day", type=DAY, help="All of this day, ended ones too. Without it: all that are open.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
def list_deliveries(day: datetime | None, as_json: bool) -> None:
    """Deliveries and collections, the earliest first."""
    jobs = _with(lambda parts: parts.desk.jobs(day.date() if day else None))
    if as_json:
        click.echo(json.dumps([_brief(job) for job in jobs], ensure_ascii=False))
        return
    for job in jobs:
        one = job.delivery
        when = f"{one.slot.starts:%d.%m. %H:%M}–{one.slot.ends:%H:%M}"
        late = "  late" if one.late else ""
        click.echo(f"{one.id}  {one.kind:<10} {one.status:<10} {when}  {', '.join(one.titles)}{late}")
    if not jobs:
        click.echo("Nothing is on the way.")


@command.command()
@click.argument("number")
def show(number: str) -> None:
    """One delivery with all that staff need to know. Shows the reader's name, address and telephone."""

    async def work(parts: HomeDeliveries) -> tuple[Job, Whereabouts]:
        return await parts.desk.job(number), await parts.following.whereabouts(number)

    job, here = _with(work)
    for line in (
        *RunSheets("en").run_sheet([job], job.delivery.slot.starts.date())[1:],
        f"Status: {job.delivery.status}",
    ):
        click.echo(line)
    where = "" if here.position is None else f"{here.position[1]:.5f} N {here.position[0]:.5f} E"
    known = {
        "Courier": job.delivery.courier,
        "Trip": job.trip,
        "Price": job.price,
        "Courier is at": where,
        "Map": here.link,
    }
    for label, text in (*known.items(), ("Problem", job.problem)):
        if text:
            click.echo(f"{label}: {text}")


@command.command()
@click.argument("number")
@click.argument("status", type=click.Choice(STATUSES), required=False)
@click.option("--courier", help="Who comes, and in which car: read to the reader.")
@click.option("--phone", help="Reaches whoever comes: +77…")
@click.option("--expected", type=Day("%H:%M", "%Y-%m-%dT%H:%M"), help="When they come: 15:40.")
@click.option("--why", default="", help="A word for the audit and the call-back list; nothing personal.")
def advance(
    number: str, status: str | None, courier: str | None, phone: str | None, expected: datetime | None, why: str
) -> None:
    """Set STATUS, or the next one when none is named."""
    when = None
    if expected is not None:
        day = library_clock() if expected.year == 1900 else expected
        when = expected.replace(year=day.year, month=day.month, day=day.day, tzinfo=LIBRARY_TIME)
    job = _with(
        lambda parts: parts.desk.advance(
            number,
            cast("DeliveryStatus | None", status),
            actor=actor(),
            courier=courier,
            phone=phone,
            expected=when,
            why=why,
        )
    )
    click.echo(f"{job.delivery.id} is {job.delivery.status}.")


@command.command("run-sheet")
@click.option("--day", type=DAY, help="Today when not given.")
@click.option("--district", help="Only this district.")
@click.option("--language", type=click.Choice(LANGUAGES), default="kk", show_default=True)
@click.option("--format", "form", type=FORMATS, default="print", show_default=True)
def run_sheet(day: datetime | None, district: str | None, language: str, form: str) -> None:
    """The round of one day: what to bring together first, then every door. Holds addresses: destroy it afterwards."""
    on = day.date() if day else library_clock().date()
    jobs = _with(lambda parts: parts.desk.jobs(on, district))
    open_jobs = [job for job in jobs if job.delivery.status not in ("delivered", "cancelled", "failed")]
    spoken = cast(Language, language)
    sheets = RunSheets(spoken)
    _write((*sheets.gathering(open_jobs), *sheets.run_sheet(open_jobs, on)), spoken, form, f"run sheet {on}")


@command.command()
@click.argument("number")
@click.option("--language", type=click.Choice(LANGUAGES), default="kk", show_default=True)
@click.option("--format", "form", type=FORMATS, default="print", show_default=True)
def slip(number: str, language: str, form: str) -> None:
    """The page that goes with the books: what they are, when and how they go back."""
    job = _with(lambda parts: parts.desk.job(number))
    spoken = cast(Language, language)
    _write(slip_lines(job, spoken), spoken, form, f"slip {number}")


@command.command()
@click.option("--done", type=int, metavar="ID", help="Take this one off the list.")
@click.option("--all", "every", is_flag=True, help="Also what concerns the courier only.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def callbacks(done: int | None, every: bool, language: str) -> None:
    """Readers to call back: because they asked for it, or because their delivery is late, failed or stands still."""

    async def work(parts: HomeDeliveries) -> Sequence[Any]:
        if done is not None:
            await parts.books.tasks.finish(done, actor())
        return await parts.books.tasks.tasks(*(() if every else ("callback", "delivery")))

    for task in _with(work):
        origin = [f"{label} {text}" for label, text in (("ticket", task.ticket), ("from", task.caller)) if text]
        what = task.line.said(cast(Language, language))
        click.echo(f"{task.id}  {task.at:%d.%m. %H:%M}  {what}  {', '.join(origin)}  {task.context}".rstrip())


@command.command()
@click.argument("ticket")
@click.option("--until", type=DAY, required=True, help="Last day of the right.")
@click.option("--verified-by", required=True, help="Who looked at the paper.")
@click.option("--paper", required=True, help="The kind of paper. Never the diagnosis.")
@click.option("--district", default="", help="For the rounds by district.")
@click.option("--address", help="Street, house, flat: kept sealed.")
@click.option("--may-tell", is_flag=True, help="The reader agrees that couriers may know that the reader does not see.")
def allow(
    ticket: str, until: datetime, verified_by: str, paper: str, district: str, address: str | None, may_tell: bool
) -> None:
    """Give a reader the right to home delivery."""
    right = Entitlement(verified_by, paper, district, may_tell)

    async def work(parts: HomeDeliveries) -> None:
        districts = parts.books.delivery_policy.city.districts
        if district and district not in districts:
            raise VoiceError(f"There is no district {district}. The rules know {', '.join(districts)}.")
        if address is not None:
            await parts.privacy.set_address(ticket, address, actor=actor())
        await parts.privacy.entitle(ticket, until.date(), right, actor=actor())

    _with(work)
    click.echo(f"{ticket} may have deliveries until {until:%d.%m.%Y}.")


@command.command()
@click.argument("ticket")
@click.option("--erase", is_flag=True, help="Forget all of it instead.")
@click.confirmation_option(prompt="This is personal data. Go on?")
def personal(ticket: str, erase: bool) -> None:
    """What is kept of a reader for deliveries, as JSON for the reader; or erase it."""
    if erase:
        _with(lambda parts: parts.privacy.erase(ticket, actor=actor()))
        click.echo("It is forgotten.")
        return
    kept = _with(lambda parts: parts.privacy.export(ticket, actor=actor()))
    click.echo(json.dumps(kept, ensure_ascii=False, indent=1))


def _brief(job: Job) -> dict[str, Any]:
    one = job.delivery
    return {
        "number": one.id,
        "kind": one.kind,
        "status": one.status,
        "titles": one.titles,
        "starts": one.slot.starts.isoformat(),
        "ends": one.slot.ends.isoformat(),
        "late": one.late,
        "problem": job.problem,
    }


def _write(lines: Sequence[str], language: Language, form: str, title: str) -> None:
    try:
        match form:
            case "print":
                click.echo("\n".join(lines))
            case "unicode":
                click.echo(as_unicode(lines, language))
            case "brf":
                sys.stdout.buffer.write(as_brf(lines, language))
            case "pef":
                sys.stdout.buffer.write(as_pef(lines, language, title, library_clock().date()))
    except BrailleError as error:
        raise click.ClickException(str(error)) from error

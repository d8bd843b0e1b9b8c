"""What is on the way: the list, the run sheet of a day, and one delivery with its next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from aiohttp import web

from catalogue_client.delivery.row_mapping import ENDED
from catalogue_client.delivery.run_sheets import RunSheets
from catalogue_client.delivery.staff_desk import FIRST_DAY, LAST_DAY, Job
from catalogue_client.delivery.state_machine import may_become, next_step
from catalogue_client.errors import Refused
from catalogue_client.values.shipments import DeliveryStatus
from languages.codes import Language
from voice.operations.delivery_slips import as_brf, as_pef, slip_lines
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see

STATUSES: tuple[DeliveryStatus, ...] = (
    "requested", "confirmed", "preparing", "on_the_way", "arrived", "delivered", "returning", "failed", "cancelled",
    "with_staff",
)  # fmt: skip


async def show_all(request: web.Request) -> web.StreamResponse:
    """All that are open, or all of the day `?day=2026-11-24`."""
    desk = request.app[SITE].app.home_deliveries.desk
    text = request.query.get("day", "")
    day = _day(text)
    if text and day is None:
        return await _no_day(request, text)
    return page(request, "deliveries.html", jobs=await desk.jobs(day), day=text)


async def _no_day(request: web.Request, text: str) -> web.Response:
    """The list of what is open, with a sentence about a day that cannot be."""
    parts = request.app[SITE]
    mistake = Mistake("day", parts.pages.say(request[VISITOR].language)("deliveries.bad_day"))
    jobs = await parts.app.home_deliveries.desk.jobs()
    return page(request, "deliveries.html", jobs=jobs, day=text, mistakes=(mistake,))


async def run_sheet(request: web.Request) -> web.StreamResponse:
    """The round of a day as a page to print. Holds addresses, so that it is audited who looked."""
    parts, visitor = request.app[SITE], request[VISITOR]
    text = request.query.get("day", "")
    if text and _day(text) is None:
        return await _no_day(request, text)
    day = _day(text) or parts.app.clock().date()
    jobs = [job for job in await parts.app.home_deliveries.desk.jobs(day) if job.delivery.status not in ENDED]
    sheets, form = RunSheets(cast(Language, visitor.language)), request.query.get("form", "")
    await parts.note(visitor.actor, "see_run_sheet", f"day {day}")
    gathering = sheets.gathering(jobs)
    if form in ("brf", "pef"):
        return _embossed((*gathering, *sheets.run_sheet(jobs, day)), visitor.language, form, f"run-sheet-{day}", day)
    stops = [sheets.run_sheet([job], day)[1:] for job in jobs]
    return page(request, "run_sheet.html", day=day, gathering=gathering, stops=stops)


def _embossed(lines: Sequence[str], language: str, form: str, name: str, made: date) -> web.Response:
    """A file for an embosser or a note-taker."""
    words = cast(Language, language)
    content = as_brf(lines, words) if form == "brf" else as_pef(lines, words, name.replace("-", " "), made)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Content-Type": "application/octet-stream",
    }
    return web.Response(body=content, headers=headers)


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the page of one delivery."""
    parts = request.app[SITE]
    job = await parts.app.home_deliveries.desk.job(request.match_info["number"])
    await parts.note(request[VISITOR].actor, "see_delivery", f"{job.delivery.kind} {job.delivery.id}")
    here = await parts.app.home_deliveries.following.whereabouts(job.delivery.id)
    return _one(request, job, map_link=here.link)


async def slip(request: web.Request) -> web.StreamResponse:
    """The page that goes with the books: to print, or `?form=brf` and `?form=pef` for an embosser."""
    job = await request.app[SITE].app.home_deliveries.desk.job(request.match_info["number"])
    language = cast(Language, request[VISITOR].language)
    lines, form = slip_lines(job, language), request.query.get("form", "")
    if form not in ("brf", "pef"):
        return page(request, "slip.html", job=job, lines=lines)
    made = request.app[SITE].app.clock().date()
    return _embossed(lines, language, form, f"slip-{job.delivery.id}", made)


async def advance(request: web.Request) -> web.StreamResponse:
    """Set a status. The form says from which status; when it is another by now, nothing is done and it is said."""
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    values = {key: str(form.get(key, "")).strip()[:200] for key in ("status", "courier", "phone", "expected", "why")}
    desk, number = parts.app.home_deliveries.desk, request.match_info["number"]
    say = parts.pages.say(visitor.language)
    job = await desk.job(number)
    expected = None
    if job.delivery.status != form.get("from"):
        return _one(request, job, values, Mistake("status", say("deliveries.changed_meanwhile")))
    if values["status"] not in _choices(job):
        return _one(request, job, values, Mistake("status", say("deliveries.no_such_step")))
    if values["expected"]:
        try:
            time = datetime.strptime(values["expected"], "%H:%M").time()
        except ValueError:
            return _one(request, job, values, Mistake("expected", say("deliveries.bad_time")))
        expected = datetime.combine(parts.app.clock().date(), time, parts.app.clock().tzinfo)
    try:
        await desk.advance(
            number,
            cast(DeliveryStatus, values["status"]),
            actor=visitor.actor,
            courier=values["courier"] or None,
            phone=values["phone"] or None,
            expected=expected,
            why=values["why"],
        )
    except Refused:
        return _one(request, await desk.job(number), values, Mistake("status", say("deliveries.changed_meanwhile")))
    return see(f"/deliveries/{job.delivery.id}", "advanced")


def _one(
    request: web.Request,
    job: Job,
    values: dict[str, str] | None = None,
    mistake: Mistake | None = None,
    map_link: str = "",
) -> web.Response:
    choices = _choices(job)
    chosen = (values or {}).get("status", "")
    nothing = {"courier": "", "phone": "", "expected": "", "why": ""}
    return page(
        request,
        "delivery.html",
        job=job,
        choices=choices,
        map_link=map_link,
        chosen=chosen if chosen in choices else next_step(job.delivery.status) or "",
        values={**nothing, **(values or {})},
        mistakes=(mistake,) if mistake else (),
    )


def _choices(job: Job) -> list[str]:
    """The statuses that may follow; the present one too, to note a courier without a step."""
    now = job.delivery.status
    return [] if now in ENDED else [now, *(status for status in STATUSES if may_become(now, status))]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY < day < LAST_DAY else None


ROUTES = [
    web.get("/deliveries", show_all),
    web.get("/deliveries/run-sheet", run_sheet),
    web.get(r"/deliveries/{number:\d{1,9}}", show),
    web.get(r"/deliveries/{number:\d{1,9}}/slip", slip),
    web.post(r"/deliveries/{number:\d{1,9}}", advance),
]

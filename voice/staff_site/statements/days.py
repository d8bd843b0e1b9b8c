"""Days whose hours are not those of their weekday, as readers hear them."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.knowledge.errors import BadStatement, ChangedMeanwhile
from catalogue_client.values.opening_hours import Hours
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see
from voice.staff_site.places import clock_times
from voice.staff_site.statements.statement_form import check_right, fields, mistake, texts, typed

FIELDS = ("day", "place", "hours", *fields("name"))
EMPTY = dict.fromkeys(FIELDS, "")


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the days that are coming, and the form for another."""
    check_right(request)
    return await _form(request, EMPTY)


async def save(request: web.Request) -> web.StreamResponse:
    """Enter the hours of a day, in place of those that were entered before."""
    check_right(request)
    parts, visitor = request.app[SITE], request[VISITOR]
    values = typed(await request.post(), *FIELDS, longest=400)
    days = parts.app.place_facts.days
    known = {place.id for place in await parts.app.library.places.places(parts.app.clock())}
    say = parts.pages.say(visitor.language)
    if values["place"] and values["place"] not in known:
        return await _form(request, values, Mistake("place", say("statement.no_place")))
    try:
        await days.write(
            values["day"],
            values["place"],
            texts(values, "name"),
            values["hours"],
            visitor.actor,
            after=await days.newest(values["day"], values["place"]),
        )
    except (BadStatement, ChangedMeanwhile) as error:
        return await _form(request, values, mistake(error, say))
    return see("/places/days", "stated")


async def take_back(request: web.Request) -> web.StreamResponse:
    """What was entered for a day counts no longer; a form that is sent twice finds it gone."""
    check_right(request)
    visitor, form = request[VISITOR], typed(await request.post(), "day", "place")
    days = request.app[SITE].app.place_facts.days
    for entered in await days.entered():
        if (entered.special.day.isoformat(), entered.place_id) == (form["day"], form["place"]):
            await days.take_back(form["day"], form["place"], visitor.actor, after=entered.number)
    return see("/places/days", "day_taken_back")


async def _form(request: web.Request, values: dict[str, str], *mistakes: Mistake) -> web.Response:
    parts, visitor = request.app[SITE], request[VISITOR]
    say = parts.pages.say(visitor.language)
    known = await parts.app.library.places.places(parts.app.clock())
    names = {place.id: place.name(visitor.language) for place in known}
    coming = [
        (entered, names.get(entered.place_id, entered.place_id), _hours(entered.special.hours, say("days.closed")))
        for entered in await parts.app.place_facts.days.entered()
    ]
    every = ("", say("days.everywhere"))
    return page(
        request,
        "days.html",
        values=values,
        places=[every, *names.items()],
        coming=coming,
        holidays=await parts.app.place_facts.days.coming(),
        mistakes=mistakes,
    )


def _hours(hours: tuple[Hours, ...] | None, closed: str) -> str:
    """When it is open; "" when that is not known."""
    if hours is None:
        return ""
    return ", ".join(clock_times(span) for span in hours) or closed


ROUTES = [
    web.get("/places/days", show),
    web.post("/places/days", save),
    web.post("/places/days/take-back", take_back),
]

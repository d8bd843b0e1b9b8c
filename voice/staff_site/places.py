"""Places with their hours, as readers hear them."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.values.opening_hours import Hours, Place
from voice.staff_site.pages import SITE, VISITOR, page
from voice.staff_site.statements.statement_form import RIGHT
from voice.staff_site.words import Say


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the places and their hours."""
    parts = request.app[SITE]
    say = parts.pages.say(request[VISITOR].language)
    known = await parts.app.library.places.places(parts.app.clock())
    account = request[VISITOR].account
    may_change = account is not None and account.may(RIGHT)
    return page(request, "places.html", places=[(place, _hours(place, say)) for place in known], may_change=may_change)


def _hours(place: Place, say: Say) -> list[str]:
    """A line for each weekday, or one where every day is alike."""
    times = {clock_times(hours) for hours in place.hours}
    if len(times) == 1 and len(place.hours) == 7:
        return [f"{say('places.every_day')} {times.pop()}"]
    return [f"{say(f'weekday.{hours.weekday}')} {clock_times(hours)}" for hours in place.hours]


def clock_times(hours: Hours, between: str = "–") -> str:
    """Return when it opens and closes, as 10:00–19:00."""
    return between.join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (hours.opens, hours.closes))


ROUTES = [web.get("/places", show)]

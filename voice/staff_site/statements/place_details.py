"""A place's hours, address, way, telephone and equipment, as readers hear them."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.errors import NotFound
from catalogue_client.knowledge.errors import BadStatement, ChangedMeanwhile
from catalogue_client.knowledge.places_in_force import KIND, TEXTS, WEEK, PlaceDraft
from catalogue_client.values.opening_hours import Place
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see
from voice.staff_site.places import clock_times
from voice.staff_site.statements.statement_form import check_right, fields, mistake, number_in, texts, typed

PLACE = r"{place:[a-z0-9][a-z0-9-]{0,39}}"
HOURS = tuple(f"hours_{day}" for day in range(WEEK))
FIELDS = (*HOURS, "phone", *fields(*TEXTS))


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with a place's form and its history. Raises NotFound."""
    check_right(request)
    place = await _place(request)
    return await _form(request, place, _values(place), None)


async def save(request: web.Request) -> web.StreamResponse:
    """Put hours and details in force at once. Raises NotFound."""
    check_right(request)
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    place, values, after = await _place(request), typed(form, *FIELDS), number_in(form, "after")
    draft = PlaceDraft(
        tuple(values[name] for name in HOURS), {name: texts(values, name) for name in TEXTS}, values["phone"]
    )
    try:
        await parts.app.place_facts.write(place.id, draft, visitor.actor, after=after)
    except (BadStatement, ChangedMeanwhile) as error:
        return await _form(request, place, values, after, mistake(error, parts.pages.say(visitor.language)))
    return see(f"/places/{place.id}", "stated")


async def restore(request: web.Request) -> web.StreamResponse:
    """Put an earlier version in force again. Raises NotFound."""
    check_right(request)
    place, form = await _place(request), await request.post()
    facts = request.app[SITE].app.place_facts
    await facts.statements.restore(f"{KIND}:{place.id}", number_in(form, "number"), request[VISITOR].actor)
    return see(f"/places/{place.id}", "restored")


async def _place(request: web.Request) -> Place:
    parts = request.app[SITE]
    for place in await parts.app.library.places.places(parts.app.clock()):
        if place.id == request.match_info["place"]:
            return place
    raise NotFound("no such place")


def _values(place: Place) -> dict[str, str]:
    """What is in force, as it stands in the form."""
    spans = {hours.weekday: clock_times(hours, "-") for hours in place.hours}
    values = {f"hours_{day}": spans.get(day, "closed" if spans else "") for day in range(WEEK)}
    for name in TEXTS:
        values |= {f"{name}_{language}": text for language, text in getattr(place.details, name).items()}
    return {**dict.fromkeys(FIELDS, ""), **values, "phone": place.details.phone}


async def _form(
    request: web.Request, place: Place, values: dict[str, str], after: int | None, *mistakes: Mistake
) -> web.Response:
    history = await request.app[SITE].app.place_facts.statements.history(f"{KIND}:{place.id}")
    newest = history[0].number if history else 0
    return page(
        request,
        "place.html",
        place=place,
        values=values,
        after=newest if after is None else after,
        names=TEXTS,
        history=history,
        mistakes=mistakes,
    )


ROUTES = [
    web.get(f"/places/{PLACE}", show),
    web.post(f"/places/{PLACE}", save),
    web.post(f"/places/{PLACE}/restore", restore),
]

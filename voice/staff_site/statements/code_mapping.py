"""Codes by which the library's records call its places, what each means, and how the sources last went."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.errors import NotFound
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see
from voice.staff_site.statements.statement_form import check_right, typed

PAGE = "/places/codes"


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the codes, those that nobody has mapped first."""
    check_right(request)
    return await _form(request, {"code": "", "place": ""})


async def save(request: web.Request) -> web.StreamResponse:
    """Say what a code means; no place takes that back."""
    check_right(request)
    values = typed(await request.post(), "code", "place")
    codes = request.app[SITE].app.place_codes
    say = request.app[SITE].pages.say(request[VISITOR].language)
    try:
        await codes.map_code(values["code"], values["place"] or None, actor=request[VISITOR].actor)
    except NotFound:
        return await _form(request, values, Mistake("place", say("statement.no_place")))
    return see(PAGE, "stated")


async def _form(request: web.Request, values: dict[str, str], *mistakes: Mistake) -> web.Response:
    app, language = request.app[SITE].app, request[VISITOR].language
    say = request.app[SITE].pages.say(language)
    places = await app.library.places.places(app.clock())
    uses = await app.place_codes.uses()
    return page(
        request,
        "codes.html",
        values=values,
        uses=uses,
        codes=[(use.code, use.code or say("codes.no_code")) for use in uses],
        places=[("", say("codes.unknown")), *((place.id, place.name(language)) for place in places)],
        runs=[run for run in (await app.source_runs.last()).values()],
        mistakes=mistakes,
    )


ROUTES = [web.get(PAGE, show), web.post(PAGE, save)]

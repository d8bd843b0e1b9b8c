"""Braille desks: their settings, their displays, and what a reader's fingers feel now."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from braille import back, to_unicode
from devices.desk import DeskSettings
from devices.desk_file import load_desks, remove_desk, set_desk
from devices.display_supervisor import SupervisedDesk
from devices.errors import DeskError, SameDisplay
from voice.staff_site.desk_form import changes_of, groups, mistake, values_of
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see

DESK = r"{desk:[a-z0-9][a-z0-9-]{0,39}}"
LIVE_S = 2
"""Between two looks of a live view that its visitor has asked for, and can stop."""


async def show_all(request: web.Request) -> web.StreamResponse:
    """Every desk of the file, whether it is at work or not; a broken file is said."""
    parts = request.app[SITE]
    try:
        desks = await asyncio.to_thread(load_desks, _file(request))
        trouble: tuple[Mistake, ...] = ()
    except DeskError as error:
        say = parts.pages.say(request[VISITOR].language)
        desks, trouble = {}, (Mistake("", say("desks.broken")), Mistake("", str(error), "en"))
    return page(request, "desks.html", status=200, desks=desks, working=parts.desks.working, mistakes=trouble)


async def new(request: web.Request) -> web.StreamResponse:
    """Answer with the form of a new desk."""
    return await _form(request, "", {})


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the page of a desk."""
    desk_id, desk = await _asked(request)
    return await _form(request, desk_id, values_of(desk))


async def save(request: web.Request) -> web.StreamResponse:
    """Change a desk or make one, and let it work by it at once. What was typed stays until every mistake is mended."""
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    is_new = "desk" not in request.match_info
    desk_id = str(form.get("id", "")).strip() if is_new else request.match_info["desk"]
    typed = {key: str(form.get(key, "")).strip() for key in DeskSettings.model_fields if key in form}
    say = parts.pages.say(visitor.language)
    try:
        async with parts.desks.writing:
            known = await asyncio.to_thread(load_desks, _file(request))
            taken = is_new and desk_id in known and not _is_this(known[desk_id], typed)
            if not taken:
                changes = changes_of(typed, known.get(desk_id, DeskSettings()))
                await asyncio.to_thread(set_desk, _file(request), desk_id, changes)
        if not taken:
            await parts.note(visitor.actor, "set_desk", f"desk {desk_id}")
            await parts.desks.follow()
            return see(f"/desks/{desk_id}", "desk_set")
        mistakes: tuple[Mistake, ...] = (Mistake("id", say("desks.taken")),)
    except SameDisplay as error:
        mistakes = (Mistake("port", say("desks.one_display", other=error.other)),)
    except DeskError as error:
        mistakes = tuple(mistake(line, {**typed, "id": desk_id}, say) for line in str(error).splitlines())
    return await _form(request, "" if is_new else desk_id, typed, *mistakes, new_id=desk_id)


async def forget(request: web.Request) -> web.StreamResponse:
    """Remove a desk and its settings."""
    desk_id, _ = await _asked(request)
    async with request.app[SITE].desks.writing:
        await asyncio.to_thread(remove_desk, _file(request), desk_id)
    await request.app[SITE].note(request[VISITOR].actor, "remove_desk", f"desk {desk_id}")
    await request.app[SITE].desks.follow()
    return see("/desks", "desk_removed")


async def test_line(request: web.Request) -> web.StreamResponse:
    """Show the test line on a desk's display."""
    kept = _at_work(request)
    kept.show_test_line()
    return see(f"/desks/{request.match_info['desk']}", "test_line")


async def identify(request: web.Request) -> web.StreamResponse:
    """Raise and lower all dots of a desk's display."""
    await _at_work(request).identify()
    return see(f"/desks/{request.match_info['desk']}", "identified")


async def watch(request: web.Request) -> web.StreamResponse:
    """The cells as they are now, row by row with their text, for a colleague who sees. Nothing of it is kept.

    With `?live=1` the browser is asked to come again, because its visitor wants that: nobody is hurried, and nothing
    moves for those who have not asked.
    """
    kept, desk_id = _at_work(request), request.match_info["desk"]
    cells, width = kept.display.shown(), max(kept.display.columns, 1)
    rows = []
    for start in range(0, len(cells), width):
        row = cells[start : start + width]
        text = await asyncio.to_thread(back, row, kept.desk.language, grade=kept.desk.grade)
        rows.append((to_unicode(row), text))
    live = "live" in request.query
    response = page(request, "desk_view.html", desk_id=desk_id, kept=kept, rows=rows, live=live)
    if live:
        response.headers["Refresh"] = str(LIVE_S)
    return response


async def _form(
    request: web.Request, desk_id: str, values: dict[str, str], *mistakes: Mistake, new_id: str = ""
) -> web.Response:
    parts, language = request.app[SITE], request[VISITOR].language
    places = await parts.app.library.places.places(parts.app.clock())
    return page(
        request,
        "desk.html",
        desk_id=desk_id,
        new_id=new_id,
        at_work=parts.desks.working.get(desk_id),
        groups=groups(values, parts.pages.say(language), parts.pages.words[language], places, language),
        mistakes=mistakes,
    )


def _is_this(desk: DeskSettings, typed: dict[str, str]) -> bool:
    """Whether a form that makes a new desk was sent a second time."""
    return all(values_of(desk)[key] == value for key, value in typed.items())


def _at_work(request: web.Request) -> SupervisedDesk:
    kept = request.app[SITE].desks.working.get(request.match_info["desk"])
    if kept is None:
        raise web.HTTPNotFound()
    return kept


async def _asked(request: web.Request) -> tuple[str, DeskSettings]:
    desk_id = request.match_info["desk"]
    desks = await asyncio.to_thread(load_desks, _file(request))
    if desk_id not in desks:
        raise web.HTTPNotFound()
    return desk_id, desks[desk_id]


def _file(request: web.Request) -> Path:
    return request.app[SITE].app.home / "desks.toml"


ROUTES = [
    web.get("/desks", show_all),
    web.get("/desks/_new", new),
    web.post("/desks/_new", save),
    web.get(f"/desks/{DESK}", show),
    web.post(f"/desks/{DESK}", save),
    web.post(f"/desks/{DESK}/remove", forget),
    web.post(f"/desks/{DESK}/test-line", test_line),
    web.post(f"/desks/{DESK}/identify", identify),
    web.get(f"/desks/{DESK}/view", watch),
]

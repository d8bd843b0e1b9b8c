"""Braille desks: their settings, their displays, and what a reader's fingers feel now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from aiohttp import web

from braille import back, to_unicode
from devices.desk import Desk, drivers
from devices.desk_file import load_desks, remove_desk, set_desk
from devices.errors import DeskError
from devices.keeper import KeptDesk
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see

DESK = r"{desk:[a-z0-9][a-z0-9-]{0,39}}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the form."""

    key: str
    value: str
    choices: tuple[str, ...] = ()
    """Empty for free text."""
    help: str = ""


async def show_all(request: web.Request) -> web.StreamResponse:
    """Every desk of the file, whether it is at work or waits for the next start; a broken file is said."""
    parts = request.app[SITE]
    try:
        desks = await asyncio.to_thread(load_desks, _file(request))
        trouble: tuple[Mistake, ...] = ()
    except DeskError as error:
        desks, trouble = {}, (Mistake("", str(error), "en"),)
    states = {desk_id: kept.status() for desk_id, kept in parts.desks.items()}
    return page(request, "desks.html", status=200, desks=desks, states=states, mistakes=trouble)


async def new(request: web.Request) -> web.StreamResponse:
    return page(request, "desk.html", desk_id="", at_work=None, settings=_settings({}))


async def show(request: web.Request) -> web.StreamResponse:
    desk_id, desk = await _asked(request)
    values = {key: _text(value) for key, value in desk.model_dump().items() if key != "keys"}
    keys = "\n".join(f"{name} = {action}" for name, action in desk.keys.items())
    kept = request.app[SITE].desks.get(desk_id)
    return page(request, "desk.html", desk_id=desk_id, at_work=kept, settings=_settings({**values, "keys": keys}))


async def save(request: web.Request) -> web.StreamResponse:
    """Change a desk or make one. What was typed stays in the form until every mistake is mended."""
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    is_new = "desk" not in request.match_info
    desk_id = str(form.get("id", "")).strip() if is_new else request.match_info["desk"]
    typed = {key: str(form.get(key, "")).strip() for key in Desk.model_fields if key in form}
    changes = {key: value for key, value in typed.items() if key != "keys"}
    for line in typed.get("keys", "").splitlines():
        name, _, action = line.partition("=")
        if line.strip():
            changes[f"keys.{name.strip()}"] = action.strip()
    say = parts.pages.say(visitor.language)
    try:
        known = await asyncio.to_thread(load_desks, _file(request))
        if is_new and desk_id in known:
            mistakes: tuple[Mistake, ...] = (Mistake("id", say("desks.taken")),)
        elif other := _same_display(known, desk_id, typed.get("port", ""), typed.get("driver", "")):
            mistakes = (Mistake("port", say("desks.one_display", other=other)),)
        else:
            await asyncio.to_thread(set_desk, _file(request), desk_id, changes)
            await parts.note(visitor.actor, "set_desk", f"desk {desk_id}")
            return see(f"/desks/{desk_id}", "desk_set")
    except DeskError as error:
        mistakes = tuple(_mistake(line) for line in str(error).splitlines())
    kept = parts.desks.get(desk_id)
    shown = "" if is_new else desk_id
    return page(
        request, "desk.html", desk_id=shown, at_work=kept, settings=_settings(typed, desk_id), mistakes=mistakes
    )


async def forget(request: web.Request) -> web.StreamResponse:
    desk_id, _ = await _asked(request)
    await asyncio.to_thread(remove_desk, _file(request), desk_id)
    await request.app[SITE].note(request[VISITOR].actor, "remove_desk", f"desk {desk_id}")
    return see("/desks", "desk_removed")


async def test_line(request: web.Request) -> web.StreamResponse:
    kept = _at_work(request)
    kept.show_test_line()
    return see(f"/desks/{request.match_info['desk']}", "test_line")


async def identify(request: web.Request) -> web.StreamResponse:
    await _at_work(request).identify()
    return see(f"/desks/{request.match_info['desk']}", "identified")


async def watch(request: web.Request) -> web.StreamResponse:
    """The cells as they are now, with their text, for a colleague who sees. Nothing of it is kept."""
    kept = _at_work(request)
    cells = kept.display.shown()
    text = await asyncio.to_thread(back, cells, kept.desk.language, grade=kept.desk.grade)
    return page(
        request, "desk_view.html", desk_id=request.match_info["desk"], kept=kept, cells=to_unicode(cells), text=text
    )


def _at_work(request: web.Request) -> KeptDesk:
    kept = request.app[SITE].desks.get(request.match_info["desk"])
    if kept is None:
        raise web.HTTPNotFound()
    return kept


async def _asked(request: web.Request) -> tuple[str, Desk]:
    desk_id = request.match_info["desk"]
    desks = await asyncio.to_thread(load_desks, _file(request))
    if desk_id not in desks:
        raise web.HTTPNotFound()
    return desk_id, desks[desk_id]


def _file(request: web.Request) -> Path:
    return request.app[SITE].app.home / "desks.toml"


def _same_display(desks: Mapping[str, Desk], desk_id: str, port: str, driver: str) -> str:
    """Another desk that is set for the very same display; "" when there is none. Emulated displays are many."""
    for other, desk in desks.items():
        if (
            other != desk_id
            and not desk.server
            and not desk.emulated_cells
            and (desk.port, desk.driver) == (port, driver)
        ):
            return other
    return ""


def _settings(values: Mapping[str, str], desk_id: str = "") -> list[Setting]:
    """The fields in the order of the file, each with what was typed, or else its default."""
    usual = {key: "" if key == "keys" else _text(field.default) for key, field in Desk.model_fields.items()}
    fields = [Setting("id", desk_id)]
    for key, field in Desk.model_fields.items():
        choices: tuple[str, ...] = ()
        if get_origin(field.annotation) is Literal:
            choices = tuple(str(value) for value in get_args(field.annotation))
        elif field.annotation is bool:
            choices = ("true", "false")
        elif key == "driver":
            choices = ("auto", *drivers())
        fields.append(Setting(key, values.get(key, usual[key]), choices, field.description or ""))
    return fields


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mistake(line: str) -> Mistake:
    """The sentence of a DeskError with the field that it begins with."""
    field = line.strip().split(" ")[0].rstrip(":")
    return Mistake(field if field in Desk.model_fields else "id", line.strip(), "en")


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

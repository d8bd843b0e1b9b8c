"""A form that was sent after its session had ended: it waits on the page until its sender has logged in again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from voice.staff_site.pages import VISITOR, Mistake, page

MOST = 60
"""Fields of our longest form, and some."""
PREFIX = "again."


@dataclass(frozen=True, slots=True)
class Resubmission:
    """What was to be sent, and where to."""

    path: str
    fields: tuple[tuple[str, str], ...]


async def ask_again(request: web.Request) -> web.Response:
    """A page that keeps what was sent in a session that has ended: to log in, or for whoever has done so to send it
    once more. Nothing of it has been done."""
    fields = _texts(await request.post())
    again = Resubmission(request.path, tuple((name, text) for name, text in fields if name != "token"))
    return waiting(request, again, status=409 if request[VISITOR].session else 401)


def waiting(
    request: web.Request, again: Resubmission, *, status: int, name: str = "", mistakes: tuple[Mistake, ...] = ()
) -> web.Response:
    """The page that holds the form until the log-in, or until it is sent once more by the one who has logged in."""
    return page(request, "again.html", status=status, again=again, name=name, mistakes=mistakes)


def kept(form: Mapping[str, Any]) -> Resubmission | None:
    """The form that came along with a log-in; None when none did, or when it leads to no page of ours."""
    path = str(form.get("again", ""))
    if not re.fullmatch(r"/[a-z][\w/.-]*", path, re.ASCII):
        return None
    fields = [(name.removeprefix(PREFIX), text) for name, text in _texts(form) if name.startswith(PREFIX)]
    return Resubmission(path, tuple(fields))


def _texts(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items() if isinstance(value, str)][:MOST]

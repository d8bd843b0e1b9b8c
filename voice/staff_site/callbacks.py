"""Readers to call back, and whatever else waits for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from catalogue_client.delivery.tasks import Task
from catalogue_client.errors import NotFound
from voice.staff_site.pages import SITE, VISITOR, page, see

NUMBER = r"\+?\d{6,15}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with the number to call, "" where none is known."""

    task: Task
    phone: str


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the readers to call back."""
    books = request.app[SITE].app.home_deliveries.books
    waiting = []
    for task in await books.tasks.tasks():
        phone = ""
        if task.ticket:
            try:
                phone = (await books.readers.contact(task.ticket)).phone
            except NotFound:
                phone = ""
        called_from = re.search(NUMBER, task.caller)
        waiting.append(Waiting(task, phone or (called_from[0] if called_from else "")))
    return page(request, "callbacks.html", waiting=waiting)


async def finish(request: web.Request) -> web.StreamResponse:
    """Take one off the list. A form that is sent twice finds it gone, which is what was wished."""
    tasks = request.app[SITE].app.home_deliveries.books.tasks
    try:
        await tasks.finish(int(request.match_info["task"]), request[VISITOR].actor)
    except NotFound:
        return see("/callbacks", "already_done")
    return see("/callbacks", "called")


ROUTES = [web.get("/callbacks", show), web.post(r"/callbacks/{task:\d{1,9}}", finish)]

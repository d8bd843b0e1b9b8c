"""Readers to call back, and whatever else waits for a person."""

from __future__ import annotations

from aiohttp import web

from catalogue_client.errors import NotFound
from voice.staff_site.pages import SITE, VISITOR, page, see


async def show(request: web.Request) -> web.StreamResponse:
    tasks = await request.app[SITE].app.home_deliveries.books.tasks.tasks()
    return page(request, "callbacks.html", tasks=tasks)


async def finish(request: web.Request) -> web.StreamResponse:
    """Take one off the list. A form that is sent twice finds it gone, which is what was wished."""
    tasks = request.app[SITE].app.home_deliveries.books.tasks
    try:
        await tasks.finish(int(request.match_info["task"]), request[VISITOR].actor)
    except NotFound:
        return see("/callbacks", "already_done")
    return see("/callbacks", "called")


ROUTES = [web.get("/callbacks", show), web.post(r"/callbacks/{task:\d{1,9}}", finish)]

"""Places with their hours, and what readers did in the last days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from aiohttp import web
from sqlalchemy import select

from catalogue_client.store.schema import audit
from voice.staff_site.pages import SITE, VISITOR, page

DAYS = 14


async def places(request: web.Request) -> web.StreamResponse:
    app = request.app[SITE].app
    return page(request, "places.html", places=await app.library.places(app.clock()))


async def statistics(request: web.Request) -> web.StreamResponse:
    """Entries of the audit a day, by what was done: no name, no ticket, no title."""
    app = request.app[SITE].app
    now = app.clock()
    first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    async with app.home_deliveries.books.database.reading() as connection:
        rows = await connection.execute(select(audit.c.at, audit.c.action).where(audit.c.at >= first))
        entries = [(row.at.astimezone(now.tzinfo).date(), row.action) for row in rows]
    words = request.app[SITE].pages.words[request[VISITOR].language]
    by_day: Counter[date] = Counter(day for day, _ in entries)
    days = [(first + timedelta(days=n)).date() for n in range(DAYS)]
    return page(
        request,
        "statistics.html",
        days=[(day, by_day[day]) for day in days],
        most=max(by_day.values(), default=0) or 1,
        actions=[
            (words.get(f"action.{action}", action), count)
            for action, count in Counter(action for _, action in entries).most_common()
        ],
    )


ROUTES = [web.get("/places", places), web.get("/statistics", statistics)]

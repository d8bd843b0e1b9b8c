"""How much Dauys is used: counts a day as a table and as bars, and what was not understood. Nobody is in any of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from voice.staff_site.pages import SITE, VISITOR, page, see

DAYS = 14
SERIES = ("conversations", "searches", "loans", "holds", "deliveries", "missed", "hand_overs", "readers")
"""In the order of the columns."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing, counted a day."""

    what: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return the sum of all counts."""
        return sum(self.counts)

    @property
    def most(self) -> int:
        """Return the largest count."""
        return max(self.counts)

    @property
    def top(self) -> int:
        """The place of the day with most, the first of several."""
        return self.counts.index(self.most)


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the page of statistics."""
    parts = request.app[SITE]
    await parts.notes.flush()
    today = parts.app.clock().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    found = await parts.app.usage.since(days[0])
    series = [Series(what, tuple(found.get(what, {}).get(day, 0) for day in days)) for what in SERIES]
    missed = await parts.app.usage.missed()
    keeps = parts.app.settings.staff_site.phrases
    return page(request, "statistics.html", days=days, series=series, missed=missed, keeps_phrases=keeps)


async def forget(request: web.Request) -> web.StreamResponse:
    """Delete the phrases that were not understood. For administrators."""
    parts, visitor = request.app[SITE], request[VISITOR]
    if not visitor.account or visitor.account.role != "administrator":
        raise web.HTTPForbidden()
    count = await parts.app.usage.forget_phrases()
    await parts.note(visitor.actor, "forget_phrases", f"{count} phrases")
    return see("/statistics", "phrases_forgotten")


ROUTES = [web.get("/statistics", show), web.post("/statistics/forget", forget)]

"""What works and what does not: a page for people, /health as JSON for watchers, /metrics for Prometheus."""

from __future__ import annotations

import time

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from voice.checks.braille_checks import desk_finding
from voice.checks.check_result import CheckResult
from voice.checks.system_checks import findings
from voice.staff_site.pages import SITE, page

OURS = frozenset({"telephone", "speech-ports", "asterisk", "staff-site"})
"""Findings about ports, which are taken by ourselves while this runs."""
FRESH_S = 5.0
"""A look starts programs: whoever asks more often gets the last one."""
LAST = web.AppKey("last_findings", list[tuple[float, list[CheckResult]]])


async def _findings(request: web.Request) -> list[CheckResult]:
    parts, last = request.app[SITE], request.app[LAST]
    if not last or time.monotonic() - last[0][0] > FRESH_S:
        app = parts.app
        found = [result async for result in findings(app.settings, app.home, app.clock()) if result.name not in OURS]
        last[:] = [(time.monotonic(), found)]
    return [
        *last[0][1],
        *parts.running(),
        *(desk_finding(desk_id, kept) for desk_id, kept in parts.desks.working.items()),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Answer with the page of what works and what does not."""
    return page(request, "state.html", findings=await _findings(request))


async def as_json(request: web.Request) -> web.StreamResponse:
    """`status` is ok or failing; 503 when something that is needed does not work. Says nothing of paths or people."""
    found = await _findings(request)
    works = all(result.works for result in found if result.needed)
    answer = {
        "status": "ok" if works else "failing",
        "checks": [{"name": result.name, "works": result.works, "needed": result.needed} for result in found],
    }
    return web.json_response(answer, status=200 if works else 503)


async def metrics(request: web.Request) -> web.StreamResponse:
    """Answer with the counts in the format of Prometheus."""
    parts = request.app[SITE]
    text = await parts.metrics.text(parts.app.home_deliveries, parts.desks.working)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})


ROUTES = [web.get("/state", show), web.get("/health", as_json), web.get("/metrics", metrics)]

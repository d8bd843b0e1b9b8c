"""Puts the staff site together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import files

from aiohttp import web

from voice.assistant.app import App
from voice.checks.check_result import CheckResult
from voice.configuration.staff_accounts import StaffAccounts
from voice.operations.desk_supervisor import DeskSupervisor
from voice.operations.metrics import Metrics
from voice.operations.usage_recorder import UsageRecorder
from voice.staff_site import (
    callbacks,
    deliveries,
    health,
    login,
    models,
    personal,
    places,
    readers,
    statistics,
)
from voice.staff_site import desks as desk_pages
from voice.staff_site.installing import Installations
from voice.staff_site.middleware import admit, explain, harden
from voice.staff_site.pages import SITE, Pages, Parts
from voice.staff_site.rate_limit import LoginRateLimit
from voice.staff_site.sessions import Sessions, session_key
from voice.staff_site.statements import answers, code_mapping, days, place_details

LONGEST_FORM = 64 * 1024
"""Bytes of a form; more is refused before it is read."""


def build_site(
    app: App,
    desks: DeskSupervisor,
    metrics: Metrics,
    notes: UsageRecorder,
    running: Callable[[], Iterable[CheckResult]] = lambda: (),
) -> web.Application:
    """The staff site as an aiohttp application. `running` tells what the service has found of itself:
    its lines, the store, a call to itself.

    Raises StaffError when its key cannot be read or made.
    """
    accounts = StaffAccounts(app.home / "staff.toml")
    site = web.Application(middlewares=[harden, explain, admit], client_max_size=LONGEST_FORM)
    site[SITE] = Parts(
        app=app,
        desks=desks,
        metrics=metrics,
        notes=notes,
        accounts=accounts,
        sessions=Sessions(session_key(app.home), accounts, app.home_deliveries.books.database, lambda: app.clock()),
        names=LoginRateLimit(5),
        everywhere=LoginRateLimit(50),
        addresses=LoginRateLimit(50),
        pages=Pages(),
        installations=Installations(app.models),
        running=running,
    )
    site[health.LAST] = []
    site.router.add_get("/style.css", _style)
    for module in (
        *(login, health, deliveries, callbacks, readers, personal, answers, desk_pages, models),
        *(places, days, code_mapping, place_details, statistics),
    ):
        site.add_routes(module.ROUTES)
    return site


async def _style(request: web.Request) -> web.Response:
    css = files("voice.staff_site").joinpath("style.css").read_text(encoding="utf-8")
    return web.Response(text=css, content_type="text/css", headers={"Cache-Control": "max-age=3600"})

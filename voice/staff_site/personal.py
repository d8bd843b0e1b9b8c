"""One reader's right to delivery and data: shown, withdrawn, erased; the audit knows who looked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from aiohttp import web

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.circulation.readers import Contact
from catalogue_client.errors import NotFound, Refused
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see
from voice.staff_site.readers import form_page


async def find(request: web.Request) -> web.StreamResponse:
    """The ticket comes in a form, not in the address: addresses are kept by browsers."""
    ticket = str((await request.post()).get("find", "")).strip()[:32]
    say = request.app[SITE].pages.say(request[VISITOR].language)
    try:
        return await _one(request, ticket)
    except NotFound:
        sentence = "readers.unknown" if ticket else "readers.no_ticket"
        return form_page(request, {"find": ticket}, Mistake("find", say(sentence)))


async def withdraw(request: web.Request) -> web.StreamResponse:
    """End the right yesterday. Sent twice, it is ended still."""
    parts, visitor = request.app[SITE], request[VISITOR]
    privacy, ticket = parts.app.home_deliveries.privacy, await _ticket(request)
    until = parts.app.clock().date() - timedelta(days=1)
    right = _right(await privacy.export(ticket, actor=visitor.actor))
    await privacy.entitle(ticket, until, right, actor=visitor.actor)
    return see("/readers", "withdrawn")


async def complete(request: web.Request) -> web.StreamResponse:
    """A temporary ticket is completed at a branch; a new PIN is set for who has forgotten it."""
    parts, visitor, ticket = request.app[SITE], request[VISITOR], await _ticket(request)
    pin = str((await request.post()).get("pin", "")).strip()
    try:
        await parts.app.home_deliveries.books.readers.complete(ticket, pin=pin, actor=visitor.actor)
    except Refused:
        return await _one(request, ticket, Mistake("pin", parts.pages.say(visitor.language)("readers.pin_too_simple")))
    return see("/readers", "completed")


async def history(request: web.Request) -> web.StreamResponse:
    """Keep what is read from now on, as the reader agrees; or stop and forget it."""
    parts, visitor, ticket = request.app[SITE], request[VISITOR], await _ticket(request)
    wanted = bool((await request.post()).get("wanted"))
    await parts.app.home_deliveries.books.readers.keep_history(ticket, wanted, actor=visitor.actor)
    return see("/readers", "history_kept" if wanted else "history_forgotten")


async def erase(request: web.Request) -> web.StreamResponse:
    """Forget what is kept of a reader. For administrators, and only with the tick that the reader has asked."""
    parts, visitor, ticket = request.app[SITE], request[VISITOR], await _ticket(request)
    if not visitor.account or visitor.account.role != "administrator":
        raise web.HTTPForbidden()
    say = parts.pages.say(visitor.language)
    if not (await request.post()).get("sure"):
        return await _one(request, ticket, Mistake("sure", say("readers.not_sure")))
    try:
        await parts.app.home_deliveries.privacy.erase(ticket, actor=visitor.actor)
    except Refused:
        return await _one(request, ticket, Mistake("sure", say("readers.open_delivery")))
    return see("/readers", "erased")


async def _ticket(request: web.Request) -> str:
    return str((await request.post()).get("ticket", "")).strip()[:32]


async def _one(request: web.Request, ticket: str, *mistakes: Mistake) -> web.Response:
    parts = request.app[SITE]
    kept = await parts.app.home_deliveries.privacy.export(ticket, actor=request[VISITOR].actor)
    return page(
        request,
        "reader.html",
        ticket=ticket,
        contact=Contact(**kept["contact"]),
        right=_right(kept),
        deliveries=len(kept["deliveries"]),
        temporary=kept["temporary"],
        keeps_history=kept["keeps_history"],
        read=[loan for loan in kept["loans"] if loan["returned"]],
        today=parts.app.clock().date(),
        mistakes=mistakes,
    )


def _right(kept: dict[str, Any]) -> Entitlement:
    right = dict(kept["right"])
    until = right.pop("until")
    return Entitlement(**right, until=date.fromisoformat(until) if until else None)


ROUTES = [
    web.post("/readers/find", find),
    web.post("/readers/withdraw", withdraw),
    web.post("/readers/complete", complete),
    web.post("/readers/history", history),
    web.post("/readers/erase", erase),
]

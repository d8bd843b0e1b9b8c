"""The right to home delivery: given by a person who has seen the paper."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from catalogue_client.circulation.entitlements import Entitlement
from catalogue_client.errors import NotFound, Refused
from voice.staff_site.pages import SITE, VISITOR, Mistake, page, see

FIELDS = ("ticket", "until", "paper", "district", "address", "may_tell")
EMPTY = dict.fromkeys(("find", *FIELDS), "")


async def ask(request: web.Request) -> web.StreamResponse:
    """Answer with the form for a ticket."""
    return form_page(request, {})


def form_page(request: web.Request, values: dict[str, str], *mistakes: Mistake) -> web.Response:
    """Both forms: to find a reader, and to give the right."""
    districts = request.app[SITE].app.home_deliveries.books.delivery_policy.city.districts
    choices = [("", "–"), *((district, district) for district in districts)]
    return page(request, "readers.html", values={**EMPTY, **values}, districts=choices, mistakes=mistakes)


async def allow(request: web.Request) -> web.StreamResponse:
    """Give the right until a day. Address and right are kept sealed; the audit knows a pseudonym."""
    parts, visitor, form = request.app[SITE], request[VISITOR], await request.post()
    values = {key: str(form.get(key, "")).strip()[:200] for key in FIELDS}
    say = parts.pages.say(visitor.language)
    privacy, today = parts.app.home_deliveries.privacy, parts.app.clock().date()
    mistakes = [Mistake(key, say(f"readers.no_{key}")) for key in ("ticket", "paper") if not values[key]]
    try:
        until = date.fromisoformat(values["until"])
    except ValueError:
        until = date.min
    if until < today:
        mistakes.append(Mistake("until", say("readers.bad_until")))
    if not mistakes:
        assert visitor.account
        right = Entitlement(visitor.account.name, values["paper"], values["district"], bool(values["may_tell"]))
        try:
            if values["address"]:
                await privacy.set_address(values["ticket"], values["address"], actor=visitor.actor)
            await privacy.entitle(values["ticket"], until, right, actor=visitor.actor)
        except NotFound:
            mistakes.append(Mistake("ticket", say("readers.unknown")))
        except Refused:
            mistakes.append(Mistake("address", say("readers.outside")))
    if mistakes:
        return form_page(request, values, *mistakes)
    return see("/readers", "allowed")


ROUTES = [web.get("/readers", ask), web.post("/readers", allow)]

"""Log in, log out, and the page to start from."""

from __future__ import annotations

import asyncio
import re
from math import ceil

from aiohttp import web

from voice.staff_site.pages import SITE, VISITOR, Mistake, Visitor, page, see
from voice.staff_site.proxies import asker, is_encrypted
from voice.staff_site.resubmission import kept, waiting
from voice.staff_site.sessions import COOKIE, give, take_away


async def home(request: web.Request) -> web.StreamResponse:
    """Send the visitor to the first page."""
    return see("/state")


async def ask(request: web.Request) -> web.StreamResponse:
    """Answer with the form for name and passphrase."""
    if request[VISITOR].account:
        return see("/state")
    return page(request, "login.html", name="", onward=_onward(request.query.get("next", "")))


async def log_in(request: web.Request) -> web.StreamResponse:
    """Wrong names and wrong passphrases get one answer; both are counted by name and address."""
    parts, form = request.app[SITE], await request.post()
    name, passphrase = str(form.get("name", "")).strip(), str(form.get("passphrase", ""))
    onward, again = _onward(str(form.get("next", ""))), kept(form)

    def refused(sentence: str, status: int) -> web.Response:
        mistakes = (Mistake("name", say(sentence)),)
        if again:
            return waiting(request, again, status=status, name=name, mistakes=mistakes)
        return page(request, "login.html", status=status, mistakes=mistakes, name=name, onward=onward)

    say = parts.pages.say(request[VISITOR].language)
    trusted = parts.app.settings.staff_site.trusted_proxies
    address = asker(request, trusted)
    # Who knows somebody's name shuts the door to their own address first, and to everybody only with many tries.
    counted = ((parts.names, f"{name[:100]} {address}"), (parts.everywhere, name[:100]), (parts.addresses, address))
    if wait := max(tries.wait_s(who) for tries, who in counted):
        response = refused("login.locked", 429)
        response.headers["Retry-After"] = str(ceil(wait))
        return response
    # Counted before it is looked at: a hundred tries at once are a hundred tries.
    for tries, who in counted:
        tries.failed(who)
    account = await asyncio.to_thread(parts.accounts.admitted, name, passphrase)
    if account is None:
        await parts.note("staff:unknown", "log_in", "staff site", "refused")
        return refused("login.wrong", 422)
    for tries, who in counted:
        tries.succeeded(who)
    await parts.note(f"staff:{account.name}", "log_in", "staff site")
    before = request.cookies.get(COOKIE, "")
    if before:
        await parts.sessions.end(before)
    cookie, session = await parts.sessions.begin(account)
    if again:
        request[VISITOR] = Visitor(request[VISITOR].language, session)
        response = waiting(request, again, status=200)
    else:
        response = web.Response(status=303, headers={"Location": onward})
    give(response, cookie, is_encrypted(request, trusted))
    return response


async def log_out(request: web.Request) -> web.StreamResponse:
    """End the session, here and on the server."""
    parts = request.app[SITE]
    await parts.note(request[VISITOR].actor, "log_out", "staff site")
    response = web.Response(status=303, headers={"Location": "/login?done=out"})
    await parts.sessions.end(request.cookies.get(COOKIE, ""))
    take_away(response)
    return response


def _onward(path: str) -> str:
    """Where to go after the log-in: a path of ours, whatever the address says."""
    return path if re.fullmatch(r"/[\w-][\w/.-]*", path, re.ASCII) else "/state"


ROUTES = [
    web.get("/", home),
    web.get("/login", ask),
    web.post("/login", log_in),
    web.post("/logout", log_out),
]

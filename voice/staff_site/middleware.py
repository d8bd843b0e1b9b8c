"""Stands before every page: headers, plain error pages, who may come in, and where forms come from."""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from catalogue_client.errors import LibraryError, NotFound
from voice.staff_site.pages import MENU, SITE, VISITOR, Visitor, page
from voice.staff_site.resubmission import ask_again
from voice.staff_site.sessions import COOKIE
from voice.staff_site.words import LANGUAGES, preferred
from voice.values.errors import VoiceError

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
OPEN = frozenset({"/health", "/metrics", "/style.css", "/login"})
"""Served to everybody who reaches the address; none of them says anything about a person."""
ALONE = OPEN - {"/login"}
LANGUAGE_COOKIE = "dauys_language"
YEAR_S = 365 * 24 * 3600


@web.middleware
async def harden(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on everything; pages are kept by nobody."""
    response = await handler(request)
    response.force_close()  # one request a connection: nobody holds one that does nothing
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out the visitor's language; make a page with a plain sentence of everything that goes wrong."""
    parts = request.app[SITE]
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen not in LANGUAGES:
        chosen = preferred(request.headers.get("Accept-Language", ""), parts.app.settings.voice.language)
    request[VISITOR] = Visitor(chosen)
    if request.method == "GET" and (asked := request.query.get("language")) in LANGUAGES:
        path = "/" + request.path.lstrip("/\\")  # "//host" would be another site
        there = request.rel_url.with_path(path, keep_query=True).without_query_params("language", "done")
        response = web.Response(status=303, headers={"Location": str(there)})
        response.set_cookie(LANGUAGE_COOKIE, str(asked), max_age=YEAR_S, httponly=True, samesite="Lax")
        return response
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            return web.Response(status=error.status, headers={"Location": error.headers["Location"]})
        return _trouble(request, error.status)
    except NotFound:
        return _trouble(request, 404)
    except (LibraryError, VoiceError) as error:
        log.error("%s %s: %s", request.method, request.path, error)
        return _trouble(request, 503)
    except (KeyError, IndexError):
        log.exception("%s %s failed", request.method, request.path)
        return _trouble(request, 500)
    except (UnicodeDecodeError, LookupError) as error:  # bytes that are no text, or text in no known encoding
        log.warning("%s %s: unreadable form: %s", request.method, request.path, type(error).__name__)
        return _trouble(request, 400)
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return _trouble(request, 500)


@web.middleware
async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets in who is logged in and may; takes forms from our own pages only."""
    parts, visitor = request.app[SITE], request[VISITOR]
    if request.method not in ("GET", "HEAD", "POST"):
        raise web.HTTPMethodNotAllowed(request.method, ["GET", "HEAD", "POST"])
    cookie = request.cookies.get(COOKIE, "")
    alone = request.path in ALONE  # whoever looks whether we live is answered without the store
    session = await parts.sessions.find(cookie) if cookie and not alone else None
    request[VISITOR] = Visitor(visitor.language, session)
    if request.method == "POST":
        if _is_foreign(request):
            raise web.HTTPForbidden()
        if request.content_type != "application/x-www-form-urlencoded":
            raise web.HTTPUnsupportedMediaType()
    if request.path in OPEN:
        return await handler(request)
    if session is None:
        if request.method == "POST" and request.path != "/logout":
            return await ask_again(request)
        onward = "" if request.method == "POST" else "?next=" + quote(request.path)
        raise web.HTTPSeeOther("/login" + onward)
    if request.method == "POST":
        token = str((await request.post()).get("token", ""))
        if not parts.sessions.is_ours(token, session):
            if parts.sessions.was_ours(token, session.account) and request.path != "/logout":
                return await ask_again(request)
            raise web.HTTPForbidden()
    if not session.account.may(MENU.get(request.path.split("/")[1], "")):
        raise web.HTTPForbidden()
    return await handler(request)


def _is_foreign(request: web.Request) -> bool:
    """Whether a browser says that the form lies on another site (Fetch Metadata, Origin)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _trouble(request: web.Request, status: int) -> web.Response:
    known = {400, 401, 403, 404, 405, 413, 415, 429, 503}
    return page(request, "trouble.html", status=status, reason=f"trouble.{status if status in known else 500}")

"""A small Koha true to the rules of its REST interface, with faults.

What it holds to, as Koha's published definitions have it: who may ask for what (403 with the permissions that lack),
records in the format that Accept names and 406 without one, lists page by page with their total, objects that come
along only when `x-koha-embed` names them, refusals as sentences.
"""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import date, timedelta
from typing import Any

from aiohttp import web

TICKET, PIN = "100003", "3690"
USER, PASSWORD = "dauys", "secret"
PERMISSIONS = {
    ("POST", "auth"): "borrowers", ("GET", "patrons"): "borrowers", ("GET", "biblios"): "catalogue",
    ("GET", "items"): "catalogue", ("GET", "holds"): "reserveforothers", ("POST", "holds"): "reserveforothers",
    ("DELETE", "holds"): "reserveforothers", ("GET", "checkouts"): "circulate", ("POST", "checkouts"): "circulate",
    ("GET", "libraries"): "",
}  # fmt: skip
"""Method and first part of the path -> the permission that it needs."""
EMBEDS = {"items": {"biblio", "+strings"}, "checkouts": {"issuer", "renewals"}, "holds": {"cancellation_requested"}}
FORMATS = ["application/json", "application/marcxml+xml", "application/marc-in-json", "application/marc", "text/plain"]


class KohaServer:
    """One patron (id 1), biblios 10 and up, checkouts 1 and 2. `faults` meet the next changing requests in turn."""

    def __init__(self) -> None:
        self.holds: dict[int, int] = {}
        self.due: dict[int, date | str | None] = {1: date(2026, 12, 4), 2: date(2026, 12, 4)}
        self.renewals = {1: 0, 2: 2}
        self.kinds: dict[int, str] = {}
        """Number of an item -> its kind; "BK" unless it is here."""
        self.placed = 0
        self.refusal = ""
        """Koha's word for why it takes no hold now."""
        self.granted = {"borrowers", "catalogue", "circulate", "reserveforothers"}
        self.has_lists_of_biblios = self.embeds = True
        """An older Koha has neither."""
        self.staff_agree_first = False
        self.faults: list[str] = []
        self.asked: list[str] = []
        """Method and path of every request."""

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._by_the_rules, self._faulty])
        app.add_routes([
            web.post("/api/v1/auth/password/validation", self._validate), web.get("/api/v1/patrons", self._patrons),
            web.get("/api/v1/biblios", self._biblios), web.get("/api/v1/biblios/{id}", self._biblio),
            web.get("/api/v1/items", self._items), web.get("/api/v1/libraries", self._libraries),
            web.get("/api/v1/holds", self._list_holds), web.post("/api/v1/holds", self._hold),
            web.delete("/api/v1/holds/{id}", self._cancel), web.get("/api/v1/checkouts", self._checkouts),
            web.post("/api/v1/checkouts/{id}/renewals", self._renew),
            web.get("/api/v1/checkouts/{id}/allows_renewal", self._allows),
        ])  # fmt: skip
        return app

    @web.middleware
    async def _by_the_rules(self, request: web.Request, handler: Any) -> web.StreamResponse:
        room = request.path.removeprefix("/api/v1/").split("/")[0]
        self.asked.append(f"{request.method} {request.path.removeprefix('/api/v1/')}")
        scheme, _, told = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic" or b64decode(told).decode() != f"{USER}:{PASSWORD}":
            return web.json_response({"error": "Authentication failure."}, status=401)
        needed = PERMISSIONS.get((request.method, room), "")
        if needed and needed not in self.granted:
            lacking = {"error": "Authorization failure. Missing required permission(s).",
                       "required_permissions": {needed: "1"}}  # fmt: skip
            return web.json_response(lacking, status=403)
        embeds = set(filter(None, request.headers.get("x-koha-embed", "").split(",")))
        if not embeds <= (EMBEDS.get(room, set()) if self.embeds else set()):
            return web.json_response({"errors": [{"message": "Not in enum list", "path": "/x-koha-embed"}]}, status=400)
        # Biblios come in several formats, and */* is none of them.
        if room == "biblios" and request.headers.get("Accept") not in FORMATS:
            return web.json_response(FORMATS, status=406)
        if room == "biblios" and request.headers["Accept"] != "application/json":
            return web.Response(body=b"MARC", content_type=request.headers["Accept"])
        return await handler(request)

    def _listed(self, request: web.Request, found: list[dict[str, Any]]) -> web.Response:
        """One page: 20 entries unless _per_page says otherwise."""
        page, size = int(request.query.get("_page", "1")), int(request.query.get("_per_page", "20"))
        part = found[(page - 1) * size : page * size]
        return web.json_response(part, headers={"X-Total-Count": str(len(found))})

    @web.middleware
    async def _faulty(self, request: web.Request, handler: object) -> web.StreamResponse:
        fault = self.faults.pop(0) if self.faults and request.method != "GET" else ""
        if fault in ("503", "429"):
            return web.Response(status=int(fault), text="<html>later</html>")
        if fault != "lost request":
            answer: web.StreamResponse = await handler(request)  # type: ignore[operator]
            if not fault:
                return answer
        if fault in ("500", "html"):
            return web.Response(status=500 if fault == "500" else 200, text="<html>oh</html>")
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _validate(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked == {"identifier": TICKET, "password": PIN} or asked == {"identifier": "natalya", "password": PIN}:
            return web.json_response({"cardnumber": TICKET, "patron_id": 1, "userid": "natalya"}, status=201)
        return web.json_response({"error": "Validation failed"}, status=400)

    async def _patrons(self, request: web.Request) -> web.Response:
        known = json.loads(request.query["q"]) == {"cardnumber": TICKET}
        patron = {"cardnumber": TICKET, "patron_id": 1, "firstname": "Наталья", "category_id": "ADULT"}
        return self._listed(request, [patron] if known else [])

    def _about(self, number: int) -> dict[str, Any]:
        return {"biblio_id": number, "title": f"Книга {number} /", "author": "Әуезов,"}

    async def _biblios(self, request: web.Request) -> web.Response:
        if not self.has_lists_of_biblios:
            return web.json_response({"error": "Not Found"}, status=404)
        return self._listed(request, [self._about(number) for number in json.loads(request.query["q"])["biblio_id"]])

    async def _biblio(self, request: web.Request) -> web.Response:
        return web.json_response(self._about(int(request.match_info["id"])))

    async def _items(self, request: web.Request) -> web.Response:
        found = []
        for number in json.loads(request.query["q"])["item_id"]:
            item = {"item_id": number, "biblio_id": 10 + number, "external_id": f"B{number}",
                    "effective_item_type_id": self.kinds.get(number, "BK")}  # fmt: skip
            book = {"biblio": self._about(10 + number)} if "biblio" in request.headers.get("x-koha-embed", "") else {}
            found.append(item | book)
        return self._listed(request, found)

    async def _libraries(self, _: web.Request) -> web.Response:
        return web.json_response([{"library_id": "KZ", "name": "Орталық кітапхана"}])

    async def _list_holds(self, request: web.Request) -> web.Response:
        told = {"pickup_library_id": "KZ", "priority": 1, "status": None, "expiration_date": None}
        return self._listed(request, [{"hold_id": key, "biblio_id": value} | told for key, value in self.holds.items()])

    async def _hold(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["pickup_library_id"] != "KZ":
            return web.json_response({"error": "The supplied pickup location is not valid"}, status=400)
        if reason := self.refusal or ("tooManyReserves" if len(self.holds) == 3 else ""):
            return web.json_response({"error": f"Hold cannot be placed. Reason: {reason}"}, status=403)
        self.placed += 1
        self.holds[self.placed] = asked["biblio_id"]
        return web.json_response({"hold_id": self.placed}, status=201)

    async def _cancel(self, request: web.Request) -> web.Response:
        if self.staff_agree_first:
            return web.Response(status=202)
        if self.holds.pop(int(request.match_info["id"]), None) is None:
            return web.json_response({"error": "Hold not found"}, status=404)
        return web.Response(status=204)

    async def _checkouts(self, request: web.Request) -> web.Response:
        told = [
            {"checkout_id": n, "item_id": n, "library_id": "KZ", "renewals_count": self.renewals.get(n, 0),
             "due_date": f"{due}T23:59:00+05:00" if isinstance(due, date) else due}
            for n, due in self.due.items()
        ]  # fmt: skip
        return self._listed(request, told)

    async def _allows(self, request: web.Request) -> web.Response:
        done = self.renewals.get(int(request.match_info["id"]), 0)
        told = {"allows_renewal": done < 2, "max_renewals": 2, "current_renewals": done}
        return web.json_response(told | {"error": None if done < 2 else "too_many"})

    async def _renew(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        if self.renewals[number] == 2:
            return web.json_response({"error": "Renewal not authorized (too_many)"}, status=403)
        self.renewals[number] += 1
        due = self.due[number]
        assert isinstance(due, date)
        self.due[number] = due + timedelta(days=14)
        return web.json_response({}, status=201)

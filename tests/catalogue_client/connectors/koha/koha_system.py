"""A small Koha by the published definitions of its REST interface, with faults."""

from __future__ import annotations

import json
from datetime import date, timedelta

from aiohttp import web

TICKET, PIN = "100003", "3690"


class KohaSystem:
    """One patron (id 1), biblios 10 to 14, checkouts 1 and 2. `faults` meet the next changing requests in turn."""

    def __init__(self) -> None:
        self.holds: dict[int, int] = {}
        self.due = {1: date(2026, 12, 4), 2: date(2026, 12, 4)}
        self.renewals = {1: 0, 2: 2}
        self.placed = 0
        self.faults: list[str] = []

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._faulty])
        app.add_routes([
            web.post("/api/v1/auth/password/validation", self._validate), web.get("/api/v1/patrons", self._patrons),
            web.get("/api/v1/biblios/{id}", self._biblio), web.get("/api/v1/items/{id}", self._item),
            web.get("/api/v1/libraries", self._libraries), web.get("/api/v1/holds", self._list_holds),
            web.post("/api/v1/holds", self._hold), web.delete("/api/v1/holds/{id}", self._cancel),
            web.get("/api/v1/checkouts", self._checkouts), web.post("/api/v1/checkouts/{id}/renewals", self._renew),
            web.get("/api/v1/checkouts/{id}/allows_renewal", self._allows),
        ])  # fmt: skip
        return app

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
        return web.json_response([{"cardnumber": TICKET, "patron_id": 1, "firstname": "Наталья"}] if known else [])

    async def _biblio(self, request: web.Request) -> web.Response:
        return web.json_response({"title": f"Книга {request.match_info['id']} /", "author": "Әуезов"})

    async def _item(self, request: web.Request) -> web.Response:
        return web.json_response({"biblio_id": 10 + int(request.match_info["id"])})

    async def _libraries(self, _: web.Request) -> web.Response:
        return web.json_response([{"library_id": "KZ", "name": "Орталық кітапхана"}])

    async def _list_holds(self, _: web.Request) -> web.Response:
        told = {"pickup_library_id": "KZ", "priority": 1, "status": None}
        return web.json_response([{"hold_id": key, "biblio_id": value} | told for key, value in self.holds.items()])

    async def _hold(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["pickup_library_id"] != "KZ":
            return web.json_response({"error": "pickup_library_id not found"}, status=400)
        if len(self.holds) == 3:
            return web.json_response({"error": "Hold not allowed", "error_code": "tooManyReserves"}, status=403)
        self.placed += 1
        self.holds[self.placed] = asked["biblio_id"]
        return web.json_response({"hold_id": self.placed}, status=201)

    async def _cancel(self, request: web.Request) -> web.Response:
        if self.holds.pop(int(request.match_info["id"]), None) is None:
            return web.json_response({"error": "Hold not found"}, status=404)
        return web.Response(status=204)

    async def _checkouts(self, _: web.Request) -> web.Response:
        told = [{"checkout_id": n, "item_id": n, "due_date": f"{due}T23:59:00+05:00"} for n, due in self.due.items()]
        return web.json_response(told)

    async def _allows(self, request: web.Request) -> web.Response:
        done = self.renewals[int(request.match_info["id"])]
        told = {"allows_renewal": done < 2, "max_renewals": 2, "current_renewals": done}
        return web.json_response(told | {"error": None if done < 2 else "too_many"})

    async def _renew(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        if self.renewals[number] == 2:
            return web.json_response({"error": "Renewal not authorized (too_many)"}, status=403)
        self.renewals[number] += 1
        self.due[number] += timedelta(days=14)
        return web.json_response({}, status=201)

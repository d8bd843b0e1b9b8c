"""A server that behaves as the cargo API does, to test and to demonstrate against, with faults on demand.

Beside the API it answers, to whoever tries it by hand,

    POST /_sandbox/advance {"seconds": 600}                         time goes on
    POST /_sandbox/script  {"after_yes": ["performer_not_found"]}   what the next claim does after yes
                           {"fault": {"kind": "lost", "path": "claims/create", "before": false}, "times": 3}
                           {"rate": 0.05, "stale": 2, "disorder": true, "skew_s": 600}   see `SandboxFaults`
    POST /_sandbox/change  {"claim_id": "…", "status": "…", "price": "…", "performer": "…"}
    GET  /_sandbox/claims

Time stands still but for `advance`, unless `speed` says otherwise.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from catalogue_client.couriers.yandex.http import BASE
from catalogue_client.couriers.yandex.sandbox_checks import (
    ApiError,
    check_coordinates,
    check_headers,
    check_price,
    demand,
)
from catalogue_client.couriers.yandex.sandbox_claims import FOUND, Claim, Ledger
from catalogue_client.couriers.yandex.sandbox_faults import Fault, SandboxFaults

TOKEN = "sandbox"
VOICE = {"phone": "+77270000000", "ext": "4712", "ttl_seconds": 300}

Body = dict[str, Any]
Handler = Callable[[web.Request, Body], Body]


class Sandbox:
    """The server's state. `speed` is how many sandbox seconds pass in a real one."""

    def __init__(self, now: datetime | None = None, *, speed: float = 0.0, token: str = TOKEN) -> None:
        self.ledger = Ledger(now or datetime.now(UTC))
        self.hours = (2, 4, 6)
        """Windows of two hours that are offered: how many hours from now each begins."""
        self.faults = SandboxFaults()
        self._token = token
        self._speed = speed
        self._last = time.monotonic()

    def app(self) -> web.Application:
        """Return the web application: the API under /, its controls under /_sandbox."""
        app = web.Application(client_max_size=2_000_000)
        posts: dict[str, Handler] = {
            "check-price": self._price,
            "delivery-methods": self._methods,
            "claims/create": self._create,
            "claims/info": self._info,
            "claims/bulk_info": self._bulk,
            "claims/accept": self._accept,
            "claims/cancel-info": self._cancel_info,
            "claims/cancel": self._cancel,
            "claims/journal": self._journal,
            "claims/search": self._search,
            "claims/points-eta": self._eta,
            "driver-voiceforwarding": self._voice,
        }
        for path, handler in posts.items():
            app.router.add_post(BASE + path, self._served(path, handler))
        for path, handler in {"claims/tracking-links": self._links, "claims/performer-position": self._where}.items():
            app.router.add_get(BASE + path, self._served(path, handler))
        controls: dict[str, Callable[[Body], object]] = {
            "advance": lambda body: self.ledger.advance(float(body["seconds"])),
            "script": self._script,
            "change": self._change,
        }
        for path, control in controls.items():
            app.router.add_post(f"/_sandbox/{path}", self._controlled(control))
        app.router.add_get("/_sandbox/claims", self._all)
        return app

    def _served(self, path: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            self._pass_time()
            fault = self.faults.next(path)
            if fault is not None and fault.before:
                return await self.faults.answer(fault, request)
            try:
                check_headers(request.headers, self._token)
                reply = handler(request, await _body(request))
                answer = web.json_response(reply, headers=self._date())
            except ApiError as error:
                reply = {"code": error.code, "message": error.message}
                answer = web.json_response(reply, status=error.status, headers=self._date())
            except (AttributeError, KeyError, TypeError, ValueError):
                # A field of another type than the contract says.
                reply = {"code": "validation_error", "message": "a field cannot be read"}
                answer = web.json_response(reply, status=400, headers=self._date())
            # The work is done; what goes wrong now is only the answer.
            return answer if fault is None else await self.faults.answer(fault, request)

        return serve

    def _controlled(self, control: Callable[[Body], object]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            try:
                control(await _body(request))
            except (ApiError, KeyError, TypeError, ValueError) as error:
                return web.json_response({"error": str(error)}, status=400)
            return web.json_response({"now": self.ledger.now.isoformat()})

        return serve

    async def _all(self, request: web.Request) -> web.Response:
        self._pass_time()
        return web.json_response([self.ledger.to_json(claim) for claim in self.ledger.claims.values()])

    def _script(self, body: Body) -> None:
        if "after_yes" in body:
            self.ledger.scripts.append([str(status) for status in body["after_yes"]])
        if "fault" in body:
            self.faults.plan += [Fault(**body["fault"])] * int(body.get("times", 1))
        self.faults.rate = float(body.get("rate", self.faults.rate))
        self.faults.stale = int(body.get("stale", self.faults.stale))
        self.faults.disorder = bool(body.get("disorder", self.faults.disorder))
        self.faults.skew_s = float(body.get("skew_s", self.faults.skew_s))

    def _change(self, body: Body) -> None:
        claim = self.ledger.claim(str(body["claim_id"]))
        if "performer" in body:
            claim.performer = str(body["performer"])
        if "price" in body:
            self.ledger.set_price(claim, str(body["price"]))
        if "status" in body:
            self.ledger.set_status(claim.id, str(body["status"]))

    def _pass_time(self) -> None:
        now = time.monotonic()
        self.ledger.now += timedelta(seconds=(now - self._last) * self._speed)
        self._last = now

    def _date(self) -> dict[str, str]:
        moment = datetime.now(UTC) + timedelta(seconds=self.faults.skew_s)
        return {"Date": f"{moment:%a, %d %b %Y %H:%M:%S GMT}"}

    def _shown(self, claim: Claim) -> Body:
        if self.faults.stale and claim.before is not None:
            self.faults.stale -= 1
            return claim.before
        return self.ledger.to_json(claim)

    def _asked(self, request: web.Request) -> Claim:
        return self.ledger.claim(request.query.get("claim_id", ""))

    def _price(self, request: web.Request, body: Body) -> Body:
        check_price(body)
        return {"price": "1290.0000", "currency_rules": {"code": "KZT"}, "distance_meters": 5200.0, "eta": 35}

    def _methods(self, request: web.Request, body: Body) -> Body:
        check_coordinates(body.get("start_point"))
        begin = self.ledger.now.replace(minute=0, second=0, microsecond=0)
        intervals = [
            {"from": (begin + timedelta(hours=n)).isoformat(), "to": (begin + timedelta(hours=n + 2)).isoformat()}
            for n in self.hours
        ]
        return {
            "express_delivery": {"allowed": True, "available_tariffs": []},
            "same_day_delivery": {"allowed": bool(intervals), "available_intervals": intervals},
        }

    def _create(self, request: web.Request, body: Body) -> Body:
        request_id = request.query.get("request_id", "")
        demand(1 <= len(request_id) <= 128, "validation_error", "request_id")
        return self.ledger.to_json(self.ledger.create(request_id, body))

    def _info(self, request: web.Request, body: Body) -> Body:
        return self._shown(self._asked(request))

    def _bulk(self, request: web.Request, body: Body) -> Body:
        wanted = body.get("claim_ids")
        demand(isinstance(wanted, list) and 1 <= len(wanted) <= 1000, "validation_error", "claim_ids")
        assert isinstance(wanted, list)
        return {
            "claims": [
                self._shown(self.ledger.claim(str(claim_id))) for claim_id in wanted if claim_id in self.ledger.claims
            ]
        }

    def _accept(self, request: web.Request, body: Body) -> Body:
        return _short(self.ledger.accept(self._asked(request).id, int(body.get("version", 0))))

    def _cancel_info(self, request: web.Request, body: Body) -> Body:
        state = self.ledger.cancel_state(self._asked(request).id)
        return {"cancel_state": state, "price": "0" if state == "free" else "600.0000", "currency": "KZT"}

    def _cancel(self, request: web.Request, body: Body) -> Body:
        demand(body.get("cancel_state") in ("free", "paid"), "bad_request", "cancel_state")
        claim = self._asked(request)
        return _short(self.ledger.cancel(claim.id, int(body.get("version", 0)), str(body["cancel_state"])))

    def _journal(self, request: web.Request, body: Body) -> Body:
        limit = int(request.query.get("limit", "100"))
        demand(1 <= limit <= 1000, "validation_error", "limit")
        cursor, events = self.ledger.events(str(body.get("cursor", "")), limit)
        return {"cursor": cursor, "events": self.faults.shuffled(events)}

    def _search(self, request: web.Request, body: Body) -> Body:
        limit, offset = int(body.get("limit", 100)), int(body.get("offset", 0))
        found = self.ledger.search(body)[offset : offset + limit]
        return {"claims": [self.ledger.to_json(claim) for claim in found]}

    def _eta(self, request: web.Request, body: Body) -> Body:
        return {
            "id": self._asked(request).id,
            "route_points": self.ledger.to_json(self._asked(request))["route_points"],
        }

    def _links(self, request: web.Request, body: Body) -> Body:
        claim = _with_courier(self._asked(request))
        return {
            "route_points": [
                {"id": n, "type": point["type"], "sharing_link": f"https://sandbox.invalid/{claim.id}"}
                for n, point in enumerate(claim.body["route_points"])
            ]
        }

    def _where(self, request: web.Request, body: Body) -> Body:
        _with_courier(self._asked(request))
        return {"position": {"lat": 43.238, "lon": 76.945, "timestamp": int(self.ledger.now.timestamp())}}

    def _voice(self, request: web.Request, body: Body) -> Body:
        claim = _with_courier(self.ledger.claim(str(body.get("claim_id", ""))))
        known = {point["id"] for point in self.ledger.to_json(claim)["route_points"]}
        demand(body.get("point_id") in known, "bad_request", "point_id is the server's")
        return VOICE


def _with_courier(claim: Claim) -> Claim:
    if claim.status not in FOUND:
        raise ApiError(409, "inappropriate_status", "no courier yet")
    return claim


def _short(claim: Claim) -> Body:
    return {
        "id": claim.id,
        "status": claim.status,
        "version": claim.version,
        "user_request_revision": "1",
        "skip_client_notify": False,
    }


async def _body(request: web.Request) -> Body:
    content = await request.read()
    if not content:
        return {}
    try:
        parsed = json.loads(content)
    except ValueError as error:
        raise ApiError(400, "bad_request", "no JSON") from error
    demand(isinstance(parsed, dict), "bad_request", "no JSON object")
    return dict(parsed)

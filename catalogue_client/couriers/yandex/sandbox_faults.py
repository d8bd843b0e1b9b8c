"""Faults of a courier's server, scripted or by chance: what really happens between two machines."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Kind = Literal["500", "lost", "hang", "429", "html", "cut", "refused"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one kind of call.

    500: the server fails. lost: the connection ends without an answer. hang: it answers too late. 429: too many
    requests. html: a page instead of JSON. cut: half of a JSON answer. refused: 400 with the code `text`.
    """

    kind: Kind
    path: str = ""
    """The call it happens to, such as claims/create; "" for any."""
    before: bool = True
    """Before the work is done; otherwise the work is done and only its answer is lost."""
    retry_after: int = 0
    text: str = "validation_error"


@dataclass
class SandboxFaults:
    """What is to go wrong: first what is planned, then by chance."""

    plan: list[Fault] = field(default_factory=list)
    rate: float = 0.0
    """Share of calls that fail by chance."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    hang_s: float = 5.0
    stale: int = 0
    """The next so many claims/info answer the claim as it was before its last change."""
    skew_s: float = 0.0
    """How far the server's clock is ahead."""
    disorder: bool = False
    """Journal pages hold each event twice, the later first."""

    def next(self, path: str) -> Fault | None:
        """The fault for a call, taken off the plan."""
        for n, fault in enumerate(self.plan):
            if fault.path in ("", path):
                return self.plan.pop(n)
        if self.chance.random() < self.rate:
            kinds: Sequence[Kind] = ("500", "lost", "429", "html", "cut")
            return Fault(self.chance.choice(kinds), before=self.chance.random() < 0.5)
        return None

    async def answer(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        """What the client gets instead of the answer."""
        match fault.kind:
            case "500":
                return web.json_response({"code": "500", "message": "internal"}, status=500)
            case "429":
                wait = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
                return web.json_response({"code": "too_many_requests", "message": ""}, status=429, headers=wait)
            case "html":
                return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
            case "cut":
                return web.Response(text='{"id": "0', content_type="application/json")
            case "refused":
                return web.json_response({"code": fault.text, "message": "scripted"}, status=400)
            case "hang":
                await asyncio.sleep(self.hang_s)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def shuffled(self, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the events, backwards and each twice when `disorder` is set."""
        return [event for event in reversed(events) for _ in range(2)] if self.disorder else events

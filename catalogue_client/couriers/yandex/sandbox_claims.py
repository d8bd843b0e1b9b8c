"""The sandbox's claims: how they are made, accepted and cancelled, and how they go on as its clock goes on. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from catalogue_client.couriers.yandex.sandbox_checks import ApiError, check_claim

OFFER_S = 600
BEFORE_YES = (("estimating", 0.0), ("ready_for_approval", 1.0))
AFTER_YES = (
    ("performer_lookup", 1.0), ("performer_draft", 10.0), ("performer_found", 30.0), ("pickup_arrived", 600.0),
    ("ready_for_pickup_confirmation", 60.0), ("pickuped", 120.0), ("delivery_arrived", 1200.0),
    ("ready_for_delivery_confirmation", 30.0), ("delivered", 120.0), ("delivered_finish", 5.0),
)  # fmt: skip
"""(status, seconds after the one before)."""
RETURN = (
    ("return_arrived", 900.0),
    ("ready_for_return_confirmation", 30.0),
    ("returned", 60.0),
    ("returned_finish", 5.0),
)
FREE = ("new", "estimating", "estimating_failed", "ready_for_approval", "accepted",
        "performer_lookup", "performer_draft", "performer_found")  # fmt: skip
PAID = ("pickup_arrived", "ready_for_pickup_confirmation")
FOUND = tuple(status for status, _ in AFTER_YES[2:])
TERMINAL = {
    "delivered_finish": "success", "returned_finish": "failed", "failed": "failed", "estimating_failed": "failed",
    "performer_not_found": "failed", "cancelled": "failed", "cancelled_with_payment": "failed",
    "cancelled_by_taxi": "failed", "cancelled_with_items_on_hands": "failed",
}  # fmt: skip
PRICE = "1290.0000"


@dataclass
class Claim:
    """One claim. `ahead` is what will happen by itself: (status, at)."""

    id: str
    body: dict[str, Any]
    created: datetime
    status: str = "new"
    version: int = 1
    revision: int = 1
    updated: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))
    accepted: int = 0
    """How often it was accepted: more than once would be a fault of the sandbox."""
    offer_until: datetime | None = None
    ahead: list[tuple[str, datetime]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    price: str = PRICE
    performer: str = "Серік"
    before: dict[str, Any] | None = None
    """The claim as it was before its last change, for stale answers."""


class Ledger:
    """All claims and the journal, by the clock that the caller turns."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.claims: dict[str, Claim] = {}
        self.by_request: dict[str, str] = {}
        self.by_order: dict[str, list[str]] = {}
        self.journal: list[dict[str, Any]] = []
        self.scripts: list[list[str]] = []
        """What the next claims will do after yes instead of going well: statuses, one list a claim."""

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += timedelta(seconds=seconds)
        for claim in self.claims.values():
            self.settle(claim)

    def create(self, request_id: str, body: dict[str, Any]) -> Claim:
        """The same request_id gives the old claim, whatever the body says."""
        if request_id in self.by_request:
            return self.claim(self.by_request[request_id])
        check_claim(body, self.now)
        claim = Claim(uuid.uuid4().hex, body, self.now)
        self.claims[claim.id], self.by_request[request_id] = claim, claim.id
        for order in {point["external_order_id"] for point in body["route_points"] if point.get("external_order_id")}:
            self.by_order.setdefault(order, []).append(claim.id)
        self._become(claim, "new", self.now)
        claim.ahead = list(self._at(BEFORE_YES))
        return self.settle(claim)

    def accept(self, claim_id: str, version: int) -> Claim:
        """Confirm a priced claim. Raises ApiError for another version or state."""
        claim = self._changing(claim_id, version)
        if claim.offer_until is not None and claim.status == "failed":
            raise ApiError(409, "offer_expired")
        if claim.accepted:
            raise ApiError(409, "offer_already_used")
        if claim.status != "ready_for_approval":
            raise ApiError(409, "inappropriate_status", claim.status)
        claim.accepted += 1
        claim.offer_until = None
        self._become(claim, "accepted", self.now)
        script = self.scripts.pop(0) if self.scripts else None
        steps = AFTER_YES if script is None else tuple((status, 30.0) for status in script)
        claim.ahead = list(self._at(steps))
        return claim

    def cancel_state(self, claim_id: str) -> str:
        """Return what a cancellation would be now: "free", "paid" or "unavailable"."""
        status = self.claim(claim_id).status
        return "free" if status in FREE else "paid" if status in PAID else "unavailable"

    def cancel(self, claim_id: str, version: int, state: str) -> Claim:
        """Cancel a claim. Raises ApiError when `version` or `state` is not today's."""
        claim = self._changing(claim_id, version)
        actual = self.cancel_state(claim_id)
        if actual == "unavailable":
            raise ApiError(409, "inappropriate_status", claim.status)
        if state == "free" and actual == "paid":
            raise ApiError(409, "free_cancel_is_unavailable")
        if state != actual:
            raise ApiError(409, "state_mismatch")
        claim.ahead = []
        self._become(claim, "cancelled" if actual == "free" else "cancelled_with_payment", self.now)
        return claim

    def set_status(self, claim_id: str, status: str) -> Claim:
        """By hand: whatever comes next, this is now."""
        claim = self.claim(claim_id)
        claim.ahead = list(self._at(RETURN)) if status == "returning" else []
        if status in TERMINAL and status not in ("delivered_finish", "returned_finish"):
            claim.offer_until = None
        self._become(claim, status, self.now)
        return claim

    def set_price(self, claim: Claim, price: str) -> None:
        """The courier has reckoned again."""
        claim.before = self.to_json(claim)
        claim.price, claim.updated = price, self.now
        self._tell(claim, "price_changed", new_price=price, new_currency="KZT")

    def claim(self, claim_id: str) -> Claim:
        """Return a claim as it stands now. Raises ApiError."""
        if claim_id not in self.claims:
            raise ApiError(404, "not_found", "no such claim")
        return self.settle(self.claims[claim_id])

    def search(self, wanted: dict[str, Any]) -> list[Claim]:
        """Claims that fit all of external_order_id, claim_id and status that are given."""
        if order := wanted.get("external_order_id"):
            found = [self.claim(claim_id) for claim_id in self.by_order.get(order, ())]
        else:
            found = [self.settle(claim) for claim in self.claims.values()]
        for key, field_name in (("claim_id", "id"), ("status", "status")):
            if wanted.get(key):
                found = [claim for claim in found if getattr(claim, field_name) == wanted[key]]
        return found

    def events(self, cursor: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
        """The journal from a cursor on, and the cursor after that."""
        if cursor and not (cursor.isdecimal() and int(cursor) <= len(self.journal)):
            raise ApiError(400, "invalid_cursor")
        for claim in self.claims.values():
            self.settle(claim)
        first = int(cursor or 0)
        page = self.journal[first : first + limit]
        return str(first + len(page)), page

    def settle(self, claim: Claim) -> Claim:
        """Let happen what was due."""
        while claim.ahead and claim.ahead[0][1] <= self.now:
            status, at = claim.ahead.pop(0)
            self._become(claim, status, at)
            if status == "ready_for_approval":
                claim.offer_until = at + timedelta(seconds=OFFER_S)
        if claim.offer_until is not None and claim.status == "ready_for_approval" and claim.offer_until < self.now:
            self._become(claim, "failed", claim.offer_until)
        return claim

    def to_json(self, claim: Claim) -> dict[str, Any]:
        """The full claim as claims/info answers it."""
        points = [
            {**point, "id": n + 1000, "visit_status": "pending", "visited_at": {"expected": self._eta(claim, n)}}
            for n, point in enumerate(claim.body["route_points"])
        ]
        found = {"courier_name": claim.performer, "car_model": "Kia Rio", "car_number": "123ABC02", "car_color": "ақ"}
        return {
            "id": claim.id, "status": claim.status, "version": claim.version, "revision": claim.revision,
            "user_request_revision": "1", "created_ts": claim.created.isoformat(),
            "updated_ts": claim.updated.isoformat(),
            "items": claim.body["items"], "route_points": points, "error_messages": list(claim.errors),
            "pricing": {"offer": {"offer_id": "1", "price": claim.price}, "currency": "KZT",
                        "final_price": claim.price},
            **({"performer_info": found} if claim.status in FOUND else {}),
        }  # fmt: skip

    def _changing(self, claim_id: str, version: int) -> Claim:
        claim = self.claim(claim_id)
        if version != claim.version:
            raise ApiError(409, "old_version")
        return claim

    def _at(self, steps: tuple[tuple[str, float], ...]) -> Iterator[tuple[str, datetime]]:
        at = self.now
        for status, seconds in steps:
            at += timedelta(seconds=seconds)
            yield status, at

    def _become(self, claim: Claim, status: str, at: datetime) -> None:
        claim.before = self.to_json(claim)
        claim.status, claim.updated = status, at
        resolution = {"resolution": TERMINAL[status]} if status in TERMINAL else {}
        self._tell(claim, "status_changed", new_status=status, **resolution)

    def _tell(self, claim: Claim, change: str, **fields: str) -> None:
        claim.revision += 1
        self.journal.append(
            {"operation_id": len(self.journal) + 1, "claim_id": claim.id, "change_type": change,
             "updated_ts": claim.updated.isoformat(), "revision": claim.revision, **fields}
        )  # fmt: skip

    def _eta(self, claim: Claim, n: int) -> str | None:
        wanted = {0: "pickup_arrived", 1: "delivery_arrived"}.get(n, "")
        return next((at.isoformat() for status, at in claim.ahead if status == wanted), None)

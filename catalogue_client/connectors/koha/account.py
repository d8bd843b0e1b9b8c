"""What a reader has on Koha: loans with their titles, holds with their places."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from catalogue_client.connectors.koha.api import KohaApi
from catalogue_client.errors import BadAnswer, NotFound
from catalogue_client.values.accounts import Hold, HoldStatus, Loan

STANDING: dict[str | None, HoldStatus] = {None: "waiting", "T": "waiting", "P": "waiting", "W": "ready"}
"""Koha's letter -> where a hold stands; in transit and being processed are still waiting for the reader."""
REASONS = {"too_many": "no_renewals_left", "on_reserve": "waited_for", "overdue": "overdue"}
"""Koha's word for why a loan is not renewed -> the library's rule."""


class KohaAccount:
    """Reads; changes nothing."""

    def __init__(self, api: KohaApi, today: Callable[[], date]) -> None:
        self._api = api
        self._today = today

    async def patron(self, ticket: str) -> dict[str, Any]:
        """Raises NotFound."""
        found = await self._api.list("patrons", q=json.dumps({"cardnumber": ticket}))
        if len(found) != 1 or found[0].get("cardnumber") != ticket:
            raise NotFound("Koha does not know this ticket")
        return found[0]

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return the open checkouts. Raises NotFound, Unavailable, BadAnswer."""
        patron = await self.patron(ticket)
        listed = await self._api.list("checkouts", patron_id=str(patron["patron_id"]))
        return tuple([await self._loan(entry) for entry in listed])

    async def loan(self, ticket: str, loan_id: str) -> Loan:
        """Raises NotFound."""
        found = next((loan for loan in await self.loans(ticket) if loan.id == loan_id), None)
        if found is None:
            raise NotFound("no such loan")
        return found

    async def holds(self, patron: dict[str, Any]) -> tuple[Hold, ...]:
        """Return the open holds of a patron object. Raises Unavailable, BadAnswer."""
        listed = await self._api.list("holds", patron_id=str(patron["patron_id"]))
        names = {library.get("library_id"): str(library.get("name")) for library in await self._api.list("libraries")}
        return tuple([await self._hold(entry, names) for entry in listed])

    async def _hold(self, entry: dict[str, Any], names: dict[Any, str]) -> Hold:
        try:
            hold_id, record_id, place = str(entry["hold_id"]), str(entry["biblio_id"]), str(entry["pickup_library_id"])
            standing, priority = STANDING[entry.get("status")], int(entry.get("priority") or 0)
            expires = _date(entry["expiration_date"]) if entry.get("expiration_date") else None
        except (KeyError, TypeError, ValueError) as error:
            raise BadAnswer("Koha: a hold that cannot be read") from error
        title, author = await self._described(record_id)
        return Hold(hold_id, record_id, title, author, place, names.get(place, place), standing, priority, expires)

    async def _loan(self, entry: dict[str, Any]) -> Loan:
        item = await self._object(f"items/{entry.get('item_id')}")
        allowed = await self._object(f"checkouts/{entry.get('checkout_id')}/allows_renewal")
        try:
            due, record_id = _date(entry["due_date"]), str(item["biblio_id"])
            left = max(0, int(allowed["max_renewals"]) - int(allowed["current_renewals"]))
            renewable = bool(allowed["allows_renewal"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadAnswer("Koha: a loan that cannot be read") from error
        title, author = await self._described(record_id)
        why_not = "" if renewable else REASONS.get(str(allowed.get("error")), "not_renewable")
        late = max(0, (self._today() - due).days)
        return Loan(str(entry["checkout_id"]), record_id, title, author, due, left, renewable, why_not, late)

    async def _described(self, record_id: str) -> tuple[str, str]:
        entry = await self._object(f"biblios/{record_id}")
        return str(entry.get("title") or "").rstrip(" /:"), str(entry.get("author") or "").rstrip(" ,")

    async def _object(self, path: str) -> dict[str, Any]:
        answer = await self._api.ask(path)
        if answer.status != 200 or not isinstance(answer.body, dict):
            raise BadAnswer(f"Koha answers {answer.status} for something that it has listed")
        return answer.body


def _date(text: object) -> date:
    """Raises ValueError."""
    return date.fromisoformat(str(text)[:10])

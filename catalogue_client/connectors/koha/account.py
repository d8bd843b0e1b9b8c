"""What a reader has on Koha: loans with their titles, holds with their places."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from catalogue_client.connectors.koha.api import PAGE, KohaApi
from catalogue_client.errors import NotFound
from catalogue_client.values.accounts import Hold, HoldStatus, Loan

STANDING: dict[str | None, HoldStatus] = {None: "waiting", "T": "waiting", "P": "waiting", "W": "ready"}
"""Koha's letter -> where a hold stands; in transit and being processed are still waiting for the reader."""
REASONS = {
    "too_many": "no_renewals_left", "too_unseen": "no_renewals_left", "on_reserve": "waited_for",
    "recalled": "waited_for", "overdue": "overdue",
}  # fmt: skip
"""Koha's word for why a loan is not renewed -> the library's rule."""
AT_LEAST_ONE = 1
"""Renewals left where Koha does not say: it is asked when one is wanted."""
RULE_KEPT_S = 3600.0
"""How long the number of renewals of one kind of item is believed."""


class KohaAccount:
    """Reads; changes nothing. Twenty loans are four requests: reader, loans, copies with their books, renewals."""

    def __init__(self, api: KohaApi, today: Callable[[], date]) -> None:
        self._api = api
        self._today = today
        self._most_renewals: dict[tuple[str, str, str], tuple[float, int]] = {}
        """Category of reader, kind of item and library, by which Koha chooses the rule -> when asked, renewals."""

    async def patron(self, ticket: str) -> dict[str, Any]:
        """Raises NotFound."""
        found = await self._api.list("patrons", q=json.dumps({"cardnumber": ticket}))
        if len(found) != 1 or found[0].get("cardnumber") != ticket:
            raise NotFound("Koha does not know this ticket")
        return found[0]

    async def checkouts(self, patron: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the open checkouts as Koha gives them. Raises Unavailable, BadAnswer."""
        listed = await self._api.list("checkouts", patron_id=str(patron["patron_id"]))
        return [entry for entry in listed if entry.get("checkout_id") is not None]

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Return the open checkouts. Raises NotFound, Unavailable, BadAnswer."""
        patron = await self.patron(ticket)
        listed = await self.checkouts(patron)
        items = await self._items([entry.get("item_id") for entry in listed])
        most = await self._renewals(patron, listed, items)
        return tuple(self._loan(entry, items.get(entry.get("item_id"), {}), most) for entry in listed)

    async def loan(self, ticket: str, loan_id: str) -> Loan:
        """Raises NotFound."""
        found = next((loan for loan in await self.loans(ticket) if loan.id == loan_id), None)
        if found is None:
            raise NotFound("no such loan")
        return found

    async def holds(self, patron: dict[str, Any]) -> tuple[Hold, ...]:
        """Return the open holds of a patron object. Raises Unavailable, BadAnswer."""
        listed = await self._api.list("holds", patron_id=str(patron["patron_id"]))
        if not listed:
            return ()
        names = {library.get("library_id"): str(library.get("name")) for library in await self._api.list("libraries")}
        books = await self._books([entry.get("biblio_id") for entry in listed])
        return tuple(_hold(entry, names, books) for entry in listed if entry.get("hold_id") is not None)

    async def _items(self, numbers: list[Any]) -> dict[Any, dict[str, Any]]:
        """Copies by their number, each with its book under "biblio"."""
        found: dict[Any, dict[str, Any]] = {}
        for some in _batches(numbers):
            query = json.dumps({"item_id": some})
            found |= {item.get("item_id"): item for item in await self._api.list("items", "biblio", q=query)}
        lacking = [item["biblio_id"] for item in found.values() if "biblio" not in item and "biblio_id" in item]
        books = await self._books(lacking)
        for item in found.values():
            item.setdefault("biblio", books.get(item.get("biblio_id"), {}))
        return found

    async def _books(self, numbers: list[Any]) -> dict[Any, dict[str, Any]]:
        """Books by their number; one by one from a Koha that has no list of them (before 22.11)."""
        found: dict[Any, dict[str, Any]] = {}
        for some in _batches(numbers):
            listed = await self._api.list("biblios", q=json.dumps({"biblio_id": some}))
            found |= {book.get("biblio_id"): book for book in listed}
        lacking = [number for number in dict.fromkeys(numbers) if number is not None and number not in found]
        answers = await asyncio.gather(*(self._api.ask(f"biblios/{number}") for number in lacking))
        for number, answer in zip(lacking, answers, strict=True):
            if answer.status == 200 and isinstance(answer.body, dict):
                found[number] = answer.body
        return found

    async def _renewals(
        self, patron: dict[str, Any], listed: list[dict[str, Any]], items: dict[Any, dict[str, Any]]
    ) -> dict[Any, int]:
        """Number of a checkout -> how often it may be renewed in all, as far as Koha says; one question a rule."""
        category = str(patron.get("category_id"))
        rules = {
            entry["checkout_id"]: (
                category,
                str(items.get(entry.get("item_id"), {}).get("effective_item_type_id")),
                str(entry.get("library_id")),
            )
            for entry in listed
        }
        now = time.monotonic()
        old = {rule for rule, (asked, _) in self._most_renewals.items() if now - asked > RULE_KEPT_S}
        for rule in old:
            del self._most_renewals[rule]
        unknown = {rule: number for number, rule in rules.items() if rule not in self._most_renewals}
        answers = await asyncio.gather(
            *(self._api.ask(f"checkouts/{number}/allows_renewal") for number in unknown.values())
        )
        for rule, answer in zip(unknown, answers, strict=True):
            if isinstance(answer.body, dict) and (most := _count(answer.body.get("max_renewals"))) is not None:
                self._most_renewals[rule] = (now, most)
        return {number: self._most_renewals[rule][1] for number, rule in rules.items() if rule in self._most_renewals}

    def _loan(self, entry: dict[str, Any], item: dict[str, Any], most: dict[Any, int]) -> Loan:
        """What Koha does not say stays unsaid; a copy without a book goes by its bar code."""
        book = item.get("biblio")
        title, author = _described(book if isinstance(book, dict) else {})
        due = _date(entry.get("due_date"))
        allowed = most.get(entry["checkout_id"])
        left = max(0, allowed - (_count(entry.get("renewals_count")) or 0)) if allowed is not None else AT_LEAST_ONE
        return Loan(
            str(entry["checkout_id"]),
            str(item.get("biblio_id") or ""),
            title or str(item.get("external_id") or entry.get("item_id") or ""),
            author,
            due,
            left,
            left > 0,
            "" if left else "no_renewals_left",
            max(0, (self._today() - due).days) if due else 0,
        )


def _hold(entry: dict[str, Any], names: dict[Any, str], books: dict[Any, dict[str, Any]]) -> Hold:
    record_id, place = str(entry.get("biblio_id") or ""), str(entry.get("pickup_library_id") or "")
    title, author = _described(books.get(entry.get("biblio_id"), {}))
    # A letter of a later Koha: not ready is the safer belief, for nobody goes out in vain.
    standing = STANDING.get(entry.get("status"), "waiting")
    position, expires = _count(entry.get("priority")) or 0, _date(entry.get("expiration_date"))
    name = names.get(place, place)
    return Hold(str(entry["hold_id"]), record_id, title or record_id, author, place, name, standing, position, expires)


def _described(book: dict[str, Any]) -> tuple[str, str]:
    """Title and author without the marks of cataloguing."""
    return str(book.get("title") or "").rstrip(" /:"), str(book.get("author") or "").rstrip(" ,")


def _batches(numbers: list[Any]) -> list[list[Any]]:
    known = [number for number in dict.fromkeys(numbers) if number is not None]
    return [known[start : start + PAGE] for start in range(0, len(known), PAGE)]


def _count(text: object) -> int | None:
    return int(str(text)) if str(text).isdecimal() else None


def _date(text: object) -> date | None:
    """None where Koha says none, or nothing that is one."""
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None

"""What a reader has, put together from the lists of patron information (63) and item information (17)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from catalogue_client.connectors.sip2.answers import Sip2Item, count_of, denied, item_of
from catalogue_client.connectors.sip2.client import RENEW, Sip2Client
from catalogue_client.connectors.sip2.requests import Lists, RequestWriter
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import BadAnswer, NotFound
from catalogue_client.values.accounts import Hold, HoldStatus, Loan

AT_LEAST_ONE = 1
"""SIP2 does not tell how many renewals are left."""
MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of a reader's list of holds."""

    barcode: str
    """By which the server names the hold; its title where it lists only titles."""
    item: Sip2Item
    ready: bool

    def is_for(self, item: Sip2Item) -> bool:
        """The hold is for this copy, or for another copy of what looks like the same title."""
        return self.barcode == item.barcode or (item.title != "" and self.item.title == item.title)


class Sip2Account:
    """Reads; changes nothing."""

    def __init__(
        self, line: Sip2Client, sender: RequestWriter, settings: Sip2Settings, today: Callable[[], date]
    ) -> None:
        self._line = line
        self._sender = sender
        self._places = settings.places
        self._page = settings.page
        self._today = today

    async def flags(self, ticket: str) -> str:
        """The 14 flags of patron status."""
        return (await self._line.ask(self._sender.patron(ticket))).fixed[:14]

    async def item(self, barcode: str) -> Sip2Item:
        """Raises NotFound."""
        found = item_of(await self._line.ask(self._sender.item(barcode)))
        if found is None:
            raise NotFound("no such copy on the SIP2 server")
        return found

    async def loans(self, ticket: str) -> tuple[Loan, ...]:
        """Raises BadAnswer for a loan without a readable due date."""
        listed, flags = await self._list(ticket, Lists.LOANS)
        items = await asyncio.gather(*(self._listed_item(value) for value in listed))
        return tuple(self._loan(item, flags) for item in items)

    async def loan(self, ticket: str, loan_id: str) -> Loan:
        """Raises NotFound."""
        found = next((loan for loan in await self.loans(ticket) if loan.id == loan_id), None)
        if found is None:
            raise NotFound("no such loan")
        return found

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds. Raises Unavailable, BadAnswer."""
        return tuple(self.hold(entry) for entry in await self.entries(ticket))

    async def entries(self, ticket: str) -> tuple[AccountEntry, ...]:
        """Every hold, those that can be fetched first."""
        ready, _ = await self._list(ticket, Lists.READY)
        waiting, _ = await self._list(ticket, Lists.WAITING)
        items = await asyncio.gather(*(self._listed_item(value) for value in (*ready, *waiting)))
        return tuple(AccountEntry(item.barcode, item, place < len(ready)) for place, item in enumerate(items))

    def hold(
        self, entry: AccountEntry, place_id: str = "", position: int = 0, status: HoldStatus | None = None
    ) -> Hold:
        """`place_id` where the server has named it; else where the copy stands, once it can be fetched."""
        where = place_id or (entry.item.place if entry.ready else "")
        standing: HoldStatus = "ready" if entry.ready else "waiting"
        name = self._places.get(where, where)
        return Hold(entry.barcode, entry.barcode, entry.item.title, "", where, name, status or standing, position)

    async def _list(self, ticket: str, asked: tuple[int, str]) -> tuple[tuple[str, ...], str]:
        """All entries of one list, page by page, and the reader's flags."""
        found: dict[str, None] = {}
        for _ in range(MOST_PAGES):
            answer = await self._line.ask(self._sender.patron(ticket, asked=asked, first=len(found) + 1))
            if answer.get("BL") == "N":
                raise NotFound("the SIP2 server does not know this ticket")
            known = len(found)
            found.update(dict.fromkeys(answer.all(asked[1])))
            # A server that does not know paging sends the same list again, or a part of it for ever.
            if len(found) in (known, count_of(answer, asked[0])):
                return tuple(found), answer.fixed[:14]
        raise BadAnswer(f"SIP2 64: more than {MOST_PAGES} pages of {asked[1]}")

    async def _listed_item(self, value: str) -> Sip2Item:
        """The copy that an entry names: a bar code, or "bar code title due" after some vendors' habit, or a title."""
        for barcode in dict.fromkeys((value, value.split(maxsplit=1)[0])):
            try:
                found = item_of(await self._line.ask(self._sender.item(barcode)))
            except NotFound:
                continue  # a title too long to be asked for
            if found is not None:
                return found
        return Sip2Item(value, value, None, "", recalled=False)

    def _loan(self, item: Sip2Item, flags: str) -> Loan:
        if item.due is None:
            raise BadAnswer("SIP2 18: a copy on loan without a due date")
        late = max(0, (self._today() - item.due).days)
        why_not = ""
        if item.recalled:
            why_not = "waited_for"
        elif denied(flags, "renewal") or not self._line.supports(RENEW):
            why_not = "not_renewable"
        left = 0 if why_not else AT_LEAST_ONE
        return Loan(item.barcode, item.barcode, item.title, "", item.due, left, not why_not, why_not, late)

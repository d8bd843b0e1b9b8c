"""What a reader has, put together from the lists of patron information (63) and item information (17)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogue_client.connectors.sip2.answers import ON_HOLD_SHELF, Sip2Item, count_of, denied, item_of
from catalogue_client.connectors.sip2.client import RENEW, Sip2Client
from catalogue_client.connectors.sip2.requests import Lists, RequestWriter
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.errors import BadAnswer, LibraryError, NotFound, Unavailable
from catalogue_client.values.accounts import Hold, HoldStatus, Loan

log = logging.getLogger(__name__)

AT_LEAST_ONE = 1
"""SIP2 does not tell how many renewals are left."""
MOST_PAGES = 50

Faults = tuple[type[LibraryError], ...]
"""Faults of single copies that a list gets over: such a copy goes by its entry, without due date and record id."""
TO_READ: Faults = (Unavailable, BadAnswer)
"""For the reader's ears: one copy hides no other."""
TO_CHANGE: Faults = (BadAnswer,)
"""Before a change: what cannot be asked about now may be there in a minute, and then counts."""
TO_COMPARE: Faults = ()
"""After a change without an answer: a copy that cannot be seen looks like one that is gone, or was never renewed."""


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of a reader's list of holds."""

    barcode: str
    """By which the server names the hold; its title where it lists only titles."""
    item: Sip2Item
    ready: bool

    @property
    def named_by(self) -> str:
        """The field that names it to the server: AB, or AJ where the server listed a title."""
        return "AB" if self.item.status else "AJ"

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
        self._settings = settings
        self._today = today

    async def flags(self, ticket: str) -> str:
        """The 14 flags of patron status."""
        return (await self._line.ask(self._sender.patron(ticket))).fixed[:14]

    async def item(self, barcode: str) -> Sip2Item:
        """Raises NotFound."""
        found = await self._known(barcode)
        if found is None:
            raise NotFound("no such copy on the SIP2 server")
        return found

    async def loans(self, ticket: str, spared: Faults = TO_READ) -> tuple[Loan, ...]:
        """Return what the reader has; one that the server knows only by title has no record id.

        Raises Unavailable, BadAnswer: also for a single copy whose fault is not `spared`.
        """
        listed, flags = await self._list(ticket, Lists.LOANS)
        return tuple(self._loan(item, flags) for item in await self._listed_items(listed, spared))

    async def loan(self, ticket: str, loan_id: str, spared: Faults = TO_READ) -> Loan:
        """Raises NotFound, and what `loans` raises."""
        found = next((loan for loan in await self.loans(ticket, spared) if loan.id == loan_id), None)
        if found is None:
            raise NotFound("no such loan")
        return found

    async def holds(self, ticket: str) -> tuple[Hold, ...]:
        """Return the open holds. Raises Unavailable, BadAnswer."""
        return tuple(self.hold(entry) for entry in await self.entries(ticket))

    async def entries(self, ticket: str, spared: Faults = TO_READ) -> tuple[AccountEntry, ...]:
        """Every hold, those that can be fetched first. Raises what `loans` raises."""
        ready, _ = await self._list(ticket, Lists.READY)
        waiting, _ = await self._list(ticket, Lists.WAITING)
        listed = tuple(dict.fromkeys((*ready, *waiting)))
        entries = [
            AccountEntry(item.barcode, item, value in ready and self._lies_ready(item))
            for value, item in zip(listed, await self._listed_items(listed, spared), strict=True)
        ]
        return tuple(sorted(entries, key=lambda entry: not entry.ready))

    def _lies_ready(self, item: Sip2Item) -> bool:
        """Some servers list every hold as available: the copy must say so too, or nobody goes out for it."""
        return item.status == ON_HOLD_SHELF or self._settings.believes_ready

    def hold(
        self, entry: AccountEntry, place_id: str = "", position: int = 0, status: HoldStatus | None = None
    ) -> Hold:
        """`place_id` where the server has named it; else where the copy stands, once it can be fetched."""
        where = place_id or (entry.item.place if entry.ready else "")
        standing: HoldStatus = "ready" if entry.ready else "waiting"
        name = self._settings.places.get(where, where)
        record_id = entry.barcode if entry.item.status else ""
        return Hold(entry.barcode, record_id, entry.item.title, "", where, name, status or standing, position)

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

    async def _known(self, barcode: str) -> Sip2Item | None:
        return item_of(await self._line.ask(self._sender.item(barcode)), self._settings.month_first)

    async def _listed_items(self, listed: Sequence[str], spared: Faults) -> list[Sip2Item]:
        """The copies that a list names. One whose fault is `spared` hides no other: it goes by its entry.

        Raises Unavailable, BadAnswer when none could be asked about, or a fault is not spared.
        """
        found = await asyncio.gather(*(self._listed_item(value) for value in listed), return_exceptions=True)
        faults = [item for item in found if isinstance(item, BaseException)]
        for fault in faults:
            if len(faults) == len(found) or not isinstance(fault, spared):
                raise fault
            log.warning("a listed copy cannot be asked about: %s", fault)
        return [
            Sip2Item(value, value, None, "") if isinstance(item, BaseException) else item
            for value, item in zip(listed, found, strict=True)
        ]

    async def _listed_item(self, value: str) -> Sip2Item:
        """The copy that an entry names: a bar code, or "bar code title due" after some vendors' habit, or a title."""
        for barcode in dict.fromkeys((value, value.split(maxsplit=1)[0])):
            try:
                found = await self._known(barcode)
            except NotFound:
                continue  # a title too long to be asked for
            if found is not None:
                return (
                    found
                    if found.barcode and found.title
                    else replace(found, barcode=found.barcode or barcode, title=found.title or value)
                )
        return Sip2Item(value, value, None, "")

    def _loan(self, item: Sip2Item, flags: str) -> Loan:
        late = max(0, (self._today() - item.due).days) if item.due else 0
        why_not = ""
        if item.recalled:
            why_not = "waited_for"
        elif denied(flags, "renewal") or not self._line.supports(RENEW):
            why_not = "not_renewable"
        left = 0 if why_not else AT_LEAST_ONE
        record_id = item.barcode if item.status else ""
        return Loan(item.barcode, record_id, item.title, "", item.due, left, not why_not, why_not, late)

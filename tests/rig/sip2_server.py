"""A small library system behind the SIP2 server of pysip2, with the habits of the systems in the field.

The standard leaves open what a list names its entries by, how a due date is written, what "available" means and which
requests want the PIN. Each known system chose otherwise; HABITS has their choices, as their sources and trackers show.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import pysip2 as s
from anyio.abc import SocketAttribute

NOW = "20261124    100000"
TICKET, PIN = "100003", "3690"
TITLES = {
    "B1": "Абай жолы", "B2": "Көшпенділер", "B3": "Менің атым Қожа", "B4": "Ұшқан ұя", "B5": "Қан мен тер",
}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """What one vendor's server does where the standard is silent."""

    entry: str = "{barcode}"
    """How lists name an item: of barcode, title, due."""
    due: str = "%Y%m%d    235900"
    all_holds_available: bool = False
    """Every hold stands in the list of available items, wherever its copy is."""
    changes_need_pin: bool = False


HABITS = {
    "plain": Habit(),
    "evergreen": Habit(entry="{title}", due="%Y-%m-%d", changes_need_pin=True),
    "evergreen with bar codes": Habit(due="%Y-%m-%d", changes_need_pin=True),
    "koha": Habit(),
    "koha with a date format": Habit(due="%m/%d/%Y"),
    "sirsidynix": Habit(entry="{barcode} {title} {due}", due="%m/%d/%Y,23:59"),
    "rero": Habit(all_holds_available=True, due="%d %B %Y"),
}


@dataclass
class LibrarySystem:
    """What a test may look at and change."""

    habit: Habit = Habit()

    loans: dict[str, date] = field(default_factory=lambda: {"B3": date(2026, 11, 20), "B4": date(2026, 12, 4)})
    renewals: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Copies that are listed but that item information does not know: deleted meanwhile."""
    dates: dict[str, str] = field(default_factory=dict)
    """Due dates as text, in place of what the habit would write."""
    placed: int = 0
    fixed_loans: set[str] = field(default_factory=set)
    tells_due: bool = True
    """Some servers leave the new date out of the answer to a renewal."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """The port on which it is served, until the end."""
        app = s.SIP2Server(institution_id="ALM", encoding="utf-8", login_required=True)
        for route, answer in (
            (s.LOGIN, self._login), (s.PATRON_INFORMATION, self._patron), (s.ITEM_INFORMATION, self._item),
            (s.HOLD, self._hold), (s.RENEW, self._renew), (s.RENEW_ALL, self._renew_all),
        ):  # fmt: skip
            app.route(route)(answer)  # type: ignore[arg-type]
        # Its own `start` leaves the listening socket open, and must end in the task that began it.
        async with await app.listen(port=0) as listener:
            task = asyncio.create_task(listener.serve(app._handle_connection))
            try:
                yield listener.extra(SocketAttribute.local_port)
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _login(self, asked: s.LoginRequest, _: object) -> s.LoginResponse:
        return s.LoginResponse(ok="1" if (asked.login_user_id, asked.login_password) == ("dauys", "secret") else "0")

    async def _patron(self, asked: s.PatronInformationRequest, _: object) -> s.PatronInformationResponse:
        known = asked.patron_identifier == TICKET
        ready, waiting = (self.ready, self.waiting)
        if self.habit.all_holds_available:
            ready, waiting = [*ready, *waiting], []
        lists = [self._entries(part) for part in (ready, [], self.loans, [], [], waiting)] if known else [[]] * 6
        first, last = int(asked.start_item or 1), int(asked.end_item or 9999)
        pages = [entries[first - 1 : last] if asked.summary[i] == "Y" else [] for i, entries in enumerate(lists)]
        return s.PatronInformationResponse(
            patron_status=" " * 14, language="000", transaction_date=NOW, institution_id="ALM",
            hold_items_count=f"{len(lists[0]):04}", overdue_items_count="0000",
            charged_items_count=f"{len(lists[2]):04}",
            fine_items_count="0000", recall_items_count="    ",
            unavailable_holds_count=f"{len(lists[5]):04}", patron_identifier=asked.patron_identifier,
            personal_name="Наталья" if known else "", valid_patron="Y" if known else "N",
            valid_patron_password="Y" if known and asked.patron_password == PIN else "N",
            hold_items=tuple(pages[0]), charged_items=tuple(pages[2]), unavailable_hold_items=tuple(pages[5]),
        )  # fmt: skip

    def _entries(self, barcodes: Iterable[str]) -> list[str]:
        return [
            self.habit.entry.format(barcode=barcode, title=TITLES[barcode], due=self._due(barcode))
            for barcode in barcodes
        ]

    def _due(self, barcode: str) -> str:
        due = self.loans.get(barcode)
        return self.dates.get(barcode, due.strftime(self.habit.due) if due else "")

    def _status(self, barcode: str) -> str:
        if barcode not in TITLES or barcode in self.gone:
            return "01"
        return "08" if barcode in self.ready else "04" if barcode in self.loans else "03"

    async def _item(self, asked: s.ItemInformationRequest, _: object) -> s.ItemInformationResponse:
        barcode = asked.item_identifier
        status = self._status(barcode)
        return s.ItemInformationResponse(
            circulation_status=status, security_marker="00", fee_type="01", transaction_date=NOW,
            item_identifier=barcode, title_identifier=TITLES[barcode] if status != "01" else "",
            due_date=self._due(barcode) or None if status != "01" else None, permanent_location="KZ",
        )  # fmt: skip

    async def _hold(self, asked: s.HoldRequest, _: object) -> s.HoldResponse:
        barcode = self._named(asked.item_identifier, asked.title_identifier)
        if self.habit.changes_need_pin and asked.patron_password != PIN:
            return s.HoldResponse(
                ok="0", available="N", transaction_date=NOW, institution_id="ALM",
                patron_identifier=asked.patron_identifier, screen_message=("Invalid Patron.",),
            )  # fmt: skip
        if asked.hold_mode == "+":
            ok = barcode in TITLES and len(self.waiting) < 3
            if ok:  # like some systems, this one would take the same hold twice
                self.waiting.append(barcode)
                self.placed += 1
        else:
            ok = barcode in self.waiting
            if ok:
                self.waiting.remove(barcode)
        return s.HoldResponse(
            ok="1" if ok else "0", available="N", transaction_date=NOW, institution_id="ALM",
            patron_identifier=asked.patron_identifier, item_identifier=barcode,
            queue_position=str(len(self.waiting)), screen_message=() if ok else ("Too many holds",),
        )  # fmt: skip

    async def _renew(self, asked: s.RenewRequest, _: object) -> s.RenewResponse:
        barcode = self._named(asked.item_identifier, asked.title_identifier)
        ok = (not self.habit.changes_need_pin or asked.patron_password == PIN) and self._prolong(barcode)
        due = self._due(barcode) if ok and self.tells_due else ""
        return s.RenewResponse(
            ok="1" if ok else "0", renewal_ok="Y" if ok else "N", magnetic_media="N", desensitize="N",
            transaction_date=NOW, institution_id="ALM", patron_identifier=asked.patron_identifier,
            item_identifier=barcode, title_identifier=TITLES.get(barcode, ""), due_date=due,
            screen_message=() if ok else ("Renewal limit reached",),
        )  # fmt: skip

    async def _renew_all(self, asked: s.RenewAllRequest, _: object) -> s.RenewAllResponse:
        done = tuple(barcode for barcode in self.loans if self._prolong(barcode))
        left = tuple(barcode for barcode in self.loans if barcode not in done)
        return s.RenewAllResponse(
            ok="1", renewed_count=f"{len(done):04}", unrenewed_count=f"{len(left):04}", transaction_date=NOW,
            institution_id="ALM", renewed_items=done, unrenewed_items=left,
        )  # fmt: skip

    def _named(self, barcode: str | None, title: str | None) -> str:
        return barcode or next((known for known, name in TITLES.items() if title and name == title), "")

    def _prolong(self, barcode: str) -> bool:
        if barcode not in self.loans or barcode in self.fixed_loans:
            return False
        self.loans[barcode] += timedelta(days=14)
        self.renewals[barcode] = self.renewals.get(barcode, 0) + 1
        return True

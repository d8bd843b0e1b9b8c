"""What must always hold, whatever goes wrong. Each check returns sentences of what is broken, none when all is well."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalogue_client.store.encryption import Encryption
from tests.simulation.couriers import CourierWorld
from tests.simulation.readers import TICKETS, YES
from voice.dialogue import commands
from voice.dialogue.commands import AnyCommand, ChangeCommand
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Answered, Failed
from voice.dialogue.states import Booked, Confirm, Doubt
from voice.values.change_policy import MIN_BARGE_IN_CONFIDENCE, MIN_YES_CONFIDENCE

SILENT_S = 5.0
"""Longer than this nobody who has asked for something hears nothing."""
MUTE_S = 30.0
"""Longer than this nobody hears nothing at all, whoever's turn it is."""
GAP_S = 0.5
"""How coarse the clocks of the lines are."""

BOOKS: dict[str, str] = {
    "a copy at a reader's has no open loan": "SELECT id FROM copies WHERE status = 'loan' AND id NOT IN "
    "(SELECT copy_id FROM loans WHERE returned IS NULL)",
    "a lent copy stands elsewhere": "SELECT copies.id FROM copies JOIN loans ON loans.copy_id = copies.id "
    "WHERE loans.returned IS NULL AND copies.status NOT IN ('loan', 'transit')",
    "a copy is kept for nobody": "SELECT id FROM copies WHERE status = 'kept' AND id NOT IN "
    "(SELECT copy_id FROM holds WHERE copy_id IS NOT NULL UNION SELECT copy_id FROM delivery_items)",
    "a hold has a copy that is not kept": "SELECT holds.id FROM holds JOIN copies ON copies.id = holds.copy_id "
    "WHERE holds.status IN ('waiting', 'ready') AND copies.status NOT IN ('kept', 'transit')",
    "a copy is for two readers": "SELECT copy_id FROM holds WHERE copy_id IS NOT NULL AND status IN "
    "('waiting', 'ready', 'delivering') GROUP BY copy_id HAVING count(DISTINCT ticket) > 1",
    "a copy is in two parcels": "SELECT copy_id FROM delivery_items WHERE copy_id IS NOT NULL "
    "GROUP BY copy_id HAVING count(DISTINCT number) > 1",
    "a ticket stands beside a returned title": "SELECT loans.id FROM loans JOIN readers USING (ticket) "
    "WHERE returned IS NOT NULL AND NOT keeps_history",
    "a ticket stands beside a closed hold": "SELECT id FROM holds WHERE ticket IS NOT NULL AND status NOT IN "
    "('waiting', 'ready', 'delivering')",
    "a copy waits on the shelf while somebody waits for it": "SELECT holds.id FROM holds JOIN copies USING (record_id) "
    "WHERE holds.status = 'waiting' AND holds.copy_id IS NULL AND copies.status = 'shelf'",
    "a reader has two open holds on a title": "SELECT record_id FROM holds WHERE status IN ('waiting', 'ready') "
    "GROUP BY ticket, record_id HAVING count(*) > 1",
}
"""Sentence -> the rows that make it true. No row, ever, after any commit."""


def broken_books(connection: sqlite3.Connection, couriers: CourierWorld) -> list[str]:
    """Return what is wrong in the database and between it and the courier."""
    found = [f"{sentence}: {row}" for sentence, query in BOOKS.items() for row in connection.execute(query).fetchall()]
    for parcel in {claim.parcel for claim in couriers.claims.values()}:
        if (bound := couriers.bound_for(parcel)) > 1:
            found.append(f"{bound} couriers are on their way for delivery {parcel}")
    return found


@dataclass
class Ledger:
    """What readers were told is done. It outlives every death of the process."""

    holds: set[str] = field(default_factory=set)
    cancelled_holds: set[str] = field(default_factory=set)
    due: dict[str, str] = field(default_factory=dict)
    deliveries: set[str] = field(default_factory=set)
    cancelled_deliveries: set[str] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)

    def note(self, answered: Answered) -> None:
        """A reader has been told that this was done."""
        answer: Any = answered.answer
        match answered.command:
            case commands.PlaceHold():
                self.holds.add(answer.id)
            case commands.CancelHold():
                self.cancelled_holds.add(answer.id)
            case commands.Renew():
                self.due[answer.id] = answer.due.isoformat()
            case commands.RenewAll():
                self.due |= {one.loan.id: one.loan.due.isoformat() for one in answer if one.renewed}
            case commands.BookDelivery() | commands.BookCollection():
                self.deliveries.add(answer.id)
            case commands.CancelDelivery():
                self.cancelled_deliveries.add(answer.id)
            case commands.Register():
                self.tickets.add(answer.ticket)

    def broken(self, connection: sqlite3.Connection) -> list[str]:
        """Return what is not in the books although a reader was told that it is."""

        def one(query: str, value: str) -> Any:
            row = connection.execute(query, (value,)).fetchone()
            return row[0] if row else None

        found = [f"hold {n} is gone" for n in self.holds if one("SELECT status FROM holds WHERE id = ?", n) is None]
        for n in self.cancelled_holds:
            if (status := one("SELECT status FROM holds WHERE id = ?", n)) in ("waiting", "ready"):
                found.append(f"hold {n} was cancelled and is {status}")
        for n, due in self.due.items():
            kept = connection.execute("SELECT due, returned FROM loans WHERE id = ?", (n,)).fetchone()
            if kept is None or (kept[1] is None and kept[0] < due):
                found.append(f"loan {n} was renewed to {due} and is due {kept and kept[0]}")
        for n in self.deliveries:
            if one("SELECT status FROM deliveries WHERE number = ?", n) is None:
                found.append(f"delivery {n} is gone")
        for n in self.cancelled_deliveries:
            if (status := one("SELECT status FROM deliveries WHERE number = ?", n)) not in ("cancelled", "with_staff"):
                found.append(f"delivery {n} was cancelled and is {status}")
        for ticket in self.tickets:
            if one("SELECT ticket FROM readers WHERE ticket = ?", ticket) is None:
                found.append("a new reader is gone")
        return found


class CallWatch:
    """One call: what its reader did and heard, and what was done in her name."""

    def __init__(self, now: Callable[[], float], complain: Callable[[str], None], trace: Callable[[str], None]) -> None:
        self._now = now
        self._trace = trace
        self._complain = complain
        self.asked_at: float | None = now()
        """When the reader did something that is not answered yet; the call itself asks for a greeting."""
        self.is_answering = True
        self._stands: object = None
        """The question that the reader may have heard."""
        self._yes: object = None
        """The question to which she has said yes last."""
        self._undo = False
        self._loud_at = now()
        self._permitted: AnyCommand | None = None

    def acted(self, said: str, key: str, confidence: float) -> None:
        """The reader said or keyed something."""
        self._trace(f"{said}{key} ({confidence})")
        if key == "1" or (said in YES and confidence >= MIN_YES_CONFIDENCE):
            self._yes = self._stands
        undoes_here = key == "2" and isinstance(self._stands, Booked)
        self._undo = undoes_here or said.startswith("отмени")
        speaking = self._now() - self._loud_at < 1.0
        least = MIN_BARGE_IN_CONFIDENCE if speaking else MIN_YES_CONFIDENCE
        if key or (said and confidence >= least):  # less may be Dauys's own echo, over which it goes on
            self.asked_at = self._now()  # whoever goes on talking leaves no room for an answer
            self.is_answering = True

    def event(self, context: DialogueContext) -> None:
        """The dialogue gets an event: a yes to a read-back permits what was read back, and what was just done may be
        taken back at once."""
        self._permitted = None
        if isinstance(context.state, Confirm) and self._yes is context.state:
            self._permitted = context.state.command
        elif context.undo and ((isinstance(context.state, Booked) and self._undo) or self._is_yes_to_doubt(context)):
            self._permitted = context.undo.command

    def _is_yes_to_doubt(self, context: DialogueContext) -> bool:
        """She has been asked whether she meant to take it back, and did."""
        return isinstance(context.state, Doubt) and self._yes is context.state

    def stands(self, state: object) -> None:
        """The dialogue is at a place now."""
        self._stands = state

    def answered(self) -> None:
        """An exchange has come to its end."""
        self.is_answering = False

    def change(self, command: ChangeCommand) -> None:
        """A change is about to be made in the reader's name."""
        if command != self._permitted:
            self._complain(f"{type(command).__name__} without a yes")
        self._permitted = None

    def heard(self, loud_at: float) -> None:
        """Look at the line: has the reader heard something in time?"""
        now, self._loud_at = self._now(), loud_at
        if self.asked_at is not None:
            if loud_at > self.asked_at and not self.is_answering:
                self.asked_at = None
            elif now - max(self.asked_at, loud_at) > SILENT_S + GAP_S:
                self._complain(f"a reader has heard nothing for {now - max(self.asked_at, loud_at):.1f} s")
                self.asked_at = None
        if now - loud_at > MUTE_S + GAP_S:
            self._complain(f"a line has been mute for {now - loud_at:.1f} s")


def judged_change(
    outcome: Answered | Failed, key: str, encryption: Encryption, connection: sqlite3.Connection
) -> str | None:
    """Return what is wrong with what a reader is told of a change: nothing done that is told as not done."""
    if isinstance(outcome, Failed) and not outcome.prompt.startswith("outcome_unknown"):
        row = connection.execute("SELECT answer FROM keys WHERE key = ?", (encryption.digest("key", key),)).fetchone()
        if row is not None and row[0] is not None:
            return f"{type(outcome.command).__name__} was told as {outcome.prompt} and has been done"
    return None


class LogWatch(logging.Handler):
    """Looks for tickets, PINs, addresses and sound of voices in the log."""

    SECRET = re.compile("|".join((*TICKETS, *TICKETS.values(), "Абай даңғылы", r"\+7701")))

    def __init__(self, complain: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._complain = complain

    def emit(self, record: logging.LogRecord) -> None:
        """Complain about a line that names somebody."""
        if self.SECRET.search(record.getMessage()):
            self._complain(f"the log names somebody ({record.name})")

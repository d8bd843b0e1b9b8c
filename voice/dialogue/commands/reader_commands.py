"""What is asked for one reader: ticket and PIN, address, preferences, loans and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue_client.values.accounts import Hold, Loan, Newcomer, PendingRequest, Preferences, Reader, RenewOutcome
from voice.dialogue.commands.command import ChangeCommand, Command
from voice.values.intents import Intent


@dataclass(frozen=True, slots=True)
class Identify(Command[Reader]):
    """Answered with Reader."""

    outlives_deadline = True
    ticket: str
    pin: str


@dataclass(frozen=True, slots=True)
class Register(ChangeCommand[Reader]):
    """Answered with Reader."""

    looked_up = "_later"
    newcomer: Newcomer


@dataclass(frozen=True, slots=True)
class SetAddress(ChangeCommand[Reader]):
    """Answered with Reader."""

    looked_up = "_later"
    ticket: str
    address: str


@dataclass(frozen=True, slots=True)
class ChangePin(ChangeCommand[None]):
    """Answered with None."""

    looked_up = "_later"
    ticket: str
    pin: str


@dataclass(frozen=True, slots=True)
class ChangePhone(ChangeCommand[None]):
    """`phone` in E.164 form. Answered with None."""

    looked_up = "_later"
    ticket: str
    phone: str


@dataclass(frozen=True, slots=True)
class BarTicket(ChangeCommand[None]):
    """Nobody is let in with a lost ticket any more. Answered with None."""

    looked_up = "_later"
    ticket: str


@dataclass(frozen=True, slots=True)
class SavePreferences(Command[None]):
    """Answered with None."""

    outlives_deadline = True
    ticket: str
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class ListHistory(Command[tuple[Loan, ...] | None]):
    """Answered with tuple[Loan, ...], what was given back, the latest first; None when the reader keeps no history."""

    ticket: str


@dataclass(frozen=True, slots=True)
class ListLoans(Command[tuple[Loan, ...]]):
    """Answered with tuple[Loan, ...]."""

    ticket: str
    then: Intent | None = None
    """What goes on with the answer."""


@dataclass(frozen=True, slots=True)
class ListHolds(Command[tuple[Hold, ...]]):
    """Answered with tuple[Hold, ...]."""

    ticket: str


@dataclass(frozen=True, slots=True)
class PlaceHold(ChangeCommand[Hold]):
    """Answered with Hold."""

    looked_up = "_holds"
    ticket: str
    record_id: str
    place_id: str


@dataclass(frozen=True, slots=True)
class CancelHold(ChangeCommand[Hold]):
    """Also as undo. Answered with Hold."""

    looked_up = "_holds"
    ticket: str
    hold_id: str


@dataclass(frozen=True, slots=True)
class Renew(ChangeCommand[Loan]):
    """Answered with Loan."""

    looked_up = "_loans"
    ticket: str
    loan_id: str


@dataclass(frozen=True, slots=True)
class RenewAll(ChangeCommand[tuple[RenewOutcome, ...]]):
    """Renew these, or all loans where none are named. Answered with tuple[RenewOutcome, ...]."""

    looked_up = "_loans"
    ticket: str
    loan_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRequestOutcomes(Command[tuple[PendingRequest, ...]]):
    """What became of requests that had to wait; `then` goes on. Answered with tuple[PendingRequest, ...]."""

    ticket: str
    then: Intent | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeRequestOutcomes(Command[None]):
    """The reader has heard these outcomes; `then` goes on. Answered with None."""

    outlives_deadline = True
    keys: tuple[str, ...]
    then: Intent | None = None


@dataclass(frozen=True, slots=True)
class SuspendHold(ChangeCommand[Hold]):
    """Let a hold wait until the end of a day; None ends that. Answered with Hold."""

    looked_up = "_holds"
    ticket: str
    hold_id: str
    until: date | None


@dataclass(frozen=True, slots=True)
class KeepHistory(ChangeCommand[None]):
    """Keep from now on what is given back, or forget it and keep it no more. Answered with None."""

    looked_up = "_later"
    ticket: str
    wanted: bool

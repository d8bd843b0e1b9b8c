"""Everything that can go wrong with the library, each with the sentence the reader hears.

LibraryError                    something about the library; `prompt` is the key of the sentence
 ├─ NotFound                    no such record, loan, hold, delivery or place
 ├─ Refused                     the library's rules say no; `rule` names the rule, `prompt` is "refused_<rule>"
 ├─ WrongTicketOrPin            the same for an unknown ticket and a wrong PIN
 │   └─ Locked                  too many tries; `until` says when it opens
 ├─ Unavailable                 the system is away for now; nothing was changed
 │   └─ OutcomeUnknown          it may have been changed; it is looked up before anything is repeated
 ├─ BadAnswer                   the system answered something that cannot be read
 ├─ KeyReused                   one idempotency key with two different requests: a fault of the caller
 └─ StorageError                the database cannot be read or written: disk full, read-only, newer version
     └─ PepperError             the pepper is missing, or not the one that the store was made with
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class LibraryError(Exception):
    """Base of this package's errors. The message is for the log; the reader hears the sentence `prompt`."""

    prompt: str = "library_error"


class NotFound(LibraryError):
    """No such record, loan, hold, delivery or place."""

    prompt = "not_found"


class Refused(LibraryError):
    """The library's rules say no.

    `rule` is one of RULES; the reader hears the sentence `refused_<rule>`, with `values` filled in.
    """

    RULES: ClassVar[frozenset[str]] = frozenset(
        {
            "too_many_loans", "too_many_holds", "overdue", "no_renewals_left", "waited_for", "not_renewable",
            "reading_room_only", "already_held", "already_loaned", "no_copy", "not_eligible", "no_address",
            "outside_city", "too_many_items", "too_heavy", "one_delivery_only", "slot_taken", "item_taken",
            "may_not_travel", "too_late_to_cancel", "courier_refused", "phone_invalid", "nothing_to_collect",
            "courier_not_on_the_way", "no_courier_phone", "pin_too_simple", "already_coming",
            "no_number", "ask_staff", "hold_ready", "shelf_full", "right_ends", "too_late_to_move", "pin_not_given",
            "book_members", "book_eligible", "book_reading_room",
        }
    )  # fmt: skip

    def __init__(self, rule: str, **values: str | int) -> None:
        super().__init__(rule)
        assert rule in self.RULES, rule
        self.rule = rule
        self.values = values
        self.prompt = f"refused_{rule}"


class WrongTicketOrPin(LibraryError):
    """Unknown ticket or wrong PIN: deliberately one answer."""

    prompt = "wrong_ticket_or_pin"

    def __init__(self, message: str, left: int | None = None) -> None:
        super().__init__(message)
        self.left = left
        """Tries before the lock; None where it is not known."""


class Locked(WrongTicketOrPin):
    """Too many tries for this ticket or from this caller."""

    prompt = "locked"

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until:%H:%M}")
        self.until = until


class Unavailable(LibraryError):
    """The library system or courier does not answer; nothing was changed."""

    prompt = "unavailable"


class OutcomeUnknown(Unavailable):
    """The request may or may not have been carried out; the outcome will be looked up before any repeat."""

    prompt = "outcome_unknown"


class BadAnswer(LibraryError):
    """The system answered something that cannot be read."""

    prompt = "unavailable"


class KeyReused(LibraryError):
    """An idempotency key came back with another request: a fault of the caller."""


class StorageError(LibraryError):
    """The database cannot be read or written."""

    prompt = "storage_error"


class PepperError(StorageError):
    """The pepper is not there, or is another one than the store was made with: no PIN fits, nothing opens."""

    def __init__(self, where: str, *, missing: bool) -> None:
        """`where` is the folder that the pepper belongs into."""
        self.missing = missing
        found = "is missing" if missing else "is not the one that this store was made with"
        super().__init__(
            f"the pepper {found}: without it no PIN fits and nothing sealed can be read. Put the right file pepper "
            f"back into {where}, from a backup or from another node. No new one was made and nothing was changed"
        )

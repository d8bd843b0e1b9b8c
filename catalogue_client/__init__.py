"""Records, copies, readers, loans, holds and deliveries: an embedded store and clients of real library systems.

What a program needs is here; README.md beside this file shows it. `open_library` and what belongs to it is imported
when it is first asked for: it brings the database along.
"""

import typing as _typing
from importlib import import_module as _import_module

from catalogue_client.errors import (
    BadAnswer,
    KeyReused,
    LibraryError,
    Locked,
    NotFound,
    OutcomeUnknown,
    PepperError,
    Refused,
    StorageError,
    Unavailable,
    WrongTicketOrPin,
)
from catalogue_client.library import Library
from catalogue_client.values.accounts import (
    Hold,
    Loan,
    Newcomer,
    PendingRequest,
    Preferences,
    Reader,
    RenewOutcome,
)
from catalogue_client.values.bibliographic import Availability, Format, Query, Record, Results
from catalogue_client.values.opening_hours import Hours, Place
from catalogue_client.values.shipments import Delivery, Slot
from catalogue_client.values.vocabulary import VocabularyWord

if _typing.TYPE_CHECKING:
    from catalogue_client.embedded_library import open_library
    from catalogue_client.embedded_library.opened_library import OpenedLibrary, StaffServices
    from catalogue_client.store.purpose import Purpose

__all__ = [
    "Availability",
    "BadAnswer",
    "Delivery",
    "Format",
    "Hold",
    "Hours",
    "KeyReused",
    "Library",
    "LibraryError",
    "Loan",
    "Locked",
    "Newcomer",
    "NotFound",
    "OpenedLibrary",
    "OutcomeUnknown",
    "PendingRequest",
    "PepperError",
    "Place",
    "Preferences",
    "Purpose",
    "Query",
    "Reader",
    "Record",
    "Refused",
    "RenewOutcome",
    "Results",
    "Slot",
    "StaffServices",
    "StorageError",
    "Unavailable",
    "VocabularyWord",
    "WrongTicketOrPin",
    "open_library",
]

_HEAVY = {
    "OpenedLibrary": "catalogue_client.embedded_library.opened_library",
    "Purpose": "catalogue_client.store.purpose",
    "StaffServices": "catalogue_client.embedded_library.opened_library",
    "open_library": "catalogue_client.embedded_library",
}
"""Name -> the module that is imported when it is first asked for."""


def __getattr__(name: str) -> object:
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_import_module(_HEAVY[name]), name)

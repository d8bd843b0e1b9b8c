"""What can go wrong with a courier, beside Unavailable, OutcomeUnknown and BadAnswer of the package.

LibraryError
 ├─ CourierSaysNo      the order itself is not accepted; `code` is the courier's word for why
 │   └─ TooEarly       it would be accepted nearer to its window
 ├─ StateChanged       the order is no longer as it was read: read it again, then decide
 │   └─ OfferExpired   nobody said yes in time: the order can only be taken back
 ├─ TooLateToWithdraw  the courier has the parcel, or would charge for going back
 ├─ CursorLost         the courier no longer knows our place in its journal: begin again
 └─ Unavailable
     ├─ CourierBusy    too many requests; `retry_after_s` when the courier said how long to wait
     └─ NotAdmitted    the courier does not accept our token: a person has to set a new one
"""

from __future__ import annotations

from catalogue_client.errors import LibraryError, Unavailable


class CourierSaysNo(LibraryError):
    """The order itself is not accepted."""

    prompt = "refused_courier_refused"

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


class TooEarly(CourierSaysNo):
    """The order would be accepted nearer to its window."""


class StateChanged(LibraryError):
    """The order is no longer as it was read."""


class OfferExpired(StateChanged):
    """Nobody said yes in time."""


class TooLateToWithdraw(LibraryError):
    """The courier has the parcel, or would charge for going back."""

    prompt = "refused_too_late_to_cancel"


class CursorLost(LibraryError):
    """The courier does not know the stored place in its journal."""


class CourierBusy(Unavailable):
    """Too many requests, or the courier's server is overloaded."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotAdmitted(Unavailable):
    """The courier does not accept our token; it ends when the password of the business cabinet changes."""

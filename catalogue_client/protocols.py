"""What a library can do for a reader, whoever does it: the embedded store, SRU, SIP2, Koha or a courier.

Every changing call takes `key`, an idempotency key of 1 to 128 characters: the same key with the same request gives
the first answer again, with another request it raises KeyReused. All methods raise the errors of errors.py only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from catalogue_client.values.accounts import Hold, Loan, Newcomer, Preferences, Reader, RenewOutcome
from catalogue_client.values.bibliographic import Availability, Query, Record, Results
from catalogue_client.values.opening_hours import Place
from catalogue_client.values.shipments import Delivery, Slot


class Catalogue(Protocol):
    """Finds records and where their copies stand."""

    async def search(self, query: Query) -> Results: ...

    async def record(self, record_id: str) -> Record: ...

    async def shelves(self, record_id: str, near: str | None = None) -> tuple[Availability, ...]:
        """Places with a copy on the shelf now; nearest to the place `near` first when it is given."""

    async def new_records(self, limit: int = 30, language: str | None = None) -> Results: ...


class Places(Protocol):
    """The branches, stations and partner places as they are at a moment."""

    async def places(self, at: datetime) -> tuple[Place, ...]: ...

    async def find_place(self, name: str, at: datetime, said: str = "") -> tuple[Place, ...]:
        """Places whose name or alias fits what was said, best first; empty when none does."""


class Circulation(Protocol):
    """Readers, loans and holds."""

    async def identify(self, ticket: str, pin: str, caller: str) -> Reader:
        """`caller` is an opaque name of the line or device, for the lock after wrong tries."""

    async def loans(self, ticket: str) -> tuple[Loan, ...]: ...

    async def holds(self, ticket: str) -> tuple[Hold, ...]: ...

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold: ...

    async def cancel_hold(self, ticket: str, hold_id: str, *, key: str) -> Hold: ...

    async def renew(self, ticket: str, loan_id: str, *, key: str) -> Loan: ...

    async def renew_all(self, ticket: str, *, key: str) -> tuple[RenewOutcome, ...]: ...

    async def register(self, newcomer: Newcomer, *, key: str) -> Reader:
        """Gives a temporary ticket, completed at a branch or with the first delivery."""

    async def save_preferences(self, ticket: str, preferences: Preferences, *, key: str) -> None: ...


class HomeDelivery(Protocol):
    """Books to a reader's home and back."""

    async def delivery_slots(self, ticket: str, record_ids: Sequence[str]) -> tuple[Slot, ...]:
        """Every free window, the earliest first. Raises Refused when reader, books or address do not allow it."""

    async def collection_slots(self, ticket: str, loan_ids: Sequence[str]) -> tuple[Slot, ...]: ...

    async def book_delivery(
        self, ticket: str, record_ids: Sequence[str], slot_id: str, *, note: str = "", may_tell: bool = False, key: str
    ) -> Delivery:
        """`may_tell`: the reader agrees that the courier is told why books are brought; without it a note is kept
        without the parts that say so."""

    async def book_collection(
        self, ticket: str, loan_ids: Sequence[str], slot_id: str, *, note: str = "", may_tell: bool = False, key: str
    ) -> Delivery: ...

    async def set_address(self, ticket: str, address: str, *, key: str) -> Reader:
        """Keep where the reader lives, as the reader has read it back. Raises Refused("outside_city")."""

    async def deliveries(self, ticket: str) -> tuple[Delivery, ...]:
        """Open ones and those ended in the last fortnight, newest first."""

    async def news_heard(self, ticket: str, heard: Mapping[str, str]) -> None:
        """The reader has heard these news (delivery id -> Delivery.news): they are not told again."""

    async def cancel_delivery(self, ticket: str, delivery_id: str, *, key: str) -> Delivery: ...

    async def courier_phone(self, ticket: str, delivery_id: str) -> str:
        """A number that reaches the courier now, in E.164 form, an extension to key after a comma. Raises Refused
        (courier_not_on_the_way, no_courier_phone)."""

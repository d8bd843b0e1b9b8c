"""What all parts of home delivery share: the store, the rules, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.delivery.delivery_policy import DeliveryPolicy
from catalogue_client.delivery.picking import weight
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """The books that the delivery desk is kept with."""

    database: Database
    secrecy: Encryption
    readers: ReaderAccounts
    loans: LoanService
    shelves: ItemStore
    places: PlaceDirectory
    audit: Audit
    tasks: Tasks
    lending: CirculationPolicy
    rules: DeliveryPolicy
    clock: Callable[[], datetime]
    """Aware, in the library's zone."""

    @property
    def own_route(self) -> bool:
        """Whether the library carries the parcels itself: then a booking is confirmed at once and nobody is asked."""
        return self.rules.courier.kind == "own_route"

    def most_loans(self, category: str) -> int:
        return self.lending.category(category).loans

    def weight(self, format: str) -> int:
        """Grams of one copy."""
        return weight(format, self.rules.weights)

"""What all parts of home delivery share: the store, the rules, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from catalogue_client.delivery.gathering import weight
from catalogue_client.delivery.rules import DeliveryRules
from catalogue_client.delivery.tasks import Tasks
from catalogue_client.loans import Loans
from catalogue_client.places import Directory
from catalogue_client.readers import Readers
from catalogue_client.rules import Rules
from catalogue_client.secrecy import Secrecy
from catalogue_client.shelves import Shelves
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database


@dataclass(frozen=True, slots=True)
class Books:
    """The books that the delivery desk is kept with."""

    database: Database
    secrecy: Secrecy
    readers: Readers
    loans: Loans
    shelves: Shelves
    places: Directory
    audit: Audit
    tasks: Tasks
    lending: Rules
    rules: DeliveryRules
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

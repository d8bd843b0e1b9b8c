"""What all parts of home delivery share."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.circulation.items import ItemStore
from catalogue_client.circulation.loans import LoanService
from catalogue_client.circulation.readers import ReaderAccounts
from catalogue_client.circulation.store_context import StoreContext
from catalogue_client.delivery.delivery_policy import DeliveryPolicy
from catalogue_client.delivery.picking import weight
from catalogue_client.delivery.tasks import Tasks


@dataclass(frozen=True, slots=True)
class DeliveryContext(StoreContext):
    """What all parts of home delivery work with."""

    readers: ReaderAccounts
    loans: LoanService
    items: ItemStore
    tasks: Tasks
    delivery_policy: DeliveryPolicy

    @property
    def own_route(self) -> bool:
        """Whether the library carries the parcels itself: then a booking is confirmed at once and nobody is asked."""
        return self.delivery_policy.courier.kind == "own_route"

    def most_loans(self, category: str) -> int:
        """Return how many books readers of a category may have at home at once."""
        return self.policy.category(category).loans

    def weight(self, format: str) -> int:
        """Return the grams of one copy of a format."""
        return weight(format, self.delivery_policy.weights)

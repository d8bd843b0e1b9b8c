"""What all parts of home delivery share."""

from __future__ import annotations

from collections.abc import Callable
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
    delivery_rules: Callable[[], DeliveryPolicy]
    """The rules that are in force at the moment."""

    @property
    def delivery_policy(self) -> DeliveryPolicy:
        return self.delivery_rules()

    def is_outside(self, courier_id: str) -> bool:
        """Return whether somebody else than the library carries what stands under this courier's id."""
        courier = self.delivery_policy.courier(courier_id)
        return not courier.is_library if courier else courier_id != "own_route"

    def most_loans(self, category: str) -> int:
        """Return how many books readers of a category may have at home at once."""
        return self.policy.category(category).loans

    def weight(self, format: str) -> int:
        """Return the grams of one copy of a format."""
        return weight(format, self.delivery_policy.weights)

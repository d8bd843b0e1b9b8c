"""Places about what the reader has: loans, holds, deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.values.accounts import Hold, Loan
from catalogue_client.values.shipments import Delivery
from voice.dialogue.dialogue_state import DialogueState


@dataclass(frozen=True, slots=True)
class LoanList(DialogueState):
    """The reader's loans, three at a time."""

    name = "loans"
    items: tuple[Loan, ...]
    overdue: bool = False
    """Only those overdue."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class LoanDetail(DialogueState):
    """One loan."""

    name = "loan"
    items: tuple[Loan, ...]
    n: int

    @property
    def question(self) -> str:
        return "loan_renew" if self.items[self.n].renewable else "loan"


@dataclass(frozen=True, slots=True)
class HoldList(DialogueState):
    """The reader's holds, three at a time."""

    name = "holds"
    items: tuple[Hold, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class HoldDetail(DialogueState):
    """One hold."""

    name = "hold"
    items: tuple[Hold, ...]
    n: int


@dataclass(frozen=True, slots=True)
class DeliveryList(DialogueState):
    """The reader's deliveries and collections, three at a time."""

    name = "deliveries"
    items: tuple[Delivery, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryDetail(DialogueState):
    """One delivery or collection."""

    name = "delivery"
    items: tuple[Delivery, ...]
    n: int

    @property
    def question(self) -> str:
        delivery = self.items[self.n]
        if delivery.status in ("on_the_way", "arrived"):
            return "delivery_courier"
        return "delivery_cancel" if delivery.cancellable else "delivery"

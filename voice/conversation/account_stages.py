"""Places about what the reader has: loans, holds, deliveries."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.records import Delivery, Hold, Loan
from voice.conversation.stage import Stage


@dataclass(frozen=True, slots=True)
class Loans(Stage):
    """The reader's loans, three at a time."""

    name = "loans"
    items: tuple[Loan, ...]
    overdue: bool = False
    """Only those overdue."""
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedLoan(Stage):
    """One loan."""

    name = "loan"
    items: tuple[Loan, ...]
    n: int

    @property
    def question(self) -> str:
        return "loan_renew" if self.items[self.n].renewable else "loan"


@dataclass(frozen=True, slots=True)
class Holds(Stage):
    """The reader's holds, three at a time."""

    name = "holds"
    items: tuple[Hold, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedHold(Stage):
    """One hold."""

    name = "hold"
    items: tuple[Hold, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Deliveries(Stage):
    """The reader's deliveries and collections, three at a time."""

    name = "deliveries"
    items: tuple[Delivery, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class OpenedDelivery(Stage):
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

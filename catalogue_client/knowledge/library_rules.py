"""The rules that answers follow from, as they are in force: nobody types them a second time."""

from __future__ import annotations

from collections import defaultdict
from datetime import time

from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.delivery.delivery_policy import WEEKDAYS, DeliveryPolicy
from catalogue_client.values.knowledge import DeliveryRound, LibraryRules


def library_rules(circulation: CirculationPolicy, delivery: DeliveryPolicy) -> LibraryRules:
    """Return what the two policies say, for an adult reader and for every district."""
    adult = circulation.category("adult")
    return LibraryRules(
        loan_days=adult.loan_days,
        renewals=adult.renewals,
        loans=adult.loans,
        holds=adult.holds,
        blocks_after=circulation.blocks_after,
        rounds=_rounds(delivery),
        days_ahead=delivery.limits.days_ahead,
        delivery_items=delivery.limits.items,
        districts=delivery.city.districts,
    )


def _rounds(delivery: DeliveryPolicy) -> tuple[DeliveryRound, ...]:
    """Return the rounds that go to every district, those of the same hours together."""
    days: dict[tuple[int, int], set[int]] = defaultdict(set)
    for weekly in delivery.rounds:
        if not weekly.districts or set(weekly.districts) >= set(delivery.city.districts):
            days[_minutes(weekly.starts), _minutes(weekly.ends)] |= {WEEKDAYS.index(day) for day in weekly.weekdays}
    return tuple(DeliveryRound(tuple(sorted(of)), *span) for span, of in sorted(days.items()))


def _minutes(clock: str) -> int:
    moment = time.fromisoformat(clock)
    return moment.hour * 60 + moment.minute

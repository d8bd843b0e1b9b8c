"""What the library can say about itself: answers to common questions, and the rules that some of them follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalogue_client.values.opening_hours import SpecialDay


class Topic(StrEnum):
    """What readers commonly ask. Staff may add topics of their own, which are named by plain strings."""

    LOAN_PERIOD = "loan_period"
    LOAN_LIMIT = "loan_limit"
    FINES = "fines"
    TICKET_PAPERS = "ticket_papers"
    TICKET_COST = "ticket_cost"
    CHILDREN = "children"
    DELIVERY_WHO = "delivery_who"
    DELIVERY_PAPERS = "delivery_papers"
    DELIVERY_WHERE = "delivery_where"
    DELIVERY_WHEN = "delivery_when"
    LOST_BOOK = "lost_book"
    READING_ROOM = "reading_room"
    AUDIO_CARD = "audio_card"
    HOLIDAYS = "holidays"
    RETURN_WHERE = "return_where"
    INTERNET_COPIES = "internet_copies"
    EVENTS = "events"
    ABOUT_DAUYS = "about_dauys"
    ACCESSIBILITY = "accessibility"


COMPUTED = frozenset(
    {
        Topic.LOAN_PERIOD,
        Topic.LOAN_LIMIT,
        Topic.FINES,
        Topic.DELIVERY_WHO,
        Topic.DELIVERY_WHERE,
        Topic.DELIVERY_WHEN,
        Topic.HOLIDAYS,
        Topic.ACCESSIBILITY,
    }
)
"""Topics about which the rules or places say something; what staff write is said after it."""


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """One weekly stretch of time in which books are brought home; local time in minutes after midnight."""

    weekdays: tuple[int, ...]
    """0 is Monday; ascending."""
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class LibraryRules:
    """The library's rules as far as readers ask for them: computed from the policies that are in force."""

    loan_days: int
    renewals: int
    loans: int
    """Books that an adult may have at home at once."""
    holds: int
    blocks_after: int
    """Days; who is later with a book gets no new ones until it is back."""
    rounds: tuple[DeliveryRound, ...]
    """Every week's, the earliest of a day first."""
    days_ahead: int
    delivery_items: int
    """Books of one delivery, at most."""
    districts: tuple[str, ...]
    """Where deliveries go, as the city writes their names."""


@dataclass(frozen=True, slots=True)
class LibraryAnswer:
    """What is known about one topic."""

    topic: str
    rules: LibraryRules
    texts: Mapping[str, str] = field(default_factory=dict)
    """Language code -> sentence, in every language or in none: what staff have written, else what is shipped."""
    days: tuple[SpecialDay, ...] = ()
    """The next days with hours of their own, the nearest first; of the whole library, none of one place alone."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that nobody here could answer. Nobody's name, line or hour."""

    topic: str
    """"" where it belongs to none."""
    language: str
    words: str
    """As it was asked, numbers left out; "" where the reader did not want it passed on."""
    count: int = 1

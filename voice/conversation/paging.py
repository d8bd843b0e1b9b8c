"""Lists three at a time: which entries are on the table, the next three, the one with a number."""

from __future__ import annotations

from dataclasses import replace

from voice.conversation.move import Move
from voice.conversation.stages import (
    Deliveries,
    Found,
    Holds,
    Languages,
    Loans,
    Menu,
    Notes,
    OpenedDelivery,
    OpenedHold,
    OpenedLoan,
    OpenedRecord,
    Places,
    Slots,
)
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent

PAGE = 3
"""Entries said before the reader is asked."""

Paged = Menu | Found | Slots | Notes | Loans | Holds | Deliveries | Places | Languages
Listed = Found | OpenedRecord | Loans | OpenedLoan | Holds | OpenedHold | Deliveries | OpenedDelivery
"""Lists, and one entry of them, whose entries are numbered from the first to the last."""
Chosen = Menu | Slots | Notes | Places | Languages
"""Lists whose entries are chosen by the number of their key, counted from 1 on every page; elsewhere keys keep their
usual meaning and entries are numbered from the first to the last."""


def page(stage: Paged) -> int:
    """Entries said at a time."""
    return stage.page if isinstance(stage, Slots) else PAGE


def shown(stage: Paged) -> range:
    """0-based positions of the entries on the table."""
    return range(stage.first, min(stage.first + page(stage), len(stage.items)))


def next_page(state: State, intent: Intent) -> Move:
    """The next three, or what is said at a time here."""
    stage = state.stage
    assert isinstance(stage, Paged)
    if stage.first + page(stage) >= len(stage.items):
        return Move(state, (tell(state, "list.no_more"),), question=True)
    return Move(state.stay(replace(stage, first=stage.first + page(stage))))


def previous_page(state: State, intent: Intent) -> Move:
    """The three before."""
    stage = state.stage
    assert isinstance(stage, Paged)
    if stage.first == 0:
        return Move(state, (tell(state, "list.no_previous"),), question=True)
    return Move(state.stay(replace(stage, first=max(0, stage.first - page(stage)))))


def number(intent: Intent, length: int) -> int | None:
    """The 0-based position that a wish names by `n` (1-based, from the end when negative); None past the end."""
    n = intent.slots.get("n", intent.slots.get("digits"))
    if isinstance(n, str) and n.isascii() and n.isdigit():
        n = int(n[:9])
    if not isinstance(n, int) or isinstance(n, bool):
        return None
    position = n - 1 if n > 0 else length + n
    return position if n != 0 and 0 <= position < length else None


def names_number(intent: Intent) -> bool:
    """Whether a number was said at all."""
    return "n" in intent.slots or "digits" in intent.slots


def no_such_number(state: State, length: int) -> Move:
    """The number said is past the end."""
    return Move(state, (tell(state, "list.no_such_number", count=length),), question=True)


def position(state: State, intent: Intent) -> int | Move:
    """The 0-based entry that is meant in a list or among opened entries: by number, or the one at hand."""
    stage = state.stage
    match stage:
        case OpenedRecord():
            length, at_hand = len(stage.results.records), stage.n
        case OpenedLoan() | OpenedHold() | OpenedDelivery():
            length, at_hand = len(stage.items), stage.n
        case _:
            assert isinstance(stage, Paged)
            length, at_hand = len(stage.items), stage.first
    if not names_number(intent):
        return at_hand
    n = number(intent, length)
    return no_such_number(state, length) if n is None else n


def choice(state: State, intent: Intent) -> int | Move | None:
    """The 0-based entry chosen by its key on the page at hand; None when no number was said."""
    stage = state.stage
    assert isinstance(stage, Chosen)
    if not names_number(intent):
        return None
    here = shown(stage)
    n = number(intent, len(here))
    return no_such_number(state, len(here)) if n is None else here[n]

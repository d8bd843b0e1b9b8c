"""Lists three at a time: which entries are on the table, the next three, the one with a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import (
    CourierNotes,
    DeliveryDetail,
    DeliveryList,
    HoldDetail,
    HoldList,
    LanguageList,
    LoanDetail,
    LoanList,
    Menu,
    PlaceList,
    RecordDetail,
    ResultList,
    SlotList,
    Which,
)
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

T = TypeVar("T")

PAGE = 3
"""Entries said before the reader is asked."""

Paged = (
    Menu | ResultList | SlotList | CourierNotes | LoanList | HoldList | DeliveryList | PlaceList | LanguageList | Which
)
Listed = ResultList | RecordDetail | LoanList | LoanDetail | HoldList | HoldDetail | DeliveryList | DeliveryDetail
"""Lists, and one entry of them, whose entries are numbered from the first to the last."""
Records = ResultList | RecordDetail
Loans = LoanList | LoanDetail
Holds = HoldList | HoldDetail
Deliveries = DeliveryList | DeliveryDetail
Chosen = Menu | SlotList | CourierNotes | PlaceList | LanguageList | Which
"""Lists whose entries are chosen by the number of their key, counted from 1 on every page; elsewhere keys keep their
usual meaning and entries are numbered from the first to the last."""


def page(state: Paged) -> int:
    """Entries said at a time."""
    return state.page if isinstance(state, SlotList) else PAGE


def shown(state: Paged) -> range:
    """0-based positions of the entries on the table."""
    return range(state.first, min(state.first + page(state), len(state.items)))


def next_page(context: DialogueContext, state: Paged, intent: Intent) -> Transition:
    """The next three, or what is said at a time here."""
    if state.first + page(state) >= len(state.items):
        return Transition(context, (prompt(context, "list.no_more"),), question=True)
    return Transition(context.stay(replace(state, first=state.first + page(state))))


def previous_page(context: DialogueContext, state: Paged, intent: Intent) -> Transition:
    """The three before."""
    if state.first == 0:
        return Transition(context, (prompt(context, "list.no_previous"),), question=True)
    return Transition(context.stay(replace(state, first=max(0, state.first - page(state)))))


def number(intent: Intent, length: int) -> int | None:
    """The 0-based position that an intent names by `n` (1-based, from the end when negative); None past the end."""
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


def no_such_number(context: DialogueContext, length: int) -> Transition:
    """The number said is past the end."""
    return Transition(context, (prompt(context, "list.no_such_number", count=length),), question=True)


def position(context: DialogueContext, state: Paged | Listed, intent: Intent) -> int | Transition:
    """The 0-based entry that is meant in a list or among opened entries: by number, or the one at hand."""
    match state:
        case RecordDetail():
            length, at_hand = len(state.results.records), state.n
        case LoanDetail() | HoldDetail() | DeliveryDetail():
            length, at_hand = len(state.items), state.n
        case _:
            length, at_hand = len(state.items), state.first
    if not names_number(intent):
        return at_hand
    n = number(intent, length)
    return no_such_number(context, length) if n is None else n


def choice(context: DialogueContext, state: Chosen, intent: Intent) -> int | Transition | None:
    """The 0-based entry chosen by its key on the page at hand; None when no number was said."""
    if not names_number(intent):
        return None
    here = shown(state)
    n = number(intent, len(here))
    return no_such_number(context, len(here)) if n is None else here[n]


def options(context: DialogueContext, state: Menu | CourierNotes | LanguageList, name: str = "{}") -> tuple[Line, ...]:
    """The option is said before its key; keys count from 1 in every three. `name` makes an entry's prompt of it."""
    texts = {n: prompt(context, name.format(state.items[n])).text for n in shown(state)}
    return tuple(replace(prompt(context, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


def listed(
    context: DialogueContext,
    state: Paged,
    items: tuple[T, ...],
    count: str,
    entry: Callable[[DialogueContext, T, int], Line],
) -> tuple[Line, ...]:
    """Return how many entries there are, by the prompt `count`, or which are on the table; then each of those."""
    here = shown(state)
    if state.first:
        head = prompt(context, "list.range", first=here[0] + 1, last=here[-1] + 1, total=len(items))
    else:
        head = prompt(context, count, count=len(items))
    return (head, *(entry(context, items[n], n) for n in here))


def open_entry(context: DialogueContext, state: Loans | Holds | Deliveries, intent: Intent) -> Transition:
    """One loan, hold or delivery; without a number the one at hand."""
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    match state:
        case LoanList(items):
            return Transition(context.go(LoanDetail(items, n)))
        case HoldList(items):
            return Transition(context.go(HoldDetail(items, n)))
        case DeliveryList(items):
            return Transition(context.go(DeliveryDetail(items, n)))
        case LoanDetail() | HoldDetail() | DeliveryDetail():
            return Transition(context.stay(replace(state, n=n)))


def step_entry(context: DialogueContext, state: LoanDetail | HoldDetail | DeliveryDetail, intent: Intent) -> Transition:
    """The next or previous opened loan, hold or delivery."""
    n = state.n + (1 if intent.name == IntentName.NEXT else -1)
    if not 0 <= n < len(state.items):
        return Transition(context, (prompt(context, "list.no_more" if n > 0 else "list.no_previous"),), question=True)
    return Transition(context.stay(replace(state, n=n)))

"""Lists three at a time: which entries are on the table, the next three, the one with a number."""

from __future__ import annotations

from dataclasses import replace

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
)
from voice.dialogue.turn import Transition
from voice.values.intents import Intent
from voice.values.lines import Line

PAGE = 3
"""Entries said before the reader is asked."""

Paged = Menu | ResultList | SlotList | CourierNotes | LoanList | HoldList | DeliveryList | PlaceList | LanguageList
Listed = ResultList | RecordDetail | LoanList | LoanDetail | HoldList | HoldDetail | DeliveryList | DeliveryDetail
"""Lists, and one entry of them, whose entries are numbered from the first to the last."""
Chosen = Menu | SlotList | CourierNotes | PlaceList | LanguageList
"""Lists whose entries are chosen by the number of their key, counted from 1 on every page; elsewhere keys keep their
usual meaning and entries are numbered from the first to the last."""


def page(stage: Paged) -> int:
    """Entries said at a time."""
    return stage.page if isinstance(stage, SlotList) else PAGE


def shown(stage: Paged) -> range:
    """0-based positions of the entries on the table."""
    return range(stage.first, min(stage.first + page(stage), len(stage.items)))


def next_page(state: DialogueContext, intent: Intent) -> Transition:
    """The next three, or what is said at a time here."""
    stage = state.stage
    assert isinstance(stage, Paged)
    if stage.first + page(stage) >= len(stage.items):
        return Transition(state, (prompt(state, "list.no_more"),), question=True)
    return Transition(state.stay(replace(stage, first=stage.first + page(stage))))


def previous_page(state: DialogueContext, intent: Intent) -> Transition:
    """The three before."""
    stage = state.stage
    assert isinstance(stage, Paged)
    if stage.first == 0:
        return Transition(state, (prompt(state, "list.no_previous"),), question=True)
    return Transition(state.stay(replace(stage, first=max(0, stage.first - page(stage)))))


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


def no_such_number(state: DialogueContext, length: int) -> Transition:
    """The number said is past the end."""
    return Transition(state, (prompt(state, "list.no_such_number", count=length),), question=True)


def position(state: DialogueContext, intent: Intent) -> int | Transition:
    """The 0-based entry that is meant in a list or among opened entries: by number, or the one at hand."""
    stage = state.stage
    match stage:
        case RecordDetail():
            length, at_hand = len(stage.results.records), stage.n
        case LoanDetail() | HoldDetail() | DeliveryDetail():
            length, at_hand = len(stage.items), stage.n
        case _:
            assert isinstance(stage, Paged)
            length, at_hand = len(stage.items), stage.first
    if not names_number(intent):
        return at_hand
    n = number(intent, length)
    return no_such_number(state, length) if n is None else n


def choice(state: DialogueContext, intent: Intent) -> int | Transition | None:
    """The 0-based entry chosen by its key on the page at hand; None when no number was said."""
    stage = state.stage
    assert isinstance(stage, Chosen)
    if not names_number(intent):
        return None
    here = shown(stage)
    n = number(intent, len(here))
    return no_such_number(state, len(here)) if n is None else here[n]


def options(state: DialogueContext, name: str = "{}") -> tuple[Line, ...]:
    """The option is said before its key; keys count from 1 in every three. `name` makes an entry's prompt of it."""
    stage = state.stage
    assert isinstance(stage, Menu | CourierNotes | LanguageList)
    texts = {n: prompt(state, name.format(stage.items[n])).text for n in shown(stage)}
    return tuple(replace(prompt(state, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))

"""What is said about a place of the dialogue whenever the reader comes there, and the question that ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from catalogue_client.records import Record
from voice.conversation import borrowing, confirming, describing, following, menu, searching, spelling, visiting
from voice.conversation.booking import slots
from voice.conversation.lines import Line
from voice.conversation.paging import shown
from voice.conversation.stages import (
    Confirm,
    Deliveries,
    Doubt,
    Found,
    Holds,
    Languages,
    Letters,
    Loans,
    Menu,
    Notes,
    OpenedDelivery,
    OpenedHold,
    OpenedLoan,
    OpenedRecord,
    Places,
    Slots,
    Stage,
    Street,
)
from voice.conversation.state import State
from voice.conversation.telling import tell

PRESENT: Mapping[type[Stage], Callable[[State], tuple[Line, ...]]] = {
    Found: searching.results,
    OpenedRecord: describing.opened,
    Slots: slots,
    Confirm: confirming.read_back,
    Loans: borrowing.loan_list,
    OpenedLoan: borrowing.loan,
    Holds: borrowing.hold_list,
    OpenedHold: borrowing.hold,
    Deliveries: following.delivery_list,
    OpenedDelivery: following.delivery,
    Places: visiting.places,
    Letters: spelling.shown,
    Street: spelling.shown,
    Menu: menu.shown_menu,
    Notes: menu.shown_menu,
    Languages: menu.shown_menu,
}
"""What stands there; other places have only their question."""


def present(state: State) -> tuple[Line, ...]:
    """The place as it stands, in the reader's language, ending with its question."""
    content = PRESENT.get(type(state.stage))
    return (*(content(state) if content else ()), question(state))


def question(state: State) -> Line:
    """What the reader is asked here."""
    stage = state.stage
    if isinstance(stage, Doubt):
        return tell(state, f"ask.{stage.question}", words=stage.intent.text)
    return tell(state, f"ask.{stage.question}")


def records(state: State) -> tuple[Record, ...]:
    """The records on the table."""
    match state.stage:
        case Found() as found:
            return tuple(found.items[n] for n in shown(found))
        case OpenedRecord() as opened:
            return (replace(opened.record, available=opened.shelves),)
    return ()

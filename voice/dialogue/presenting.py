"""What is said about a place of the dialogue whenever the reader comes there, and the question that ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from catalogue_client.values.bibliographic import Record
from voice.dialogue import record_phrasing
from voice.dialogue.context import DialogueContext
from voice.dialogue.features import menu, my_deliveries, my_loans, places, read_back, search, spelled_input
from voice.dialogue.features.booking import slots
from voice.dialogue.lists import shown
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import (
    Confirm,
    CourierNotes,
    DeliveryDetail,
    DeliveryList,
    DialogueState,
    Doubt,
    HoldDetail,
    HoldList,
    LanguageList,
    Letters,
    LoanDetail,
    LoanList,
    Menu,
    PlaceList,
    RecordDetail,
    ResultList,
    SlotList,
    Street,
)
from voice.values.lines import Line

PRESENT: Mapping[type[DialogueState], Callable[[DialogueContext], tuple[Line, ...]]] = {
    ResultList: search.results,
    RecordDetail: record_phrasing.opened,
    SlotList: slots,
    Confirm: read_back.read_back,
    LoanList: my_loans.loan_list,
    LoanDetail: my_loans.loan,
    HoldList: my_loans.hold_list,
    HoldDetail: my_loans.hold,
    DeliveryList: my_deliveries.delivery_list,
    DeliveryDetail: my_deliveries.delivery,
    PlaceList: places.places,
    Letters: spelled_input.shown,
    Street: spelled_input.shown,
    Menu: menu.shown_menu,
    CourierNotes: menu.shown_menu,
    LanguageList: menu.shown_menu,
}
"""What stands there; other places have only their question."""


def present(state: DialogueContext) -> tuple[Line, ...]:
    """The place as it stands, in the reader's language, ending with its question."""
    content = PRESENT.get(type(state.stage))
    return (*(content(state) if content else ()), question(state))


def question(state: DialogueContext) -> Line:
    """What the reader is asked here."""
    stage = state.stage
    if isinstance(stage, Doubt):
        return prompt(state, f"ask.{stage.question}", words=stage.intent.text)
    return prompt(state, f"ask.{stage.question}")


def records(state: DialogueContext) -> tuple[Record, ...]:
    """The records on the table."""
    match state.stage:
        case ResultList() as found:
            return tuple(found.items[n] for n in shown(found))
        case RecordDetail() as opened:
            return (replace(opened.record, available=opened.shelves),)
    return ()

"""What the book of a hold or a loan is about, asked beside it: its record answers, and the question stands."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.bibliographic import Record
from voice.dialogue.commands import CancelHold, FindRecord
from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature, answer_to, for_state, one
from voice.dialogue.no_match import not_here
from voice.dialogue.phrasing import author_of, prompt
from voice.dialogue.record_phrasing import SENTENCES_AT_ONCE, sentences
from voice.dialogue.states import Confirm, HoldDetail, LoanDetail
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line, Span


def of_booking(context: DialogueContext, state: HoldDetail | LoanDetail, intent: Intent) -> Transition:
    """Look the opened book up."""
    return Transition(context, command=FindRecord(state.item.record_id))


def of_cancelled(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Look up the book whose hold is about to be cancelled."""
    if isinstance(state.command, CancelHold) and state.record_id:
        return Transition(context, command=FindRecord(state.record_id))
    return not_here(context)


def on_record(context: DialogueContext, command: FindRecord, record: Record) -> Transition:
    """Say the author and the beginning of the description."""
    lines = [prompt(context, "record.author", author=author_of(record))] if record.author else []
    if parts := sentences(record)[:SENTENCES_AT_ONCE]:
        lines.append(Line((Span(" ".join(parts), record.language),)))
    else:
        lines.append(prompt(context, "record.no_annotation"))
    return Transition(context, tuple(replace(line, record=None) for line in lines), question=True)


FEATURE = Feature(
    states=(
        for_state(HoldDetail, {IntentName.READ_ON: of_booking}),
        for_state(LoanDetail, {IntentName.READ_ON: of_booking}),
        for_state(Confirm, {IntentName.READ_ON: of_cancelled}),
    ),
    answers=(answer_to(FindRecord, one(Record), on_record),),
)

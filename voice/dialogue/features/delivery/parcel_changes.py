"""What goes into a parcel, changed while its read-back or its times wait; and of many renewals all but some."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.commands import BookCollection, BookDelivery, DeliverySlots, RenewAll
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.lists import names_number, no_such_number, number, title_named
from voice.dialogue.no_match import not_here
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, SlotList, Start
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName


def _meant(titles: tuple[str, ...], intent: Intent) -> int | None:
    """Return the 0-based title that is named by its number or by a word of its own; None for none or several."""
    if names_number(intent):
        return number(intent, len(titles))
    return title_named(titles, intent.text)


def take_out(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Without this book: the rest is read back. Without the only one nothing is left to do."""
    command = state.command
    if isinstance(command, RenewAll):
        return _all_but(context, state, command, intent)
    if not isinstance(command, BookDelivery):
        return Transition(context, (prompt(context, "confirm.change_nothing"),), question=True)
    n = _meant(state.titles, intent)
    if n is None:
        return no_such_number(context, len(state.titles))
    if len(state.titles) == 1:
        return Transition(context, then=Intent(IntentName.NO, {}, context.language))
    gone = state.titles[n]
    rest = tuple(title for at, title in enumerate(state.titles) if at != n)
    ids = tuple(record for at, record in enumerate(command.record_ids) if at != n)
    used = tuple(title for title in state.used_holds if title != gone)
    basket = tuple(record for record in context.basket if record.id in ids)
    less = replace(state, command=replace(command, record_ids=ids), titles=rest, used_holds=used)
    return Transition(replace(context, basket=basket).stay(less))


def _all_but(context: DialogueContext, state: Confirm, command: RenewAll, intent: Intent) -> Transition:
    """Renew the others: numbers are those of the list of loans."""
    n = _meant(tuple(loan.title for loan in state.loans), intent)
    if n is None:
        return no_such_number(context, len(state.loans))
    left = tuple(loan for at, loan in enumerate(state.loans) if at != n)
    able = tuple(loan for loan in left if loan.renewable)
    if not able:
        return Transition(context, then=Intent(IntentName.NO, {}, context.language))
    again = tuple(loan.title for loan in able if loan.title in state.again)
    chosen = replace(command, loan_ids=tuple(loan.id for loan in able))
    titles = tuple(loan.title for loan in able)
    return Transition(context.stay(replace(state, command=chosen, titles=titles, loans=left, again=again)))


def take_out_of_times(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """Without this book the times may be others: they are asked for again."""
    n = _meant(state.titles, intent)
    if state.collection or not context.reader:
        return not_here(context)
    if n is None:
        return no_such_number(context, len(state.titles))
    if len(state.titles) == 1:
        return Transition(context, then=Intent(IntentName.NO, {}, context.language))
    ids = tuple(record for at, record in enumerate(state.ids) if at != n)
    basket = tuple(record for record in context.basket if record.id in ids)
    return Transition(replace(context, basket=basket), command=DeliverySlots(context.reader.ticket, ids))


def add(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Look for one book more; the order is kept, and the next book that is to be delivered joins it."""
    if not isinstance(state.command, BookDelivery):
        return Transition(context, (prompt(context, "confirm.change_nothing"),), question=True)
    return Transition(context.go(Start()), (prompt(context, "slots.add_how"),), question=True)


def add_at_times(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """The same while a time is being chosen."""
    if state.collection:
        return not_here(context)
    return Transition(context.go(Start()), (prompt(context, "slots.add_how"),), question=True)


def cancelled(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """To cancel one book by its number takes it out; to cancel is else a no."""
    if names_number(intent) and isinstance(state.command, BookDelivery | RenewAll):
        return take_out(context, state, intent)
    return Transition(context, then=Intent(IntentName.NO, {}, context.language))


def someone_else(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Who takes the books in is for the courier to know: it becomes the note, and is read back."""
    if not isinstance(state.command, BookDelivery | BookCollection):
        return Transition(context, (prompt(context, "talk.not_yet_here"),), question=True)
    return Transition(context, then=Intent(IntentName.NOTE, {"note": intent.text}, context.language, intent.text))


def someone_later(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Where no delivery is read back, it is said when that can be given."""
    return Transition(context, (prompt(context, "slots.someone_how"),), question=True)


FEATURE = Feature(
    anywhere={IntentName.SOMEONE_ELSE: someone_later},
    states=(
        for_state(
            Confirm,
            {
                IntentName.TAKE_OUT: take_out,
                IntentName.CANCEL: cancelled,
                IntentName.ADD: add,
                IntentName.SOMEONE_ELSE: someone_else,
            },
        ),
        for_state(SlotList, {IntentName.TAKE_OUT: take_out_of_times, IntentName.ADD: add_at_times}),
    ),
)

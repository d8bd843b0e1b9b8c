"""The hours in which books are brought or fetched: offered under numbers, chosen by number or by day and time."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Hold
from catalogue_client.values.shipments import Slot
from languages.date_parsing import ParsedDate
from voice.dialogue.commands import (
    BookCollection,
    BookDelivery,
    CollectionSlots,
    DeliverySlots,
    MoveDelivery,
    PlaceHold,
    SuspendHold,
    UsedHolds,
)
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, answer_to, each, failure_of, for_state
from voice.dialogue.library_facts.opening_times import NO_SUCH_DAY, asked_day, dates
from voice.dialogue.lists import choice, next_page, previous_page
from voice.dialogue.no_match import not_understood
from voice.dialogue.phrasing import capitalised, day, local, prompt, titles, window
from voice.dialogue.states import Confirm, LoanDetail, SlotList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def on_delivery_slots(context: DialogueContext, command: DeliverySlots, slots: tuple[Slot, ...]) -> Transition:
    """Offer the windows of a delivery, as soon as it is known which of the reader's holds it uses up."""
    if not slots:
        return _no_windows_left(context)
    names = tuple(record.title for record in context.basket)
    offered = SlotList(slots, names, command.record_ids, windows=context.profile.windows)
    begun = context.begun.command if isinstance(context.begun, Confirm) else context.begun
    if isinstance(begun, BookDelivery | SlotList):  # the same parcel, with one book more
        offered = replace(offered, note=begun.note, may_tell=begun.may_tell, address=begun.address)
        context = replace(context, begun=None)
    return Transition(_with_windows(context, offered), command=UsedHolds(command.ticket, command.record_ids))


def on_collection_slots(context: DialogueContext, command: CollectionSlots, slots: tuple[Slot, ...]) -> Transition:
    """Offer the windows of a collection under numbers."""
    if not slots:
        return _no_windows_left(context)
    loan = context.state
    names = (loan.item.title,) if isinstance(loan, LoanDetail) and command.loan_ids else ()
    offered = SlotList(slots, names, command.loan_ids, collection=True, windows=context.profile.windows)
    return Transition(_with_windows(context, offered))


def _no_windows_left(context: DialogueContext) -> Transition:
    return Transition(replace(context, basket=()), (prompt(context, "slots.none"),), question=True)


def _with_windows(context: DialogueContext, offered: SlotList) -> DialogueContext:
    """Newer windows stand in the place of those that were offered before."""
    return context.stay(offered) if isinstance(context.state, SlotList) else context.go(offered)


def on_used_holds(context: DialogueContext, command: UsedHolds, holds: tuple[Hold, ...]) -> Transition:
    """The windows are offered now: it is known which of the reader's holds the delivery uses up."""
    if isinstance(context.state, SlotList):
        context = context.stay(replace(context.state, used_holds=tuple(hold.title for hold in holds)))
    return Transition(context)


def slots(context: DialogueContext, state: SlotList) -> tuple[Line, ...]:
    """The windows, each with its number."""
    head = "slots.moved" if state.moves else "slots.collection" if state.collection else "slots.delivery"
    if state.titles:
        first = prompt(context, head, titles=titles(context, state.titles))
    else:
        first = prompt(context, "slots.collection_all")
    windows = {n: capitalised(window(context, state.items[n])) for n in state.shown}
    offers = (
        replace(prompt(context, "option", text=windows[n], key=key), record=n) for key, n in enumerate(windows, 1)
    )
    return (first, *offers)


def choose_slot(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """The window by its number; a single one by yes."""
    if not any(character.isdigit() for character in intent.text) and _is_day_of_month(context, state, intent):
        return slot_when(context, state, intent)
    n = choice(context, state, intent)
    if isinstance(n, Transition) or (n is None and len(state.items) > 1):
        return n if isinstance(n, Transition) else Transition(context)
    return _chosen(context, state, n or 0)


def _is_day_of_month(context: DialogueContext, state: SlotList, intent: Intent) -> bool:
    """Whether an ordinal that numbers none of the windows just said is the day of one: "the fifth"."""
    n = intent.slots.get("n")
    if not isinstance(n, int) or 0 < n <= len(state.shown):
        return False
    readings = dates().readings(intent.text, context.now)
    return any(said.day and fits(context, slot, said) for said in readings for slot in state.items)


def _chosen(context: DialogueContext, state: SlotList, n: int) -> Transition:
    """Read the booking in this window (0-based) back."""
    assert context.reader
    slot = state.items[n]
    if state.moves:
        move = MoveDelivery(context.reader.ticket, state.moves, slot.id)
        return Transition(context.go(Confirm(move, state.titles, slot=slot, windows=state.items)))
    command: BookCollection | BookDelivery
    if state.collection:
        command = BookCollection(context.reader.ticket, state.ids, slot.id, state.note, state.may_tell)
    else:
        command = BookDelivery(context.reader.ticket, state.ids, slot.id, state.note, state.may_tell, state.address)
    return Transition(
        context.go(Confirm(command, state.titles, slot=slot, used_holds=state.used_holds, windows=state.items))
    )


def no_slot(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """No window suits: nothing is booked."""
    return Transition(replace(context.leave(), basket=()), (prompt(context, "confirm.nothing_booked"),), question=True)


def slot_when(context: DialogueContext, state: SlotList, intent: Intent) -> Transition:
    """The one window that fits the day or time said. Several that fit, or those of that day or after it, are said."""
    # All that was said comes first: the slot may lack "after" or "without", and with them what was meant.
    readings = dates().readings(intent.text, context.now) or dates().readings(
        str(intent.slots.get("when", "")), context.now
    )
    if (impossible := asked_day(context, intent)) in NO_SUCH_DAY:
        return Transition(context, (prompt(context, NO_SUCH_DAY[impossible]),))
    possible = [said for said in readings if any(fits(context, slot, said) for slot in state.items)]
    if not readings or len(possible) > 1:
        # Nothing was understood, or two things may be meant and both are offered: the reader says which.
        return Transition(context, (prompt(context, "slots.which_day"),))
    said = (possible or readings)[0]
    fitting = [n for n, slot in enumerate(state.items) if fits(context, slot, said)]
    here = [n for n in fitting if n in state.shown]
    if len(fitting) == 1 or (said.day is None and len(here) == 1):
        # An hour without a day means the windows that were just said, if one of them holds it.
        return _chosen(context, state, fitting[0] if len(fitting) == 1 else here[0])
    if fitting:
        return Transition(context.stay(replace(state, first=fitting[0])))
    days = [local(context, slot.starts).date() for slot in state.items]
    nearest = next((n for n, each in enumerate(days) if said.day and each >= said.day), state.first)
    why = "slots.not_offered"
    if said.day and said.day > days[-1]:
        why, nearest = "slots.too_far", max(0, len(days) - state.page)
    return Transition(context.stay(replace(state, first=nearest)), (prompt(context, why, date=day(context, days[-1])),))


def fits(context: DialogueContext, slot: Slot, said: ParsedDate) -> bool:
    """Whether a window is on that day and holds the moment; a stretch of time has to hold the window's beginning, or
    lie inside it: the afternoon is not a window that ends at one o'clock."""
    starts, ends = local(context, slot.starts), local(context, slot.ends)
    if said.day and not said.day <= starts.date() <= (said.last_day or said.day):
        return False
    if said.starts is None:
        return True
    if said.ends is None:
        return starts.time() <= said.starts < ends.time()
    begins_in = said.starts <= starts.time() < said.ends
    return begins_in or (starts.time() <= said.starts and said.ends <= ends.time())


def searched(context: DialogueContext, state: SlotList, intent: Intent) -> Transition | None:
    """A book can be looked for and added; words that nobody called a book are no reason to leave the windows."""
    if intent.bare or intent.name == IntentName.WORDS:
        return not_understood(context)
    return None


def other_time(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """The windows once more, from the read-back: what was said may choose one; books and note stay."""
    command = state.command
    if isinstance(command, SuspendHold):
        return Transition(context, then=replace(intent, name=IntentName.SUSPEND))
    if isinstance(command, MoveDelivery):
        moved = SlotList(state.windows, state.titles, (), windows=context.profile.windows, moves=command.delivery_id)
        return Transition(context.stay(moved), then=intent if intent.name == IntentName.WHEN else None)
    if not isinstance(command, BookDelivery | BookCollection):
        # A hold can be had at another library; nothing else has another time.
        kept_at = isinstance(command, PlaceHold)
        return Transition(context, then=Intent(IntentName.MORE if kept_at else IntentName.CHANGE, {}, context.language))
    if not state.windows:
        return Transition(context, (prompt(context, "slots.none"),), question=True)
    collection = isinstance(command, BookCollection)
    ids = command.loan_ids if isinstance(command, BookCollection) else command.record_ids
    chosen = next((n for n, slot in enumerate(state.windows) if slot == state.slot), 0)
    windows = context.profile.windows
    first = chosen - chosen % windows
    offered = SlotList(
        state.windows, state.titles, ids, collection, state.used_holds, command.note, command.may_tell,
        "" if isinstance(command, BookCollection) else command.address, windows, first=first,
    )  # fmt: skip
    if intent.name == IntentName.WHEN:
        return Transition(context.stay(offered), then=intent)
    following = first + windows
    return Transition(context.stay(replace(offered, first=following if following < len(state.windows) else 0)))


def used_holds_unknown(context: DialogueContext, command: UsedHolds, event: Failed, sentence: Line) -> Transition:
    """The windows are offered without the holds."""
    return on_used_holds(context, command, ())


FEATURE = Feature(
    states=(
        for_state(
            Confirm,
            {IntentName.WHEN: other_time, IntentName.LATER: other_time},
        ),
        for_state(
            SlotList,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: choose_slot,
                IntentName.WHEN: slot_when,
                IntentName.LATER: next_page,
                IntentName.SEARCH: searched,
                IntentName.DIGITS: choose_slot,
                IntentName.YES: choose_slot,
                IntentName.NO: no_slot,
            },
            content=slots,
        ),
    ),
    answers=(
        answer_to(DeliverySlots, each(Slot), on_delivery_slots),
        answer_to(CollectionSlots, each(Slot), on_collection_slots),
        answer_to(UsedHolds, each(Hold), on_used_holds),
    ),
    failures=(failure_of(UsedHolds, used_holds_unknown),),
)

"""Holds: hear them and cancel them, which ends in a read-back."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import Hold
from voice.dialogue import commands
from voice.dialogue.confirmation import names_another
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, On, answer_to, each, for_state
from voice.dialogue.lists import listed, names_number, no_such_number, number, position
from voice.dialogue.navigation import in_detail, in_list
from voice.dialogue.phrasing import day, name, place_name, prompt
from voice.dialogue.states import Confirm, HoldDetail, HoldList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def holds(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """The reader's holds as they stand now."""
    assert context.reader
    return Transition(context, command=commands.ListHolds(context.reader.ticket))


def on_holds(context: DialogueContext, command: commands.ListHolds, answer: tuple[Hold, ...]) -> Transition:
    """Open the only hold, or list them; those that are over are left out."""
    items = tuple(hold for hold in answer if hold.status not in ("cancelled", "collected"))
    if not items:
        return Transition(context, (prompt(context, "account.no_holds"),), question=True)
    if len(items) == 1:
        return Transition(context.go(HoldDetail(items, 0)))
    return Transition(context.go(HoldList(items)))


def hold_list(context: DialogueContext, state: HoldList) -> tuple[Line, ...]:
    """Return how many holds there are and the three on the table."""
    return listed(context, state, "account.holds", _hold_entry)


def _hold_entry(context: DialogueContext, hold: Hold, n: int) -> Line:
    status = prompt(context, f"hold_status.{hold.status}").text
    line = prompt(
        context,
        "account.hold_entry",
        n=n + 1,
        title=name(context, hold.title),
        place=place_name(context, hold.place),
        status=status,
    )
    return replace(line, record=n)


def hold(context: DialogueContext, state: HoldDetail) -> tuple[Line, ...]:
    """One hold: where it stands in the queue, until when it is kept."""
    item = state.item
    lines = [_hold_entry(context, item, state.n)]
    if item.position:
        lines.append(prompt(context, "account.hold_position", n=item.position))
    if item.expires:
        lines.append(prompt(context, "done.hold_until", date=day(context, item.expires)))
    return tuple(replace(line, record=state.n) for line in lines)


def cancel_hold(context: DialogueContext, state: HoldList | HoldDetail, intent: Intent) -> Transition | None:
    """Read one cancellation back; of another booking only when it is named."""
    assert context.reader
    if names_another(intent, commands.CancelHold):
        return None
    several = intent.slots.keys() & {"ns", "count"}  # one at a time: each has a read-back of its own
    if several or (isinstance(state, HoldList) and not names_number(intent)):
        return Transition(context, (prompt(context, "searching.which_number"),), quiet=True)
    n = number(intent, len(state.items)) if names_number(intent) else position(context, state, intent)
    if n is None:
        return no_such_number(context, len(state.items))
    if isinstance(n, Transition):
        return n
    item = state.items[n]
    command = commands.CancelHold(context.reader.ticket, item.id)
    return Transition(context.go(Confirm(command, (item.title,), position=item.position, record_id=item.record_id)))


CANCEL = On(cancel_hold, needs_reader=True)

FEATURE = Feature(
    states=(
        for_state(HoldList, {**in_list(HoldDetail), IntentName.CANCEL: CANCEL}, content=hold_list),
        for_state(
            HoldDetail,
            {**in_detail(HoldDetail), IntentName.CANCEL: CANCEL, IntentName.YES: CANCEL},
            content=hold,
        ),
    ),
    anywhere={IntentName.MY_HOLDS: On(holds, needs_reader=True)},
    answers=(answer_to(commands.ListHolds, each(Hold), on_holds),),
)

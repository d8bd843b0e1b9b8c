"""Holds: hear them and cancel them, which ends in a read-back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from catalogue_client.values.accounts import Hold
from languages.date_parsing import ParsedDate
from voice.dialogue import commands
from voice.dialogue.confirmation import names_another
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, Handlers, On, answer_to, each, for_state, one
from voice.dialogue.library_facts.opening_times import NO_SUCH_DAY, asked_day
from voice.dialogue.lists import asks_which, listed, names_number, no_such_number, number, position
from voice.dialogue.navigation import in_detail, in_list
from voice.dialogue.phrasing import day, name, place_name, prompt, refusal
from voice.dialogue.states import Confirm, HoldDetail, HoldList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

USUAL_DAYS = 30
"""How long a hold waits when no day was said."""
MOST_DAYS = 180


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
    if item.suspended_until:
        lines.append(prompt(context, "account.hold_suspended", date=day(context, item.suspended_until)))
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


def suspend(context: DialogueContext, state: HoldList | HoldDetail, intent: Intent) -> Transition:
    """Read back that a hold waits until a day, the one that was said or USUAL_DAYS from now, or that it goes on."""
    assert context.reader
    if ask := asks_which(context, state, intent):
        return ask
    n = position(context, state, intent)
    if isinstance(n, Transition):
        return n
    item = state.items[n]
    if not item.position:
        return Transition(context, (refusal(context, "hold_ready"),), question=True)
    if intent.name == IntentName.RESUME_HOLD:
        return _asked(context, item, None)
    # "The second" is a hold and no day: only what stands beside "until", or alone, is one.
    last_day = str(intent.slots.get("until", "") or intent.slots.get("when", ""))
    said = asked_day(context, replace(intent, text=last_day)) if last_day else None
    if said in NO_SUCH_DAY:
        return Transition(context, (prompt(context, NO_SUCH_DAY[said]),), question=True)
    today = context.now.date()
    last = said.last_day or said.day if isinstance(said, ParsedDate) else None
    until = min(last or today + timedelta(days=USUAL_DAYS), today + timedelta(days=MOST_DAYS))
    return _asked(context, item, until)


def _asked(context: DialogueContext, item: Hold, until: date | None) -> Transition:
    assert context.reader
    command = commands.SuspendHold(context.reader.ticket, item.id, until)
    return Transition(context.go(Confirm(command, (item.title,), position=item.position, record_id=item.record_id)))


def another_day(context: DialogueContext, state: Confirm, intent: Intent) -> Transition | None:
    """Another day for what is read back."""
    before = context.leave()
    if not isinstance(state.command, commands.SuspendHold) or not isinstance(before.state, HoldList | HoldDetail):
        return None
    at = next(n for n, item in enumerate(before.state.items) if item.id == state.command.hold_id)
    return suspend(before, before.state, replace(intent, slots={**intent.slots, "n": at + 1}))


def suspended(context: DialogueContext, command: commands.SuspendHold, hold: Hold) -> Transition:
    """Until when it waits; the list that it stands in knows it from now on."""
    if isinstance(context.state, HoldList | HoldDetail):
        items = tuple(hold if item.id == hold.id else item for item in context.state.items)
        context = context.stay(replace(context.state, items=items))
    title = name(context, hold.title)
    if command.until is None:
        return Transition(context, (prompt(context, "done.hold_resumed", title=title),), question=True)
    line = prompt(context, "done.hold_suspended", title=title, date=day(context, command.until))
    return Transition(context, (line,), question=True)


def list_first(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Which hold is meant is said from the list of them."""
    return Transition(context, then=Intent(IntentName.MY_HOLDS, {}, context.language))


CANCEL = On(cancel_hold, needs_reader=True)
SUSPEND = On(suspend, needs_reader=True)
PAUSES: Handlers[HoldList | HoldDetail] = {IntentName.SUSPEND: SUSPEND, IntentName.RESUME_HOLD: SUSPEND}

FEATURE = Feature(
    states=(
        for_state(HoldList, {**in_list(HoldDetail), **PAUSES, IntentName.CANCEL: CANCEL}, content=hold_list),
        for_state(
            HoldDetail,
            {**in_detail(HoldDetail), **PAUSES, IntentName.CANCEL: CANCEL, IntentName.YES: CANCEL},
            content=hold,
        ),
        for_state(Confirm, {IntentName.SUSPEND: another_day}),
    ),
    anywhere={
        IntentName.MY_HOLDS: On(holds, needs_reader=True),
        IntentName.SUSPEND: On(list_first, needs_reader=True),
        IntentName.RESUME_HOLD: On(list_first, needs_reader=True),
    },
    answers=(
        answer_to(commands.ListHolds, each(Hold), on_holds),
        answer_to(commands.SuspendHold, one(Hold), suspended),
    ),
)

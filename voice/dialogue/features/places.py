"""Branches and stations: hours, the nearest, which one is meant."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.opening_hours import Hours, Place
from languages.folding import fold
from voice.dialogue.commands import FindHoldings, FindPlace
from voice.dialogue.context import DialogueContext, is_open
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, answer_to, each, for_state
from voice.dialogue.lists import choice, names_number, next_page, previous_page, shown
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import capitalised, prompt
from voice.dialogue.states import PlaceList, RecordDetail
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ALL_DAY = 1440


def hours(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Opening hours of a place; without a name the places are listed."""
    name = str(intent.slots.get("place") or "")
    if not name and isinstance(state, PlaceList) and names_number(intent):
        return choose(context, state, intent)
    # "The library nearest to Alatau" does not say that Alatau is one.
    said = intent.text if name and intent.name != IntentName.NEAREST else ""
    return Transition(context, command=FindPlace(name, said, intent))


def on_places(context: DialogueContext, command: FindPlace, found: tuple[Place, ...]) -> Transition:
    """The places that a name means: one answers the intent, several are offered, none is said plainly.

    Among offered places the intent stays after a name that none has.
    """
    intent = command.then or Intent(IntentName.HOURS, {}, context.language)
    if not found:
        said = prompt(context, "place.unknown", place=command.name) if command.name else prompt(context, "place.none")
        return Transition(context, (said,), question=True)
    if command.name and len(found) == 1:
        return settle(context, intent, found[0])
    offered = PlaceList(found, then=intent)
    return Transition(context.stay(offered) if isinstance(context.state, PlaceList) else context.go(offered))


def settle(context: DialogueContext, intent: Intent, place: Place) -> Transition:
    """Go on with the intent that a place was looked for."""
    if isinstance(context.state, PlaceList):
        context = context.leave()
    if intent.name in (IntentName.RESERVE, IntentName.SEARCH):
        slots = {**intent.slots, "place_id": place.id, "place_name": place.name(context.language)}
        return Transition(context, then=Intent(intent.name, slots, intent.language, intent.text))
    record = context.state
    if intent.name in (IntentName.NEAREST, IntentName.AVAILABILITY) and isinstance(record, RecordDetail):
        return Transition(context, command=FindHoldings(record.record.id, place.id))
    return Transition(context, spoken(context, place), question=True)


def spoken(context: DialogueContext, place: Place) -> tuple[Line, ...]:
    """A place's name and hours today; and whether it is equipped for blind readers."""
    name = capitalised(place.name(context.language))
    equipped = (prompt(context, "place.equipped"),) if place.equipped and not context.brief else ()
    if place.round_the_clock:
        return (prompt(context, "place.always", place=name), *equipped)
    if not place.hours:
        return (prompt(context, "place.hours_unknown", place=name), *equipped)
    weekday = context.now.weekday()
    today = [span for span in place.hours if span.weekday == weekday]
    if not today:
        return (prompt(context, "place.closed_today", place=name), *equipped)
    if any(span.opens == 0 and span.closes >= ALL_DAY for span in today):
        return (prompt(context, "place.always", place=name), *equipped)
    times = ", ".join(_span(context, span) for span in today)
    key = "place.open_now" if is_open(context.now, tuple(today)) else "place.open_today"
    return (prompt(context, key, place=name, times=times), *equipped)


def _span(context: DialogueContext, span: Hours) -> str:
    starts, ends = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (span.opens, span.closes))
    return prompt(context, "calendar.times", starts=starts, ends=ends).text


def places(context: DialogueContext, state: PlaceList) -> tuple[Line, ...]:
    """Return how many places there are and the three on the table."""
    names = {n: capitalised(state.items[n].name(context.language)) for n in shown(state)}
    offers = (replace(prompt(context, "option", text=names[n], key=key), record=n) for key, n in enumerate(names, 1))
    return (prompt(context, "place.count", count=len(state.items)), *offers)


def choose(context: DialogueContext, state: PlaceList, intent: Intent) -> Transition:
    """The place with this number answers the intent that waits."""
    n = choice(context, state, intent)
    if isinstance(n, Transition):
        return n
    then = state.then or Intent(IntentName.HOURS, {}, context.language)
    return settle(context, then, state.items[state.first if n is None else n])


def named(context: DialogueContext, state: PlaceList, intent: Intent) -> Transition:
    """Any other words here are the name of a place, unless more than a name was said: "find The Path of Abai"."""
    if intent.name == IntentName.SEARCH and fold(str(intent.slots.get("words", ""))) != fold(intent.text):
        return Transition(context.leave(), then=intent)
    words = intent.text or str(intent.slots.get("words", ""))
    return Transition(context, command=FindPlace(words, then=state.then))


FEATURE = Feature(
    states=(
        for_state(
            PlaceList,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: choose,
                IntentName.DIGITS: choose,
                IntentName.YES: choose,
                IntentName.MORE: choose,
                IntentName.NO: back,
                IntentName.SEARCH: named,
                IntentName.WORDS: named,
            },
            content=places,
        ),
    ),
    anywhere={IntentName.HOURS: hours, IntentName.NEAREST: hours},
    answers=(answer_to(FindPlace, each(Place), on_places),),
)

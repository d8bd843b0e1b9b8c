"""Branches and stations: hours, the nearest, which one is meant."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.opening_hours import Hours, Place
from languages.folding import fold
from voice.dialogue.commands import Answer, AnyCommand, FindHoldings, FindPlace
from voice.dialogue.context import DialogueContext, is_open
from voice.dialogue.feature import Feature
from voice.dialogue.lists import choice, names_number, next_page, previous_page, shown
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import capitalised, prompt
from voice.dialogue.states import PlaceList, RecordDetail
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ALL_DAY = 1440


def hours(state: DialogueContext, intent: Intent) -> Transition:
    """Opening hours of a place; without a name the places are listed."""
    name = str(intent.slots.get("place") or "")
    if not name and isinstance(state.stage, PlaceList) and names_number(intent):
        return choose(state, intent)
    # "The library nearest to Alatau" does not say that Alatau is one.
    said = intent.text if name and intent.name != IntentName.NEAREST else ""
    return Transition(state, ask=FindPlace(name, said, intent))


def on_places(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The places that a name means: one answers the intent, several are offered, none is said plainly.

    Among offered places the intent stays after a name that none has.
    """
    assert isinstance(ask, FindPlace) and isinstance(answer, tuple)
    found = tuple(place for place in answer if isinstance(place, Place))
    intent = ask.then or Intent(IntentName.HOURS, {}, state.language)
    if not found:
        said = prompt(state, "place.unknown", place=ask.name) if ask.name else prompt(state, "place.none")
        return Transition(state, (said,), question=True)
    if ask.name and len(found) == 1:
        return settle(state, intent, found[0])
    offered = PlaceList(found, then=intent)
    return Transition(state.stay(offered) if isinstance(state.stage, PlaceList) else state.go(offered))


def settle(state: DialogueContext, intent: Intent, place: Place) -> Transition:
    """Go on with the intent that a place was looked for."""
    if isinstance(state.stage, PlaceList):
        state = state.leave()
    if intent.name in (IntentName.RESERVE, IntentName.SEARCH):
        slots = {**intent.slots, "place_id": place.id, "place_name": place.name(state.language)}
        return Transition(state, then=Intent(intent.name, slots, intent.language, intent.text))
    record = state.stage
    if intent.name in (IntentName.NEAREST, IntentName.AVAILABILITY) and isinstance(record, RecordDetail):
        return Transition(state, ask=FindHoldings(record.record.id, place.id))
    return Transition(state, spoken(state, place), question=True)


def spoken(state: DialogueContext, place: Place) -> tuple[Line, ...]:
    """A place's name and hours today; and whether it is equipped for blind readers."""
    name = capitalised(place.name(state.language))
    equipped = (prompt(state, "place.equipped"),) if place.equipped and not state.brief else ()
    if place.round_the_clock:
        return (prompt(state, "place.always", place=name), *equipped)
    if not place.hours:
        return (prompt(state, "place.hours_unknown", place=name), *equipped)
    weekday = state.now.weekday()
    today = [span for span in place.hours if span.weekday == weekday]
    if not today:
        return (prompt(state, "place.closed_today", place=name), *equipped)
    if any(span.opens == 0 and span.closes >= ALL_DAY for span in today):
        return (prompt(state, "place.always", place=name), *equipped)
    times = ", ".join(_span(state, span) for span in today)
    key = "place.open_now" if is_open(state.now, tuple(today)) else "place.open_today"
    return (prompt(state, key, place=name, times=times), *equipped)


def _span(state: DialogueContext, span: Hours) -> str:
    starts, ends = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (span.opens, span.closes))
    return prompt(state, "calendar.times", starts=starts, ends=ends).text


def places(state: DialogueContext) -> tuple[Line, ...]:
    """Return how many places there are and the three on the table."""
    stage = state.stage
    assert isinstance(stage, PlaceList)
    names = {n: capitalised(stage.items[n].name(state.language)) for n in shown(stage)}
    offers = (replace(prompt(state, "option", text=names[n], key=key), record=n) for key, n in enumerate(names, 1))
    return (prompt(state, "place.count", count=len(stage.items)), *offers)


def choose(state: DialogueContext, intent: Intent) -> Transition:
    """The place with this number answers the intent that waits."""
    stage = state.stage
    assert isinstance(stage, PlaceList)
    n = choice(state, intent)
    if isinstance(n, Transition):
        return n
    then = stage.then or Intent(IntentName.HOURS, {}, state.language)
    return settle(state, then, stage.items[stage.first if n is None else n])


def named(state: DialogueContext, intent: Intent) -> Transition:
    """Any other words here are the name of a place, unless more than a name was said: "find The Path of Abai"."""
    if intent.name == IntentName.SEARCH and fold(str(intent.slots.get("words", ""))) != fold(intent.text):
        return Transition(state.leave(), then=intent)
    words = intent.text or str(intent.slots.get("words", ""))
    return Transition(
        state, ask=FindPlace(words, then=state.stage.then if isinstance(state.stage, PlaceList) else None)
    )


FEATURE = Feature(
    states={
        PlaceList: {
            IntentName.NEXT: next_page,
            IntentName.PREVIOUS: previous_page,
            IntentName.SELECT: choose,
            IntentName.DIGITS: choose,
            IntentName.YES: choose,
            IntentName.MORE: choose,
            IntentName.NO: back,
            IntentName.SEARCH: named,
            IntentName.WORDS: named,
        }
    },
    anywhere={IntentName.HOURS: hours, IntentName.NEAREST: hours},
    content={PlaceList: places},
    answers={FindPlace: on_places},
)

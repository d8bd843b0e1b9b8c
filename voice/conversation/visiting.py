"""Branches and stations: hours, the nearest, which one a wish means."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from catalogue_client.records import Hours, Place
from catalogue_client.search.folding import fold
from voice.conversation.asks import Ask, FindPlace, Holdings
from voice.conversation.events import Answer
from voice.conversation.lines import Line
from voice.conversation.move import Move
from voice.conversation.paging import choice, names_number, shown
from voice.conversation.stages import OpenedRecord, Places
from voice.conversation.state import State
from voice.conversation.telling import capitalised, tell
from voice.understanding.intent import Intent

ALL_DAY = 1440


def hours(state: State, intent: Intent) -> Move:
    """Opening hours of a place; without a name the places are listed."""
    name = str(intent.slots.get("place") or "")
    if not name and isinstance(state.stage, Places) and names_number(intent):
        return choose(state, intent)
    # "The library nearest to Alatau" does not say that Alatau is one.
    said = intent.text if name and intent.name != "nearest" else ""
    return Move(replace(state, waiting=intent), ask=FindPlace(name, said))


def places_came(state: State, ask: Ask, answer: Answer) -> Move:
    """The places that a name means: one answers the wish, several are offered, none is said plainly.

    Among offered places the wish goes on waiting after a name that none has.
    """
    assert isinstance(ask, FindPlace) and isinstance(answer, tuple)
    found = tuple(place for place in answer if isinstance(place, Place))
    wish = state.waiting or Intent("hours", {}, state.language)
    if not found:
        said = tell(state, "place.unknown", place=ask.name) if ask.name else tell(state, "place.none")
        waiting = state.waiting if isinstance(state.stage, Places) else None
        return Move(replace(state, waiting=waiting), (said,), question=True)
    if ask.name and len(found) == 1:
        return settle(state, wish, found[0])
    return Move(state.go(Places(found)) if not isinstance(state.stage, Places) else state.stay(Places(found)))


def settle(state: State, wish: Intent, place: Place) -> Move:
    """Go on with the wish that a place was looked for."""
    state = replace(state, waiting=None)
    if isinstance(state.stage, Places):
        state = state.leave()
    if wish.name in ("reserve", "search"):
        slots = {**wish.slots, "place_id": place.id, "place_name": place.name(state.language)}
        return Move(state, then=Intent(wish.name, slots, wish.language, wish.text))
    record = state.stage
    if wish.name in ("nearest", "availability") and isinstance(record, OpenedRecord):
        return Move(state, ask=Holdings(record.record.id, place.id))
    return Move(state, told(state, place), question=True)


def told(state: State, place: Place) -> tuple[Line, ...]:
    """A place's name and hours today; and whether it is equipped for blind readers."""
    name = capitalised(place.name(state.language))
    equipped = (tell(state, "place.equipped"),) if place.equipped and not state.brief else ()
    if place.round_the_clock:
        return (tell(state, "place.always", place=name), *equipped)
    if not place.hours:
        return (tell(state, "place.hours_unknown", place=name), *equipped)
    weekday = state.now.weekday()
    today = [span for span in place.hours if span.weekday == weekday]
    if not today:
        return (tell(state, "place.closed_today", place=name), *equipped)
    if any(span.opens == 0 and span.closes >= ALL_DAY for span in today):
        return (tell(state, "place.always", place=name), *equipped)
    times = ", ".join(_span(state, span) for span in today)
    key = "place.open_now" if is_open(state.now, tuple(today)) else "place.open_today"
    return (tell(state, key, place=name, times=times), *equipped)


def _span(state: State, span: Hours) -> str:
    starts, ends = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (span.opens, span.closes))
    return tell(state, "calendar.times", starts=starts, ends=ends).text


def is_open(moment: datetime, hours: tuple[Hours, ...]) -> bool:
    """Whether one of the spans holds at `moment`, local time."""
    minute = moment.hour * 60 + moment.minute
    return any(span.weekday == moment.weekday() and span.opens <= minute < span.closes for span in hours)


def places(state: State) -> tuple[Line, ...]:
    stage = state.stage
    assert isinstance(stage, Places)
    names = {n: capitalised(stage.items[n].name(state.language)) for n in shown(stage)}
    offers = (replace(tell(state, "option", text=names[n], key=key), record=n) for key, n in enumerate(names, 1))
    return (tell(state, "place.count", count=len(stage.items)), *offers)


def choose(state: State, intent: Intent) -> Move:
    """The place with this number answers the wish that was waiting."""
    stage = state.stage
    assert isinstance(stage, Places)
    n = choice(state, intent)
    if isinstance(n, Move):
        return n
    wish = state.waiting or Intent("hours", {}, state.language)
    return settle(state, wish, stage.items[stage.first if n is None else n])


def named(state: State, intent: Intent) -> Move:
    """Any other words here are the name of a place, unless more than a name was said: "find The Path of Abai"."""
    if intent.name == "search" and fold(str(intent.slots.get("words", ""))) != fold(intent.text):
        return Move(replace(state.leave(), waiting=None), then=intent)
    return Move(state, ask=FindPlace(intent.text or str(intent.slots.get("words", ""))))

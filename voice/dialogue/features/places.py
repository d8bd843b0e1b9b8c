"""Branches and stations: hours, the nearest, which one is meant."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from catalogue_client.values.opening_hours import Place
from languages.date_parsing import ParsedDate
from languages.folding import fold
from languages.tokens import tokens
from voice.dialogue.commands import FindHoldings, FindPlace
from voice.dialogue.context import DialogueContext, is_open
from voice.dialogue.dialogue_state import ChoiceList, DialogueState
from voice.dialogue.feature import Feature, answer_to, each, for_state
from voice.dialogue.library_facts.opening_times import (
    NoDay,
    asked_day,
    everywhere,
    is_all_day,
    on_day,
    open_spans,
    times,
    without_day,
)
from voice.dialogue.lists import choice, names_number, next_page, previous_page
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import capitalised, prompt
from voice.dialogue.states import RecordDetail, Start
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

ASKING = frozenset({IntentName.HOURS, IntentName.NEAREST, IntentName.PLACE_INFO})
"""Intents that only ask about a place."""


@dataclass(frozen=True, slots=True)
class PlaceList(ChoiceList[Place]):
    """Branches and stations, three at a time."""

    name = "places"
    takes_words = True
    takes_names = True
    over_results = True
    then: Intent | None = None
    """What a place is looked for; None for its hours."""

    @property
    def is_open_question(self) -> bool:
        return self.then is not None and self.then.name == IntentName.RESERVE


def hours(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Opening hours of a place, or what else is asked about it; without a name and a day the places are listed."""
    name = without_day(context, str(intent.slots.get("place") or ""))
    if intent.name == IntentName.HOURS and isinstance(why := asked_day(context, intent), NoDay):
        return Transition(context, (no_day(context, why),), question=True)
    if not name and isinstance(state, PlaceList) and names_number(intent):
        return choose(context, state, intent)
    # "The library nearest to Alatau" does not say that Alatau is one.
    said = intent.text if name and intent.name != IntentName.NEAREST else ""
    return Transition(context, command=FindPlace(name, said, intent))


def day_alone(context: DialogueContext, state: Start, intent: Intent) -> Transition:
    """A day said alone, where nothing waits for one, asks what is open then."""
    return Transition(context, then=replace(intent, name=IntentName.HOURS))


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
    if not command.name and (here := _here(context, intent, found)):
        return settle(context, intent, here)
    asked = None if command.name else _day(context, intent)
    if intent.name in ASKING and not (context.state.kept or isinstance(context.state, PlaceList)):
        # What is asked here would be lost by a list.
        line = (
            everywhere(context, found, asked) if isinstance(asked, ParsedDate) else (prompt(context, "place.say_name"),)
        )
        return Transition(context, line, question=True)
    if isinstance(asked, ParsedDate):
        # The list of them all would hide what was asked for; whoever says a name next hears that day's hours.
        say = (*everywhere(context, found, asked), prompt(context, "place.which"))
        return Transition(_offering(context, found, intent), say, quiet=True)
    return Transition(_offering(context, found, intent))


def _offering(context: DialogueContext, found: tuple[Place, ...], intent: Intent) -> DialogueContext:
    offered = PlaceList(found, then=intent)
    return context.stay(offered) if isinstance(context.state, PlaceList) else context.go(offered)


def _day(context: DialogueContext, intent: Intent) -> ParsedDate | NoDay | None:
    return asked_day(context, intent) if intent.name == IntentName.HOURS else None


def _here(context: DialogueContext, intent: Intent, found: tuple[Place, ...]) -> Place | None:
    """The place where the reader is, when no other was named and more than the list was asked for."""
    if intent.name != IntentName.PLACE_INFO and _day(context, intent) is None:
        return None
    return next((place for place in found if place.id == context.profile.place_id), None)


def settle(context: DialogueContext, intent: Intent, place: Place) -> Transition:
    """Go on with the intent that a place was looked for."""
    if isinstance(context.state, PlaceList):
        context = context.leave()
    if intent.name in (IntentName.RESERVE, IntentName.SEARCH):
        slots = {**intent.slots, "place_id": place.id, "place_name": place.name(context.language)}
        return Transition(context, then=Intent(intent.name, slots, intent.language, intent.text))
    record = context.state
    if intent.name in (IntentName.NEAREST, IntentName.AVAILABILITY) and isinstance(record, RecordDetail):
        return Transition(context, command=FindHoldings(record.item.id, place.id))
    return Transition(context, spoken(context, place, intent), question=True)


def spoken(context: DialogueContext, place: Place, intent: Intent) -> tuple[Line, ...]:
    """What the intent asks about a place: its details, its hours on a day, else its hours today and whether it is
    equipped for blind readers."""
    if intent.name == IntentName.PLACE_INFO:
        return details(context, place, detail_of(intent))
    asked = asked_day(context, intent)
    if isinstance(asked, NoDay):
        return (no_day(context, asked),)
    if asked is not None:
        return on_day(context, place, asked)
    name = capitalised(place.name(context.language))
    equipped = (prompt(context, "place.equipped"),) if place.equipped and not context.brief else ()
    today = open_spans(place, context.now.date())
    if today.special is not None:
        return (*on_day(context, place, ParsedDate(context.now.date())), *equipped)
    if today.spans is None:
        return (prompt(context, "place.hours_unknown", place=name), *equipped)
    if not today.spans:
        return (prompt(context, "place.closed_today", place=name), *equipped)
    if is_all_day(today.spans):
        return (prompt(context, "place.always", place=name), *equipped)
    key = "place.open_now" if is_open(context.now, today.spans) else "place.open_today"
    return (prompt(context, key, place=name, times=times(context, today.spans)), *equipped)


def no_day(context: DialogueContext, why: NoDay) -> Line:
    """Return the sentence for a day that cannot be answered."""
    return prompt(context, f"place.{why.name.lower()}_day")


@cache
def _detail_words() -> Mapping[str, tuple[str, ...]]:
    """Detail of a place -> beginnings of the words that ask for it."""
    text = (files("voice.dialogue.library_facts") / "library_questions.toml").read_text(encoding="utf-8")
    return {detail: tuple(words) for detail, words in tomllib.loads(text)["details"].items()}


def detail_of(intent: Intent) -> str:
    """Return what is asked of a place: phone, equipment, way or address; "" when the words do not say."""
    if said := intent.slots.get("info") or intent.slots.get("detail"):
        return str(said)
    words = tokens(intent.text)
    return next((name for name, begins in _detail_words().items() if any(w.startswith(begins) for w in words)), "")


def details(context: DialogueContext, place: Place, info: str) -> tuple[Line, ...]:
    """A place's address, way, telephone or equipment; with no kind said the address and the way there."""
    name, known = capitalised(place.name(context.language)), place.details
    texts = {kind: getattr(known, kind).get(context.language, "") for kind in ("address", "way", "equipment")} | {
        "phone": known.phone
    }
    if info not in texts:
        said = [
            prompt(context, f"place.{kind}", place=name, text=texts[kind]) for kind in ("address", "way") if texts[kind]
        ]
        return tuple(said) or (prompt(context, "place.address_unknown", place=name),)
    if texts[info]:
        return (prompt(context, f"place.{info}", place=name, text=texts[info]),)
    if info == "equipment" and place.equipped:
        return (prompt(context, "place.equipped_there", place=name),)
    return (prompt(context, f"place.{info}_unknown", place=name),)


def places(context: DialogueContext, state: PlaceList) -> tuple[Line, ...]:
    """Return how many places there are and the three on the table."""
    names = {n: capitalised(state.items[n].name(context.language)) for n in state.shown}
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
        for_state(Start, {IntentName.WHEN: day_alone}),
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
    anywhere={IntentName.HOURS: hours, IntentName.NEAREST: hours, IntentName.PLACE_INFO: hours},
    answers=(answer_to(FindPlace, each(Place), on_places),),
    costs={
        **dict.fromkeys(
            (
                IntentName.HOURS,
                IntentName.PLACE_INFO,
            ),
            Cost.HARMLESS,
        ),
    },
)

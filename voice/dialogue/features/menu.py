"""Intents offered under numbers: the menu, so that all can be reached by keys alone, and which of two was meant."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.key_bindings import menu_items, menu_prompt, named_intent
from voice.dialogue.lists import choice, names_number, next_page, options, previous_page
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import capitalised, prompt, request_name
from voice.dialogue.states import Booked, Menu, Start, Which
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def menu(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Offer the first three intents."""
    return Transition(
        context.go(Menu(menu_items())) if not isinstance(state, Menu) else context.stay(Menu(menu_items()))
    )


def more(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """At the start "more" shows what else there is; with a number it is about a book that has not been found yet."""
    if names_number(intent):
        return Transition(context, (prompt(context, "searching.which_book"),), question=True)
    return menu(context, state, intent)


def choose(context: DialogueContext, state: Menu, intent: Intent) -> Transition:
    """Do what stands under the number."""
    n = choice(context, state, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(context)
    return Transition(context.leave(), then=named_intent(state.items[n], context.language))


def offered(context: DialogueContext, state: Menu) -> tuple[Line, ...]:
    """The intents on the table, each before its key."""
    return options(context, state, menu_prompt())


def choose_meant(context: DialogueContext, state: Which, intent: Intent) -> Transition:
    """Do what stands under the number."""
    n = choice(context, state, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(context)
    return Transition(context.leave(), then=state.items[n])


def one_word_for_two(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """«Запись» alone may mean to be recorded or to be registered."""
    names = (IntentName.REGISTER, IntentName.RECORDING)
    two = tuple(Intent(name, {}, context.language, intent.text) for name in names)
    return Transition(context.stay(Which(two)) if isinstance(state, Which) else context.go(Which(two)))


def neither(context: DialogueContext, state: Which, intent: Intent) -> Transition:
    """Neither was meant: back to where the reader was, with nothing lost there."""
    return Transition(context.leave(), question=True)


def again(context: DialogueContext, state: Which, intent: Intent) -> Transition:
    """A yes says nothing where two things are offered."""
    return Transition(context)


def named(context: DialogueContext, state: Which, intent: Intent) -> Transition:
    """One of the two by its own words; anything else leads on from where the reader was."""
    meant = next((item for item in state.items if item.name == intent.name), None)
    if meant:
        intent = replace(meant, slots={**meant.slots, **intent.slots})
    return Transition(context.leave(), then=intent)


def offered_meanings(context: DialogueContext, state: Which) -> tuple[Line, ...]:
    """The two, each before its key."""
    texts = {n: capitalised(request_name(context, state.items[n])) for n in state.shown}
    return tuple(replace(prompt(context, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


FEATURE = Feature(
    everywhere={IntentName.MENU: menu},
    states=(
        for_state(Start, {IntentName.MORE: more}),
        for_state(Booked, {IntentName.MORE: menu}),
        for_state(
            Menu,
            {
                IntentName.NEXT: next_page,
                IntentName.PREVIOUS: previous_page,
                IntentName.SELECT: choose,
                IntentName.DIGITS: choose,
                IntentName.NO: back,
                IntentName.MORE: next_page,
            },
            content=offered,
        ),
        for_state(
            Which,
            {
                IntentName.SELECT: choose_meant,
                IntentName.DIGITS: choose_meant,
                IntentName.YES: again,
                IntentName.NO: neither,
                "*": named,
            },
            content=offered_meanings,
        ),
    ),
    anywhere={IntentName.RECORDING_OR_REGISTER: one_word_for_two},
    costs={IntentName.MENU: Cost.HARMLESS},
)

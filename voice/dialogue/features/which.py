"""Which of two was meant: offered under numbers, chosen by number or by its own words."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.lists import choice
from voice.dialogue.phrasing import capitalised, prompt, request_name
from voice.dialogue.states import Which
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line


def choose(context: DialogueContext, state: Which, intent: Intent) -> Transition:
    """Do what stands under the number."""
    n = choice(context, state, intent)
    if n is None or isinstance(n, Transition):
        return n or Transition(context)
    return Transition(context.leave(), then=state.items[n])


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


def offered(context: DialogueContext, state: Which) -> tuple[Line, ...]:
    """The two, each before its key."""
    texts = {n: capitalised(request_name(context, state.items[n])) for n in state.shown}
    return tuple(replace(prompt(context, "option", text=texts[n], key=key), record=n) for key, n in enumerate(texts, 1))


FEATURE = Feature(
    states=(
        for_state(
            Which,
            {
                IntentName.SELECT: choose,
                IntentName.DIGITS: choose,
                IntentName.YES: again,
                IntentName.NO: neither,
                "*": named,
            },
            content=offered,
        ),
    )
)

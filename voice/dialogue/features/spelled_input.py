"""Words letter by letter: keyed by repeated taps, spelled by voice with example words, and read out in the same way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState, SpelledEntry
from voice.dialogue.feature import Feature, for_state
from voice.dialogue.letter_entry import (
    LONGEST,
    erase,
    keyed,
    letter_command,
    letter_key,
    letters_of,
    spells,
    text,
    typed_word,
)
from voice.dialogue.phrasing import prompt
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import RecordDetail, ResultList, Start
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName


@dataclass(frozen=True, slots=True)
class Letters(SpelledEntry):
    """Words for a search are keyed or spelled letter by letter."""

    name = "letters"
    expects = ExpectedInput.LETTERS


def spell(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Spell what was last said; where nothing is on the table, begin to key or spell a search."""
    match state:
        case Start():
            return begin(context, state, intent)
        case RecordDetail():
            record = state.item
            names = [name for name in (record.title, record.author) if name]
            lines = tuple(replace(spelled(name, record.language), record=state.n) for name in names)
            return Transition(context, lines, question=True)
        case ResultList():
            n = state.first
            record = state.items[n]
            return Transition(context, (replace(spelled(record.title, record.language), record=n),), question=True)
    lines = tuple(replace(line, spelled=True) for line in context.said)
    return Transition(context, lines or (prompt(context, "talk.nothing_to_spell"),), quiet=bool(lines))


def begin(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Begin to key or spell a search."""
    return Transition(context.go(Letters()))


def erased(context: DialogueContext, state: Letters, intent: Intent) -> Transition:
    """No: the last letter was heard or keyed wrongly."""
    return erase(context, state)


def search(context: DialogueContext, state: Letters, intent: Intent) -> Transition:
    """`#`: look for what was keyed."""
    words = " ".join(text(state, context.language).split())
    if not words:
        return Transition(context)
    return Transition(context.leave(), then=Intent(IntentName.SEARCH, {"words": words}, context.language, words))


def said(context: DialogueContext, state: Letters, intent: Intent) -> Transition:
    """Letters said one after another, with or without example words; yes searches."""
    if intent.name == IntentName.YES:
        return search(context, state, intent)
    match letter_command(intent.text):
        case "erase":
            return erase(context, state)
        case "search":
            return search(context, state, intent)
        case "space":
            # The first press only lets the letter stand that is being chosen.
            return letter_key(context, replace(state, text=text(state, context.language), key="", taps=0), SPACE)
    done = text(state, context.language)
    new = letters_of(intent.text) or ("" if done else typed_word(intent.text))
    if not new:
        # A word that is no letter was meant otherwise: nothing is added, what stands is said again.
        return Transition(context, (prompt(context, "talk.not_understood"),))
    return Transition(context.stay(Letters((done + new)[:LONGEST])))


SPACE = "1"
"""The key that lets a letter stand and then makes a space."""


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})
"""Intents about a list entry; among letters there is none."""


def is_intended(intent: Intent) -> bool:
    """Whether an intent said among letters is meant as one: more than letters, and more than a word to look for."""
    if spells(intent.text) or letter_command(intent.text):
        return False
    if intent.name in ABOUT_A_BOOK:
        return False
    return intent.name != IntentName.SEARCH or len(intent.text.split()) > 1


FEATURE = Feature(
    everywhere={IntentName.SPELL: spell},
    states=(
        for_state(
            Letters,
            {IntentName.LETTERS_DONE: search, IntentName.NO: erased, "*": said},
            content=keyed,
            keys=letter_key,
            leaves_for=is_intended,
        ),
    ),
    anywhere={IntentName.SPELL_SEARCH: begin},
    costs={IntentName.SPELL: Cost.HARMLESS},
)

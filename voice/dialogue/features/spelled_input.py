"""Words letter by letter: keyed by repeated taps, spelled by voice with example words, and read out in the same way."""

from __future__ import annotations

from dataclasses import replace

from voice.dialogue.context import DialogueContext
from voice.dialogue.entry import LONGEST, command, current, erase, keyed, letters_of, spells, text, typed_word
from voice.dialogue.feature import Feature
from voice.dialogue.phrasing import prompt
from voice.dialogue.record_phrasing import spelled
from voice.dialogue.states import Letters, RecordDetail, ResultList, Spelt, Start, Street
from voice.dialogue.turn import Control, Transition
from voice.values.intents import Intent, IntentName


def spell(state: DialogueContext, intent: Intent) -> Transition:
    """Spell what was last said; where nothing is on the table, begin to key or spell a search."""
    stage = state.stage
    match stage:
        case Start():
            return begin(state, intent)
        case RecordDetail():
            record = stage.record
            names = [name for name in (record.title, record.author) if name]
            lines = tuple(replace(spelled(name, record.language), record=stage.n) for name in names)
            return Transition(state, lines, question=True)
        case ResultList():
            n = stage.first
            record = stage.items[n]
            return Transition(state, (replace(spelled(record.title, record.language), record=n),), question=True)
    lines = tuple(replace(line, spelled=True) for line in state.said)
    return Transition(state, lines or (prompt(state, "talk.nothing_to_spell"),), quiet=bool(lines))


def begin(state: DialogueContext, intent: Intent) -> Transition:
    """Begin to key or spell a search."""
    return Transition(state.go(Letters()))


def pressed(state: DialogueContext, key: str) -> Transition:
    """One key of letter entry."""
    stage = state.stage
    assert isinstance(stage, Spelt)
    if len(stage.text) >= LONGEST and key not in "*#0":
        return Transition(state, (prompt(state, "identity.too_many_letters", count=LONGEST),), quiet=True)
    match key:
        case "0":
            return Transition(state, then=Intent(IntentName.PERSON, {}, state.language))
        case "#":
            return Transition(state, then=Intent(IntentName.LETTERS_DONE, {}, state.language))
        case "*":
            return erase(state)
        case "1":
            done = text(stage, state.language)
            kept = state.stay(replace(stage, text=done if stage.key else f"{done} ".lstrip(), key="", taps=0))
            return Transition(kept, quiet=True, controls=frozenset({Control.TICK}))
    again = key == stage.key
    done = stage.text if again else text(stage, state.language)
    chosen = replace(stage, text=done, key=key, taps=stage.taps + 1 if again else 1)
    return Transition(state.stay(chosen), (spelled(current(chosen, state.language), state.language),), quiet=True)


def erased(state: DialogueContext, intent: Intent) -> Transition:
    """No: the last letter was heard or keyed wrongly."""
    return erase(state)


def search(state: DialogueContext, intent: Intent) -> Transition:
    """`#`: look for what was keyed."""
    stage = state.stage
    assert isinstance(stage, Letters)
    words = " ".join(text(stage, state.language).split())
    if not words:
        return Transition(state)
    return Transition(state.leave(), then=Intent(IntentName.SEARCH, {"words": words}, state.language, words))


def said(state: DialogueContext, intent: Intent) -> Transition:
    """Letters said one after another, with or without example words; yes searches."""
    stage = state.stage
    assert isinstance(stage, Letters)
    if intent.name == IntentName.YES:
        return search(state, intent)
    match command(intent.text):
        case "erase":
            return erase(state)
        case "search":
            return search(state, intent)
        case "space":
            return pressed(pressed(state, SPACE).state, SPACE) if stage.key else pressed(state, SPACE)
    done = text(stage, state.language)
    new = letters_of(intent.text) or ("" if done else typed_word(intent.text))
    if not new:
        # A word that is no letter was meant otherwise: nothing is added, what stands is said again.
        return Transition(state, (prompt(state, "talk.not_understood"),))
    return Transition(state.stay(Letters((done + new)[:LONGEST])))


SPACE = "1"
"""The key that lets a letter stand and then makes a space."""


ABOUT_A_BOOK = frozenset({IntentName.SELECT, IntentName.MORE, IntentName.AVAILABILITY, IntentName.READ_ON})
"""Intents about a list entry; among letters there is none."""


def is_intended(intent: Intent) -> bool:
    """Whether an intent said among letters is meant as one: more than letters, and more than a word to look for."""
    if spells(intent.text) or command(intent.text):
        return False
    if intent.name in ABOUT_A_BOOK:
        return False
    return intent.name != IntentName.SEARCH or len(intent.text.split()) > 1


FEATURE = Feature(
    everywhere={IntentName.SPELL: spell},
    states={Letters: {IntentName.LETTERS_DONE: search, IntentName.NO: erased, "*": said}},
    anywhere={IntentName.SPELL_SEARCH: begin},
    content={Letters: keyed},
    keys={Letters: pressed, Street: pressed},
    leaves_for={Letters: is_intended},
)

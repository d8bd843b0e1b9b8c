"""How the reader wants to be answered: rate, volume, length, language, Braille. Remembered only with consent."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from catalogue_client.records import Language, Preferences
from voice.conversation.asks import Ask, SavePreferences
from voice.conversation.events import Answer
from voice.conversation.move import Move
from voice.conversation.paging import choice
from voice.conversation.prompts import LANGUAGES
from voice.conversation.stages import Confirm, Doubt, Goodbye, Languages
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent

USUAL_RATE = 170
"""Words a minute until the reader says otherwise."""
RATES = (80, 450)
USUAL_VOLUME = 100
VOLUMES = (10, 200)
STEP = 1.2
"""One "faster" or "louder"."""


def rate(state: State, intent: Intent) -> Move:
    """faster and slower; the last answer follows at the new rate when it was too fast."""
    now = state.preferences.rate or USUAL_RATE
    wanted = round(now * STEP) if intent.name == "faster" else round(now / STEP)
    new = min(max(wanted, RATES[0]), RATES[1])
    if new == now:
        return Move(state, (tell(state, f"manner.{intent.name}_end"),), question=True, aside=True)
    state = replace(state, preferences=replace(state.preferences, rate=new))
    said = (tell(state, f"manner.{intent.name}"),)
    return Move(state, said + (state.said if intent.name == "slower" else ()), quiet=True, aside=True)


def volume(state: State, intent: Intent) -> Move:
    """louder and quieter."""
    now = state.preferences.volume or USUAL_VOLUME
    wanted = round(now * STEP) if intent.name == "louder" else round(now / STEP)
    new = min(max(wanted, VOLUMES[0]), VOLUMES[1])
    if new == now:
        return Move(state, (tell(state, f"manner.{intent.name}_end"),), question=True, aside=True)
    state = replace(state, preferences=replace(state.preferences, volume=new))
    return Move(state, (tell(state, f"manner.{intent.name}"),), quiet=True, aside=True)


def language(state: State, intent: Intent) -> Move:
    """Change the language; without one, or with one we do not speak, offer ours."""
    wanted = intent.slots.get("language")
    if wanted not in LANGUAGES:
        say = (tell(state, "manner.unknown_language"),) if wanted else ()
        return Move(state if isinstance(state.stage, Languages) else state.go(Languages()), say)
    if isinstance(state.stage, Languages):
        state = state.leave()
    preferences = replace(state.preferences, language=cast("Language", wanted))
    state = replace(state, language=str(wanted), preferences=preferences, spoke=True)
    return Move(state, (tell(state, "manner.language_changed"),))


def choose_language(state: State, intent: Intent) -> Move:
    stage = state.stage
    assert isinstance(stage, Languages)
    n = choice(state, intent)
    if isinstance(n, Move) or n is None:
        return n or Move(state)
    return language(state, Intent("language", {"language": stage.items[n]}, state.language))


def length(state: State, intent: Intent) -> Move:
    """Short or long answers."""
    state = replace(state, preferences=replace(state.preferences, brief=intent.name == "brief"))
    return Move(state, (tell(state, f"manner.{intent.name}"),))


def capitals(state: State, intent: Intent) -> Move:
    """Show capital signs in Braille, or leave them out."""
    state = replace(state, preferences=replace(state.preferences, capitals=not state.preferences.capitals))
    return Move(
        state,
        (tell(state, "manner.capitals_on" if state.preferences.capitals else "manner.capitals_off"),),
        question=True,
    )


def grade(state: State, intent: Intent) -> Move:
    """English Braille contracted or not."""
    contracted = state.preferences.grade == 2
    state = replace(state, preferences=replace(state.preferences, grade=1 if contracted else 2))
    return Move(state, (tell(state, "manner.grade_1" if contracted else "manner.grade_2"),), question=True)


def remember(state: State, intent: Intent) -> Move:
    """Ask for consent; nothing is kept without it."""
    assert state.reader
    ask = SavePreferences(state.reader.ticket, state.preferences)
    return Move(replace(state, asked_to_remember=True).go(Confirm(ask)))


def remembered(state: State, ask: Ask, answer: Answer) -> Move:
    assert isinstance(ask, SavePreferences)
    if state.reader:
        state = replace(state, reader=replace(state.reader, preferences=ask.preferences))
    if isinstance(state.stage, Goodbye):
        return Move(state, (tell(state, "manner.remembered"),), then=Intent("goodbye", {}, state.language))
    return Move(state, (tell(state, "manner.remembered"),), question=True)


def worth_remembering(state: State) -> bool:
    """Something was changed, the reader is known and has not been asked."""
    kept = state.reader.preferences if state.reader else Preferences()
    return bool(state.reader) and not state.asked_to_remember and state.preferences != kept


def recording(state: State, intent: Intent) -> Move:
    """Recording for the better of the recogniser: off until the reader agrees, off again at a word."""
    if state.recording:
        return recording_off(state, intent)
    return Move(state.go(Doubt(Intent("recording_agreed", {}, state.language), "recording")))


def recording_off(state: State, intent: Intent) -> Move:
    """Consent is withdrawn, or was never given: nothing is recorded from now on."""
    return Move(replace(state, recording=False), (tell(state, "manner.recording_off"),), question=True)


def recording_agreed(state: State, intent: Intent) -> Move:
    return Move(replace(state, recording=True), (tell(state, "manner.recording_on"),), question=True)

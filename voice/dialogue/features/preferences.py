"""How the reader wants to be answered: rate, volume, length, language, Braille. Remembered only with consent."""

from __future__ import annotations

from dataclasses import replace

from languages.codes import LANGUAGES
from voice.dialogue.commands import Answer, AnyCommand, SavePreferences
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On
from voice.dialogue.lists import choice, options
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, Doubt, Goodbye, LanguageList
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

USUAL_RATE = 170
"""Words a minute until the reader says otherwise."""
RATES = (80, 450)
USUAL_VOLUME = 100
VOLUMES = (10, 200)
STEP = 1.2
"""One "faster" or "louder"."""


def rate(state: DialogueContext, intent: Intent) -> Transition:
    """faster and slower; the last answer follows at the new rate when it was too fast."""
    now = state.preferences.rate or USUAL_RATE
    wanted = round(now * STEP) if intent.name == IntentName.FASTER else round(now / STEP)
    new = min(max(wanted, RATES[0]), RATES[1])
    if new == now:
        return Transition(state, (prompt(state, f"manner.{intent.name}_end"),), question=True, aside=True)
    state = replace(state, preferences=replace(state.preferences, rate=new))
    said = (prompt(state, f"manner.{intent.name}"),)
    return Transition(state, said + (state.said if intent.name == IntentName.SLOWER else ()), quiet=True, aside=True)


def volume(state: DialogueContext, intent: Intent) -> Transition:
    """louder and quieter."""
    now = state.preferences.volume or USUAL_VOLUME
    wanted = round(now * STEP) if intent.name == IntentName.LOUDER else round(now / STEP)
    new = min(max(wanted, VOLUMES[0]), VOLUMES[1])
    if new == now:
        return Transition(state, (prompt(state, f"manner.{intent.name}_end"),), question=True, aside=True)
    state = replace(state, preferences=replace(state.preferences, volume=new))
    return Transition(state, (prompt(state, f"manner.{intent.name}"),), quiet=True, aside=True)


def language(state: DialogueContext, intent: Intent) -> Transition:
    """Change the language; without one, or with one we do not speak, offer ours."""
    wanted = intent.slots.get("language")
    if wanted not in LANGUAGES:
        say = (prompt(state, "manner.unknown_language"),) if wanted else ()
        return Transition(state if isinstance(state.stage, LanguageList) else state.go(LanguageList()), say)
    if isinstance(state.stage, LanguageList):
        state = state.leave()
    preferences = replace(state.preferences, language=wanted)
    state = replace(state, language=str(wanted), preferences=preferences, spoke=True)
    return Transition(state, (prompt(state, "manner.language_changed"),))


def choose_language(state: DialogueContext, intent: Intent) -> Transition:
    """Speak the language with this number."""
    stage = state.stage
    assert isinstance(stage, LanguageList)
    n = choice(state, intent)
    if isinstance(n, Transition) or n is None:
        return n or Transition(state)
    return language(state, Intent(IntentName.LANGUAGE, {"language": stage.items[n]}, state.language))


def length(state: DialogueContext, intent: Intent) -> Transition:
    """Short or long answers."""
    state = replace(state, preferences=replace(state.preferences, brief=intent.name == IntentName.BRIEF))
    return Transition(state, (prompt(state, f"manner.{intent.name}"),))


def capitals(state: DialogueContext, intent: Intent) -> Transition:
    """Show capital signs in Braille, or leave them out."""
    state = replace(state, preferences=replace(state.preferences, capitals=not state.preferences.capitals))
    return Transition(
        state,
        (prompt(state, "manner.capitals_on" if state.preferences.capitals else "manner.capitals_off"),),
        question=True,
    )


def grade(state: DialogueContext, intent: Intent) -> Transition:
    """English Braille contracted or not."""
    contracted = state.preferences.grade == 2
    state = replace(state, preferences=replace(state.preferences, grade=1 if contracted else 2))
    return Transition(state, (prompt(state, "manner.grade_1" if contracted else "manner.grade_2"),), question=True)


def remember(state: DialogueContext, intent: Intent) -> Transition:
    """Ask for consent; nothing is kept without it."""
    assert state.reader
    ask = SavePreferences(state.reader.ticket, state.preferences)
    return Transition(replace(state, asked_to_remember=True).go(Confirm(ask)))


def remembered(state: DialogueContext, ask: AnyCommand, answer: Answer) -> Transition:
    """The preferences are kept; who was about to leave leaves."""
    assert isinstance(ask, SavePreferences)
    if state.reader:
        state = replace(state, reader=replace(state.reader, preferences=ask.preferences))
    if isinstance(state.stage, Goodbye):
        return Transition(
            state, (prompt(state, "manner.remembered"),), then=Intent(IntentName.GOODBYE, {}, state.language)
        )
    return Transition(state, (prompt(state, "manner.remembered"),), question=True)


def not_remembered(state: DialogueContext, event: Failed, sentence: Line) -> Transition | None:
    """Who was about to leave leaves."""
    if isinstance(state.stage, Goodbye):
        return Transition(state, (sentence,), then=Intent(IntentName.GOODBYE, {}, state.language))
    return None


def recording(state: DialogueContext, intent: Intent) -> Transition:
    """Recording for the better of the recogniser: off until the reader agrees, off again at a word."""
    if state.recording:
        return recording_off(state, intent)
    return Transition(state.go(Doubt(Intent(IntentName.RECORDING_AGREED, {}, state.language), "recording")))


def recording_off(state: DialogueContext, intent: Intent) -> Transition:
    """Consent is withdrawn, or was never given: nothing is recorded from now on."""
    return Transition(replace(state, recording=False), (prompt(state, "manner.recording_off"),), question=True)


def recording_agreed(state: DialogueContext, intent: Intent) -> Transition:
    """Record from now on."""
    return Transition(replace(state, recording=True), (prompt(state, "manner.recording_on"),), question=True)


def offered(state: DialogueContext) -> tuple[Line, ...]:
    """The languages, each in itself, before its key."""
    return options(state, "speaks.{}")


FEATURE = Feature(
    everywhere={
        IntentName.LANGUAGE: language,
        IntentName.SLOWER: rate,
        IntentName.FASTER: rate,
        IntentName.LOUDER: volume,
        IntentName.QUIETER: volume,
        IntentName.BRIEF: length,
        IntentName.FULL: length,
        IntentName.CAPITALS: capitals,
        IntentName.GRADE: grade,
        IntentName.REMEMBER: On(remember, needs_reader=True),
        IntentName.RECORDING: recording,
        IntentName.RECORDING_OFF: recording_off,
    },
    states={
        LanguageList: {
            IntentName.SELECT: choose_language,
            IntentName.DIGITS: choose_language,
            IntentName.NO: back,
        }
    },
    anywhere={IntentName.RECORDING_AGREED: recording_agreed},
    content={LanguageList: offered},
    answers={SavePreferences: remembered},
    failures={SavePreferences: not_remembered},
)

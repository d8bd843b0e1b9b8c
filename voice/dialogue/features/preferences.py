"""How the reader wants to be answered: rate, volume, length, language, Braille. Remembered only with consent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from languages.codes import LANGUAGES
from voice.dialogue.commands import SavePreferences
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import ChoiceList, DialogueState
from voice.dialogue.events import Failed
from voice.dialogue.feature import Feature, On, answer_to, failure_of, for_state, nothing
from voice.dialogue.lists import choice, options
from voice.dialogue.navigation import back
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm, Doubt, Goodbye
from voice.dialogue.turn import Transition
from voice.values.change_policy import Cost
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent, IntentName
from voice.values.lines import Line

USUAL_RATE = 170
"""Words a minute until the reader says otherwise."""
RATES = (80, 450)
USUAL_VOLUME = 100
VOLUMES = (10, 200)
STEP = 1.2
"""One "faster" or "louder"."""


@dataclass(frozen=True, slots=True)
class LanguageList(ChoiceList[str]):
    """The languages, offered under numbers, each in itself."""

    name = "languages"
    expects = ExpectedInput.NUMBER
    kept = False
    over_results = True
    items: tuple[str, ...] = LANGUAGES


def rate(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """faster and slower; the last answer follows at the new rate when it was too fast."""
    now = context.preferences.rate or USUAL_RATE
    wanted = round(now * STEP) if intent.name == IntentName.FASTER else round(now / STEP)
    new = min(max(wanted, RATES[0]), RATES[1])
    if new == now:
        return Transition(context, (prompt(context, f"manner.{intent.name}_end"),), question=True, aside=True)
    context = replace(context, preferences=replace(context.preferences, rate=new))
    said = (prompt(context, f"manner.{intent.name}"),)
    return Transition(
        context, said + (context.said if intent.name == IntentName.SLOWER else ()), quiet=True, aside=True
    )


def volume(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """louder and quieter."""
    now = context.preferences.volume or USUAL_VOLUME
    wanted = round(now * STEP) if intent.name == IntentName.LOUDER else round(now / STEP)
    new = min(max(wanted, VOLUMES[0]), VOLUMES[1])
    if new == now:
        return Transition(context, (prompt(context, f"manner.{intent.name}_end"),), question=True, aside=True)
    context = replace(context, preferences=replace(context.preferences, volume=new))
    return Transition(context, (prompt(context, f"manner.{intent.name}"),), quiet=True, aside=True)


def language(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Change the language; without one, or with one we do not speak, offer ours."""
    wanted = intent.slots.get("language")
    if wanted not in LANGUAGES:
        say = (prompt(context, "manner.unknown_language"),) if wanted else ()
        return Transition(context if isinstance(state, LanguageList) else context.go(LanguageList()), say)
    if isinstance(state, LanguageList):
        context = context.leave()
    preferences = replace(context.preferences, language=wanted)
    context = replace(context, language=str(wanted), preferences=preferences, spoke=True)
    return Transition(context, (prompt(context, "manner.language_changed"),))


def choose_language(context: DialogueContext, state: LanguageList, intent: Intent) -> Transition:
    """Speak the language with this number."""
    n = choice(context, state, intent)
    if isinstance(n, Transition) or n is None:
        return n or Transition(context)
    return language(context, state, Intent(IntentName.LANGUAGE, {"language": state.items[n]}, context.language))


def length(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Short or long answers."""
    context = replace(context, preferences=replace(context.preferences, brief=intent.name == IntentName.BRIEF))
    return Transition(context, (prompt(context, f"manner.{intent.name}"),))


def capitals(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Show capital signs in Braille, or leave them out."""
    context = replace(context, preferences=replace(context.preferences, capitals=not context.preferences.capitals))
    return Transition(
        context,
        (prompt(context, "manner.capitals_on" if context.preferences.capitals else "manner.capitals_off"),),
        question=True,
    )


def grade(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """English Braille contracted or not."""
    contracted = context.preferences.grade == 2
    context = replace(context, preferences=replace(context.preferences, grade=1 if contracted else 2))
    return Transition(context, (prompt(context, "manner.grade_1" if contracted else "manner.grade_2"),), question=True)


def remember(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Ask for consent; nothing is kept without it."""
    assert context.reader
    command = SavePreferences(context.reader.ticket, context.preferences)
    return Transition(replace(context, asked_to_remember=True).go(Confirm(command)))


def remembered(context: DialogueContext, command: SavePreferences, answer: None) -> Transition:
    """The preferences are kept; who was about to leave leaves."""
    if context.reader:
        context = replace(context, reader=replace(context.reader, preferences=command.preferences))
    if isinstance(context.state, Goodbye):
        return Transition(
            context, (prompt(context, "manner.remembered"),), then=Intent(IntentName.GOODBYE, {}, context.language)
        )
    return Transition(context, (prompt(context, "manner.remembered"),), question=True)


def not_remembered(
    context: DialogueContext, command: SavePreferences, event: Failed, sentence: Line
) -> Transition | None:
    """Who was about to leave leaves."""
    if isinstance(context.state, Goodbye):
        return Transition(context, (sentence,), then=Intent(IntentName.GOODBYE, {}, context.language))
    return None


def recording(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Recording for the better of the recogniser: off until the reader agrees, off again at a word."""
    if context.recording:
        return recording_off(context, state, intent)
    return Transition(context.go(Doubt(Intent(IntentName.RECORDING_AGREED, {}, context.language), "recording")))


def recording_off(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Consent is withdrawn, or was never given: nothing is recorded from now on."""
    return Transition(replace(context, recording=False), (prompt(context, "manner.recording_off"),), question=True)


def recording_agreed(context: DialogueContext, state: DialogueState, intent: Intent) -> Transition:
    """Record from now on."""
    return Transition(replace(context, recording=True), (prompt(context, "manner.recording_on"),), question=True)


def offered(context: DialogueContext, state: LanguageList) -> tuple[Line, ...]:
    """The languages, each in itself, before its key."""
    return options(context, state, "speaks.{}")


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
    states=(
        for_state(
            LanguageList,
            {
                IntentName.SELECT: choose_language,
                IntentName.DIGITS: choose_language,
                IntentName.NO: back,
            },
            content=offered,
        ),
    ),
    anywhere={IntentName.RECORDING_AGREED: recording_agreed},
    answers=(answer_to(SavePreferences, nothing, remembered),),
    failures=(failure_of(SavePreferences, not_remembered),),
    costs={
        **dict.fromkeys(
            (
                IntentName.LANGUAGE,
                IntentName.SLOWER,
                IntentName.FASTER,
                IntentName.LOUDER,
                IntentName.QUIETER,
                IntentName.BRIEF,
                IntentName.FULL,
                IntentName.CAPITALS,
                IntentName.GRADE,
                IntentName.REMEMBER,
            ),
            Cost.SETTING,
        ),
        **dict.fromkeys(
            (
                IntentName.RECORDING,
                IntentName.RECORDING_AGREED,
            ),
            Cost.ENDING,
        ),
    },
)

"""What turn-taking has to know of an utterance: how sure its meaning is, and whether Dauys hears itself. Pure.

What is done about it, and whether Dauys is speaking at all, is decided in voice/turntaking/machine.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from voice.assistant.dialogue_session import Understood
from voice.dialogue.confirmation import breaks_in, is_unheard
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.registry import cost_of
from voice.synthesis.own_words import own_words
from voice.turntaking.timing import load_timing
from voice.turntaking.turn_events import Meaning, MeaningKind
from voice.values.lines import Line
from voice.values.refusals import RefusalReason
from voice.values.utterances import Utterance

INTENT_KINDS = {"digits": MeaningKind.NUMBER, "select": MeaningKind.NUMBER, "greeting": MeaningKind.GREETING}
"""Intents that turn-taking distinguishes from others."""


def meaning(
    utterance: Utterance, understood: Understood, context: DialogueContext, spoken_over: Iterable[Line]
) -> Meaning:
    """Return what `utterance` came to. `spoken_over` are the lines that sounded when it began."""
    return Meaning(_kind(utterance, understood, context, spoken_over), understood.language)


def _kind(
    utterance: Utterance, understood: Understood, context: DialogueContext, spoken_over: Iterable[Line]
) -> MeaningKind:
    event = understood.event
    if not utterance.hypotheses:
        return MeaningKind.NOTHING
    if own_words(understood.text, spoken_over):
        return MeaningKind.OWN_WORDS
    if isinstance(event, NotUnderstood | Unsure | TurnedDown) and is_unheard(event):
        return MeaningKind.UNHEARD
    if isinstance(event, TurnedDown) and event.over_speech and event.reason is RefusalReason.OTHER:
        return MeaningKind.DOUBTFUL  # talk in the room: no reason to fall silent
    if not isinstance(event, Said):
        return MeaningKind.WORDS
    short = utterance.speech_ms < load_timing().coughed_word_ms
    if event.over_speech and not breaks_in(event, cost_of(context, event.intent.name), short=short):
        return MeaningKind.DOUBTFUL
    return INTENT_KINDS.get(event.intent.name, MeaningKind.INTENT)

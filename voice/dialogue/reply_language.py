"""In which language the reader is answered."""

from __future__ import annotations

from dataclasses import replace

from languages.codes import LANGUAGES
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Said
from voice.values.change_policy import MIN_LANGUAGE_CONFIDENCE
from voice.values.intents import IntentName

BORROWED = frozenset(
    {
        IntentName.YES,
        IntentName.NO,
        IntentName.DIGITS,
        IntentName.SELECT,
        IntentName.STOP,
        IntentName.NEXT,
        IntentName.REPEAT,
    }
)
"""Intents whose words are borrowed from one language into another; they do not change the language of the answers."""
MIN_WORDS_TO_SWITCH_LANGUAGE = 3
"""Words that outweigh the language which the reader has set."""


def listening(context: DialogueContext, event: Said) -> DialogueContext:
    """Answer in the language of the last whole utterance; the reader's setting wins when in doubt."""
    intent = event.intent
    if intent.language not in LANGUAGES or intent.language == context.language or intent.name in BORROWED:
        return context
    if not any(character.isalpha() for character in intent.text):
        return context
    certain = event.confidence is None or event.confidence >= MIN_LANGUAGE_CONFIDENCE
    decided = len(intent.text.split()) >= MIN_WORDS_TO_SWITCH_LANGUAGE
    if not certain or (context.preferences.language is not None and not decided):
        return context
    return replace(context, language=intent.language, spoke=True)

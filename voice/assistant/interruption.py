"""Whether what was heard is nothing that was said to Dauys: a cough, a door, other people, its own voice. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from voice.assistant.dialogue_session import Understood
from voice.dialogue.confirmation import breaks_in, is_unheard
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import NotUnderstood, Said
from voice.dialogue.turn import ExpectedInput
from voice.synthesis.own_words import own_words
from voice.values.lines import Line
from voice.values.utterances import Utterance

COUGH_MS = 500
"""Shorter sounds without words are no try to say something, but for a yes or no that was not caught."""
COUGHED_WORD_MS = 400
"""What breaks into Dauys's speech, is shorter and has no sure meaning for it is a cough which was heard as a word …"""
NUMBERS = ("digits", "select")
"""… and so is an English number where nobody speaks English: "eight" is what the models hear in coughs."""


def is_cough(
    utterance: Utterance, understood: Understood, state: DialogueContext, *, speaking: bool, spoken_over: Iterable[Line]
) -> bool:
    """Whether `utterance` is to be passed over. `speaking`: Dauys has not said everything yet; `spoken_over` are the
    lines that sounded when the utterance began."""
    expects = state.stage.expects
    if not utterance.hypotheses:
        return speaking or (utterance.speech_ms < COUGH_MS and expects is not ExpectedInput.CONFIRMATION)
    if not speaking:
        return False
    if own_words(understood.text, spoken_over):
        return True
    short, event = utterance.speech_ms < COUGHED_WORD_MS, understood.event
    if isinstance(event, Said):
        foreign = understood.language == "en" != state.language
        number = short and foreign and event.intent.name in NUMBERS
        return number or not breaks_in(state, event, short=short)
    if isinstance(event, NotUnderstood) and is_unheard(event):
        return True
    return short and expects is not ExpectedInput.LETTERS

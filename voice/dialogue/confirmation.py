"""The confirmation policy: how sure words must be before something is done, by what it costs to have misheard them.

confirmation.toml says which intent costs what. All confidences are those of voice/values/utterances.py, 0 to 1; typed
words and keys have none and are certain. The thresholds were chosen on 205 clips of espeak-ng voices that never
trained the models: utterances of tests/voice/nlu/corpus, titles said alone, answers, digits and talk not meant for a
library, by telephone, clean and in noise at 10 dB. Of the clean requests 5 of 85 that were heard right lie below the
floor; of the wrong ones in noise 21 of 35, and of other talk that was taken for a request 20 of 23. Commands said
clearly came at 0.79 and more, the surest wrong setting at 0.36, the unsurest clear yes at 0.26. `scripts/bench
mishearing` measures what a change brings.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from voice.dialogue import commands
from voice.dialogue.commands import AnyCommand
from voice.dialogue.context import DialogueContext, Undo
from voice.dialogue.events import NotUnderstood, Said, TurnedDown, Unsure
from voice.dialogue.no_match import not_heard
from voice.dialogue.phrasing import prompt
from voice.dialogue.reading_room import reading_commands
from voice.dialogue.states import Confirm, Doubt
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName

MIN_HEARD_CONFIDENCE = 0.05
"""Below this nothing is acted upon, asked about or searched for."""
MIN_YES_CONFIDENCE = 0.2
"""A yes to a read-back or a question counts from here on; below, the question is asked again."""
MIN_COMMAND_CONFIDENCE = 0.4
"""Below this an intent that leads somewhere is asked about."""
MIN_SETTING_CONFIDENCE = 0.4
"""Below this a change of how answers sound or read is asked about."""
MIN_ENDING_CONFIDENCE = 0.5
"""Below this what ends, takes back or agrees to something is asked about."""
MIN_BARGE_IN_CONFIDENCE = 0.6
"""While Dauys itself speaks, what ends, takes back, confirms or changes something counts from here on, and so does a
short word whatever it would do: echoes of its own lines at -12 to -30 dB are mostly heard as short words."""
MIN_HARMLESS_BARGE_IN_CONFIDENCE = 0.2
"""While Dauys itself speaks, a longer utterance that costs nothing counts from here on."""
MIN_READ_BACK_SCORE = 0.8
"""Words of which a smaller share makes a request (Intent.score) are not read back: the question would be nonsense."""


@cache
def _costs() -> Mapping[str, frozenset[str]]:
    text = (files("voice.dialogue") / "confirmation.toml").read_text(encoding="utf-8")
    return {name: frozenset(names) for name, names in tomllib.loads(text).items()}


LEAST_CONFIDENCE = {
    "confirming": MIN_YES_CONFIDENCE,
    "ending": MIN_ENDING_CONFIDENCE,
    "setting": MIN_SETTING_CONFIDENCE,
    "harmless": MIN_HEARD_CONFIDENCE,
    "leads": MIN_COMMAND_CONFIDENCE,
}
"""Class of an intent's cost -> the confidence from which on it is acted upon without a question."""


def class_of(context: DialogueContext, name: str) -> str:
    """Return the class of what it costs here to take the intent `name` when nobody meant it."""
    costs = _costs()
    if _confirms(context, name):
        return "confirming"
    if name in costs["endings"] or (name == IntentName.NO and context.name in costs["no_ends_at"]):
        return "ending"
    if name in costs["settings"]:
        return "setting"
    return "harmless" if name in costs["harmless"] else "leads"


def least_confidence(context: DialogueContext, name: str) -> float:
    """The confidence from which on the intent `name` is acted upon here without a question."""
    return LEAST_CONFIDENCE[class_of(context, name)]


def _confirms(context: DialogueContext, name: str) -> bool:
    return name == IntentName.YES and isinstance(context.state, Confirm | Doubt)


def doubt(context: DialogueContext, event: Said) -> Transition | None:
    """What is done instead of obeying, when the words were too unclear for that; None when they were clear enough."""
    name, confidence = event.intent.name, event.confidence
    least = (
        MIN_BARGE_IN_CONFIDENCE if event.over_speech and _confirms(context, name) else least_confidence(context, name)
    )
    if confidence is None or confidence >= least:
        return None
    if is_unheard(event):
        return not_heard(context)
    here = replace(context, misses=0, silences=0, grace=0)
    if isinstance(context.state, Confirm) or _confirms(context, name):
        # What was misheard must not cost the question that waits.
        return Transition(here, (prompt(here, "confirm.again"),), question=True)
    if name in (IntentName.YES, IntentName.NO) or event.intent.score < MIN_READ_BACK_SCORE:
        return not_heard(context)
    asked = Doubt(event.intent)
    return Transition(here.stay(asked) if isinstance(context.state, Doubt) else here.go(asked))


def is_unheard(event: Said | Unsure | TurnedDown | NotUnderstood) -> bool:
    """Whether the words are too unclear for anything at all."""
    return event.confidence is not None and event.confidence < MIN_HEARD_CONFIDENCE


def breaks_in(context: DialogueContext, event: Said, *, short: bool) -> bool:
    """Whether words that came while Dauys itself was speaking are sure enough for what they would do.

    An unsure yes is let through, to be asked for again: that is quicker than to wait for the end of a read-back.
    What is not may be its own echo, or somebody else in the room. `short`: they took less time than a sentence would.
    """
    if event.confidence is None:
        return True
    if _confirms(context, event.intent.name):
        return event.confidence >= MIN_YES_CONFIDENCE
    harmless = least_confidence(context, event.intent.name) == MIN_HEARD_CONFIDENCE
    least = MIN_HARMLESS_BARGE_IN_CONFIDENCE if harmless and not short else MIN_BARGE_IN_CONFIDENCE
    return event.confidence >= least


def meant(context: DialogueContext, state: Doubt, intent: Intent) -> Transition:
    """Yes, that was meant."""
    return Transition(context.leave(), then=state.intent)


def declined(context: DialogueContext, state: Doubt, intent: Intent) -> Transition:
    """No: back to where the reader was."""
    return Transition(context.leave(), question=True)


def undo_read_back(context: DialogueContext, undo: Undo) -> Confirm:
    """The read-back of what is to be taken back."""
    return Confirm(undo.command, undo.titles, used_holds=undo.used_holds, position=undo.position)


AGREES: Mapping[type[AnyCommand], frozenset[str]] = {
    commands.PlaceHold: frozenset({IntentName.RESERVE}),
    commands.CancelHold: frozenset({IntentName.CANCEL, IntentName.UNDO}),
    commands.CancelDelivery: frozenset({IntentName.CANCEL, IntentName.UNDO}),
    commands.Renew: frozenset({IntentName.RENEW}),
    commands.RenewAll: frozenset({IntentName.RENEW, IntentName.RENEW_ALL}),
    commands.BookDelivery: frozenset({IntentName.DELIVER}),
    commands.BookCollection: frozenset({IntentName.RETURN_PICKUP}),
    commands.Register: frozenset({IntentName.REGISTER}),
    commands.SetAddress: frozenset({IntentName.ADDRESS, IntentName.NEW_ADDRESS}),
    commands.SavePreferences: frozenset({IntentName.REMEMBER}),
    reading_commands.AllowPlaces: frozenset({IntentName.KEEP_PLACE}),
    reading_commands.ForgetPlaces: frozenset({IntentName.FORGET_PLACES}),
}
"""Intents that name what a read-back asks about: said after a yes, they are that yes."""


AMENDS = frozenset(
    {
        IntentName.ADD,
        IntentName.CHANGE,
        IntentName.LATER,
        IntentName.NOTE,
        IntentName.SOMEONE_ELSE,
        IntentName.TAKE_OUT,
        IntentName.WHEN,
    }
)
"""Intents that change what a read-back is about: after a yes, as in "yes, but on Friday", they are no yes yet."""


def judged(state: Confirm, intent: Intent) -> Intent:
    """What an intent means to a pending read-back: `yes` when it was said after a yes, names what is asked about and
    nothing else (no other book, no place); `half_yes` when it does one without the other; else the intent itself."""
    if intent.name in AMENDS:
        return intent
    agrees = intent.name in AGREES[type(state.command)] and not intent.slots
    if agrees or intent.agreed:
        return replace(intent, name=IntentName.YES if agrees and intent.agreed else IntentName.HALF_YES)
    return intent


def half_yes(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """Yes to something else, or the verb without the yes: neither changes anything, and it is asked again."""
    return Transition(context, (prompt(context, "confirm.only_yes"),), question=True)


def yes(context: DialogueContext, state: Confirm, intent: Intent) -> Transition:
    """The only way to a change. The confirmation is left at once, so that a second yes books nothing."""
    begun = None if context.begun and context.begun.request == state.request else context.begun
    return Transition(replace(context.leave(), begun=begun), command=state.command)

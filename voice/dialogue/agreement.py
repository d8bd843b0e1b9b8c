"""Which intents agree with a pending read-back: "yes, renew it" is a yes where a renewal is read back, only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voice.dialogue import commands
from voice.dialogue.commands import Command
from voice.dialogue.context import DialogueContext
from voice.dialogue.phrasing import prompt
from voice.dialogue.states import Confirm
from voice.dialogue.transition import Transition
from voice.values.intents import Intent, IntentName

AGREES: Mapping[type[Command], frozenset[str]] = {
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
}
"""Wishes that name what a read-back asks about: said after a yes, they are that yes."""


def judged(stage: Confirm, intent: Intent) -> Intent:
    """What a wish means to a pending read-back: `yes` when it was said after a yes, names what is asked about and
    nothing else (no other book, no place); `half_yes` when it does one without the other; else the wish itself."""
    agrees = intent.name in AGREES[type(stage.ask)] and not intent.slots
    if agrees or intent.agreed:
        return replace(intent, name=IntentName.YES if agrees and intent.agreed else IntentName.HALF_YES)
    return intent


def half_yes(state: DialogueContext, intent: Intent) -> Transition:
    """Yes to something else, or the verb without the yes: neither changes anything, and it is asked again."""
    return Transition(state, (prompt(state, "confirm.only_yes"),), question=True)

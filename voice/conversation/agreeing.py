"""Which wishes agree with a pending read-back: "yes, renew it" is a yes where a renewal is read back, nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voice.conversation import asks
from voice.conversation.asks import Ask
from voice.conversation.move import Move
from voice.conversation.stages import Confirm
from voice.conversation.state import State
from voice.conversation.telling import tell
from voice.understanding.intent import Intent

AGREES: Mapping[type[Ask], frozenset[str]] = {
    asks.PlaceHold: frozenset({"reserve"}),
    asks.CancelHold: frozenset({"cancel", "undo"}),
    asks.CancelDelivery: frozenset({"cancel", "undo"}),
    asks.Renew: frozenset({"renew"}),
    asks.RenewAll: frozenset({"renew", "renew_all"}),
    asks.BookDelivery: frozenset({"deliver"}),
    asks.BookCollection: frozenset({"return_pickup"}),
    asks.Register: frozenset({"register"}),
    asks.SetAddress: frozenset({"address", "new_address"}),
    asks.SavePreferences: frozenset({"remember"}),
}
"""Wishes that name what a read-back asks about: said after a yes, they are that yes."""


def judged(stage: Confirm, intent: Intent) -> Intent:
    """What a wish means to a pending read-back: `yes` when it was said after a yes, names what is asked about and
    nothing else (no other book, no place); `half_yes` when it does one without the other; else the wish itself."""
    agrees = intent.name in AGREES[type(stage.ask)] and not intent.slots
    if agrees or intent.agreed:
        return replace(intent, name="yes" if agrees and intent.agreed else "half_yes")
    return intent


def half_yes(state: State, intent: Intent) -> Move:
    """Yes to something else, or the verb without the yes: neither changes anything, and it is asked again."""
    return Move(state, (tell(state, "confirm.only_yes"),), question=True)

"""Which kind of booking a reader names who cancels one: no delivery is cancelled for who says "бронь"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from languages.tokens import fold, tokens
from voice.values.intents import Intent, IntentName

KINDS = {"hold": "naming_holds", "delivery": "naming_deliveries"}
"""Value of the slot `booked` -> the list of phrases/talk.toml with the beginnings of its words."""


class NamedBookings:
    """Knows the words for holds and for deliveries."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """`lists`: `naming_holds` and `naming_deliveries`, folded beginnings of words."""
        self._stems = {kind: tuple(lists[name]) for kind, name in KINDS.items()}

    def named(self, intent: Intent, text: str) -> Intent:
        """Return `intent`; to cancel or take back with the slot `booked` where `text` names one kind and not both."""
        if intent.name not in (IntentName.CANCEL, IntentName.UNDO):
            return intent
        keys = [fold(word) for word in tokens(text)]
        kinds = [kind for kind, stems in self._stems.items() if any(key.startswith(stems) for key in keys)]
        return replace(intent, slots={**intent.slots, "booked": kinds[0]}) if len(kinds) == 1 else intent

"""Gathers what the statistics of the staff site count, and gives it to the library now and then.

Nothing of it says who, on which line or at what hour. Phrases are noted only where an intent was expected, never where
a name, number or address was, and numbers in them are left out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from catalogue_client.errors import LibraryError
from catalogue_client.store.usage_counts import Usage
from languages.number_parsing import Numbers
from languages.tokens import tokens
from voice.assistant.dialogue_session import Exchange
from voice.dialogue.commands import HandOver, ListNewBooks, Search
from voice.dialogue.events import Began, NotUnderstood, TurnedDown
from voice.dialogue.turn import ExpectedInput
from voice.values.refusals import RefusalReason

log = logging.getLogger(__name__)

EVERY_S = 30.0
LONGEST_PHRASE = 12
"""Words; what is longer is talk that was overheard."""
MOST_PHRASES = 1000
"""Kept in memory at once."""


def was_missed(exchange: Exchange) -> bool:
    """Whether words came to nothing: those that are a title after all were understood in the end."""
    event = exchange.understood.event
    missed = isinstance(event, TurnedDown) and event.reason is RefusalReason.NOT_UNDERSTOOD
    return (missed or isinstance(event, NotUnderstood)) and exchange.context.misses > 0


class UsageRecorder:
    """One for the process. `numbers` finds spoken numbers; without it no phrases are noted."""

    def __init__(self, usage: Usage, numbers: Numbers | None) -> None:
        self._usage = usage
        self._numbers = numbers
        self._counts: Counter[str] = Counter()
        self._missed: Counter[tuple[str, str]] = Counter()

    def exchanged(self, exchange: Exchange) -> None:
        """Count one exchange of any conversation."""
        if not exchange.turns:
            return
        event = exchange.understood.event
        asks = [turn.command for turn in exchange.turns]
        self._counts["conversations"] += isinstance(event, Began)
        self._counts["searches"] += any(isinstance(ask, Search | ListNewBooks) for ask in asks)
        self._counts["hand_overs"] += any(isinstance(ask, HandOver) for ask in asks)
        if isinstance(event, NotUnderstood | TurnedDown) and was_missed(exchange):
            self._counts["missed"] += 1
            self._note(event.text, exchange)

    async def flush(self) -> None:
        """Give everything to the library. What cannot be given now is kept for the next time."""
        counts, missed = +self._counts, self._missed
        if not counts and not missed:
            return
        self._counts, self._missed = Counter(), Counter()
        try:
            await self._usage.add(counts, missed)
        except LibraryError as error:
            log.warning("the statistics have to wait: %s", error)
            self._counts += counts
            self._missed += missed

    async def keep(self) -> None:
        """Flush now and then until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.flush()
        finally:
            await self.flush()

    def _note(self, text: str, exchange: Exchange) -> None:
        words = tokens(text)
        if self._numbers is None or exchange.expects is not ExpectedInput.SPEECH:
            return
        if not 0 < len(words) <= LONGEST_PHRASE or len(self._missed) >= MOST_PHRASES:
            return
        for number in reversed([*self._numbers.all(words)]):
            words[number.start : number.end] = ["…"]
        self._missed[" ".join(words), exchange.context.language] += 1

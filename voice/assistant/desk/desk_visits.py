"""Visits at a Braille desk, one after another: nobody reads what the reader before was shown.

A visit begins with a key or a touch. It ends with goodbye, after an idle time that the display announces a minute
before, when the display is away for longer than a lost cable takes to come back or another one is there, and with the
key of a new reader. Then the account is closed, what was under way is brought to its end, and the display is wiped.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from braille import Wrap
from catalogue_client.values.accounts import Preferences
from devices import Connected, Disconnected, DisplayEvent, DisplaySession
from voice.assistant.braille_rendering import layout
from voice.assistant.desk.braille_session import BrailleSession, VisitEnd
from voice.dialogue.prompts import compose

log = logging.getLogger(__name__)

FAREWELL_S = 10.0
"""Seconds that goodbye stays on the display, unless a key is pressed."""


@dataclass(frozen=True, slots=True)
class DeskManner:
    """What is set for a desk and is no reader's own."""

    language: str = "kk"
    wrap: Wrap = Wrap.WORDS


class DeskVisits:
    """All visits at one display. `begin` makes the conversation of a new one."""

    def __init__(
        self, display: DisplaySession, begin: Callable[[], BrailleSession], manner: DeskManner | None = None
    ) -> None:
        self._display = display
        self._begin = begin
        self._manner = manner or DeskManner()

    async def run(self) -> None:
        """One reader after another, for ever."""
        while True:
            first = await self._touched()
            visit = self._begin()
            try:
                end = await visit.run(first)
            except Exception:
                # The desk is for the next reader all the same; her conversation knows nothing of this one.
                log.exception("a visit was broken off")
                continue
            except asyncio.CancelledError:
                self._display.forget()
                raise
            log.info("a visit has ended: %s", end)
            if end is VisitEnd.GOODBYE:
                await self._farewell()

    async def _touched(self) -> DisplayEvent:
        """Wipe the display, invite, and return the key that begins a visit."""
        self._display.forget()
        line = compose(self._manner.language, "desk.welcome", False)
        self._display.show(layout((line,), Preferences(), self._manner.wrap))
        self._display.rest()
        while isinstance(event := await self._display.next_event(), Connected | Disconnected):
            pass
        self._display.take()
        return event

    async def _farewell(self) -> None:
        """Let the last words be read; a key ends that, and is not yet the next reader's."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._display.next_event(), FAREWELL_S)

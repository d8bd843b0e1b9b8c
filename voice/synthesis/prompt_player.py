"""What one reader hears, one answer after the other: lines made into speech, earcons between them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing

from catalogue_client.values.accounts import Preferences
from voice.synthesis.earcons import earcon
from voice.synthesis.own_words import LinesPlaying
from voice.synthesis.playout import Playout
from voice.synthesis.speaker import Speaker
from voice.synthesis.voices import Prosody
from voice.values.errors import cause_of
from voice.values.lines import Line

log = logging.getLogger(__name__)

SPEECH = "speech"
"""What is counted when an answer breaks off beneath the speaker, which itself does not fail with its voices."""


class PromptPlayer:
    """Belongs to one call and one event loop; `next_frame` is the call's FrameSource."""

    def __init__(
        self,
        speaker: Speaker,
        rate_hz: int,
        changed: Callable[[], None],
        *,
        count: Callable[[str], None] = lambda kind: None,
    ) -> None:
        """`changed` is called when there is something to play, when it has been played, and when all of an answer has
        been made into speech. It may come from a thread of the sound card, and must not block. `count` counts SPEECH.
        """
        self._speaker = speaker
        self._rate_hz = rate_hz
        self._changed = changed
        self._count = count
        self._lines = LinesPlaying()
        self._playout = Playout(rate_hz, changed)
        self._saying: asyncio.Task[None] | None = None
        self.next_frame = self._playout.next_frame
        self.pause = self._playout.pause
        self.resume = self._playout.resume

    @property
    def is_speaking(self) -> bool:
        """There is something left to play, paused or not."""
        return self._playout.is_speaking

    @property
    def is_paused(self) -> bool:
        """What there is to play waits while the reader speaks."""
        return self._playout.is_paused

    @property
    def is_making(self) -> bool:
        """Some of an answer is still to be made into speech."""
        return self._saying is not None and not self._saying.done()

    @property
    def lines_playing(self) -> tuple[Line, ...]:
        """The line that sounds now and the one before it, whose echo may still be on its way; none in silence."""
        return self._lines.at(self._playout.current)

    def say(self, lines: Sequence[Line], preferences: Preferences, begins: Callable[[float], None]) -> None:
        """Say `lines` after what is being said. `begins` gets the moment at which each of their frames is due on the
        line, in seconds of the monotonic clock, when that frame has been made. What cannot be said is an earcon."""
        before, self._saying = self._saying, None
        self._saying = asyncio.create_task(self._say(lines, preferences, begins, before))
        self._saying.add_done_callback(lambda _: self._changed())

    def earcon(self, name: str) -> None:
        """Append an earcon."""
        self._playout.add(earcon(name, self._rate_hz))

    def flush(self) -> None:
        """Fall silent with the next frame, forget what is left and make no more of it; a pause is over."""
        self._stop_saying()
        self._playout.flush()

    def drop(self) -> None:
        """Forget what is left and make no more of it; a pause stays one."""
        self._stop_saying()
        self._playout.forget()

    async def _say(
        self,
        lines: Sequence[Line],
        preferences: Preferences,
        begins: Callable[[float], None],
        before: asyncio.Task[None] | None,
    ) -> None:
        if before:
            await asyncio.wait([before])
        try:
            await self._playout.say(self._frames(lines, self._speaker.settings_for(preferences)), begins)
        except Exception as error:
            log.error("an answer could not be spoken: %s", cause_of(error))
            self._count(SPEECH)
            self.earcon("sorry")

    async def _frames(self, lines: Sequence[Line], prosody: Prosody) -> AsyncIterator[bytes]:
        for line in lines:
            self._playout.mark(self._lines.begin(line))
            async with aclosing(self._speaker.render((line,), prosody, self._rate_hz)) as frames:
                async for pcm in frames:
                    yield pcm

    def _stop_saying(self) -> None:
        if self._saying and not self._saying.done():
            self._saying.cancel()
        self._saying = None

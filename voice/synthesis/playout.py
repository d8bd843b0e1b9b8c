"""What is being played to one reader: always a frame every 20 ms, silence when there is nothing to say."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterable, Callable

from voice.values.audio import FRAME_MS

FRAME_S = FRAME_MS / 1000
AHEAD = 100
"""Frames that `say` keeps ready: what is synthesised further ahead is wasted when the reader interrupts."""
REPEAT = 20
"""Frames played again on `resume`, so that no word is lost to the interruption."""


class Playout:
    """A queue of frames which the channel's clock empties. `next_frame` is the channel's FrameSource."""

    def __init__(self, rate_hz: int, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called when speaking begins or has been played to its end, not when it is flushed or forgotten;
        at the end from the thread that takes the frames. It must not block."""
        self._changed = changed
        self._silence = bytes(rate_hz * 2 * FRAME_MS // 1000)
        self._queue: deque[tuple[bytes, int | None]] = deque()
        self._played: deque[tuple[bytes, int | None]] = deque(maxlen=REPEAT)
        self._mark: int | None = None
        self._pulled_at = time.monotonic()
        self.is_paused = False
        self.current: int | None = None
        """The mark of the frame that was played last; None in silence."""

    @property
    def is_speaking(self) -> bool:
        """There is something left to say, paused or not."""
        return bool(self._queue)

    def next_frame(self) -> bytes:
        """The next 20 ms at the call's rate. Never blocks; safe to call from a thread of the sound card."""
        self._pulled_at = time.monotonic()
        if self.is_paused or not self._queue:
            self.current = None
            if not self.is_paused:
                self._played.clear()
            return self._silence
        try:
            frame, self.current = self._queue.popleft()
        except IndexError:  # flushed in between by the other thread
            return self._silence
        self._played.append((frame, self.current))
        if not self._queue:
            self._changed()
        return frame

    def due(self) -> float:
        """Return the second of the monotonic clock at which a frame added now will be taken."""
        return max(time.monotonic(), self._pulled_at + FRAME_S * (len(self._queue) + 1))

    def mark(self, mark: int | None) -> None:
        """Frames added from now on belong to this line, a number of the caller's choosing."""
        self._mark = mark

    def add(self, pcm: bytes) -> None:
        """Append audio of any length at the call's rate; its last frame is filled up with silence."""
        size = len(self._silence)
        was_speaking = self.is_speaking
        for start in range(0, len(pcm), size):
            self._queue.append((pcm[start : start + size].ljust(size, b"\0"), self._mark))
        if self.is_speaking and not was_speaking:
            self._changed()

    async def say(self, audio: AsyncIterable[bytes], begun: Callable[[float], None] = lambda due: None) -> None:
        """Append audio as it is made, never more than two seconds ahead of the reader. `begun` gets the time at which
        each piece is due, as `due` gives it, when that piece is really there."""
        async for pcm in audio:
            begun(self.due())
            self.add(pcm)
            while len(self._queue) > AHEAD:
                await asyncio.sleep(FRAME_S * AHEAD / 2)

    def pause(self) -> None:
        """Fall silent with the next frame, but remember what was being said."""
        self.is_paused = True

    def resume(self) -> None:
        """Go on after a false interruption, a little before the place where it broke off."""
        if self.is_paused and self._queue:
            self._queue.extendleft(reversed(self._played))
            self._played.clear()
        self.is_paused = False

    def flush(self) -> None:
        """Fall silent with the next frame and forget the rest."""
        self.forget()
        self.is_paused = False

    def forget(self) -> None:
        """Forget what is left to say; a pause stays one."""
        self._queue.clear()
        self._played.clear()

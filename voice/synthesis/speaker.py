"""Lines to audio: each stretch in its own language's voice, normalised, in frames of 20 ms, and never nothing.

A stretch that cannot be spoken is tried once more, plainly and by another voice where there is one; after that a short
sound stands for it, so that the reader knows that something was there.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import replace

from catalogue_client.values.accounts import Preferences
from voice.synthesis.earcons import earcon
from voice.synthesis.errors import NoVoice
from voice.synthesis.language_segments import Segment, segments
from voice.synthesis.normaliser import plainly
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, Voice, Voices, load_substitutes, load_voices
from voice.values.audio import FRAME_MS
from voice.values.errors import cause_of
from voice.values.lines import Line

log = logging.getLogger(__name__)

OTHER_VOICE, EARCON = "other_voice", "earcon"
"""What is counted when a voice fails: it was said otherwise, or a sound stands for it."""
MOST_UNSPOKEN = 2
"""Stretches in a row without a voice after which the rest is left out: nothing will come of it."""


class Speaker:
    """Speaks lines for any number of readers at once."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        voices: Voices | None = None,
        defaults: Prosody | None = None,
        *,
        count: Callable[[str], None] = lambda kind: None,
    ) -> None:
        """`count` counts everything that could not be said at the first try: OTHER_VOICE or EARCON."""
        self._count = count
        self._shipped = load_voices()
        self._substitutes = load_substitutes()
        self._synthesiser = synthesiser
        self._voices = voices or load_voices()
        self._defaults = defaults or Prosody()

    def settings_for(self, preferences: Preferences) -> Prosody:
        """Return the prosody for a reader: what she chose, else what this place speaks with."""
        return replace(
            self._defaults,
            rate=preferences.rate or self._defaults.rate,
            volume=preferences.volume or self._defaults.volume,
        )

    async def warm_up(self) -> None:
        """Speak a word in every language for nobody, so that the first reader does not wait for it."""
        for voice in self._voices.values():
            async for _ in self._synthesiser.stream("а", voice, self._defaults, 8000):
                pass

    async def render(self, lines: Iterable[Line], prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        """Frames of exactly 20 ms of PCM at `rate_hz` (8000 or 16000), the first within a few ms.

        The next stretch is synthesised only when the one before it has been taken. Does not fail with its voices.
        """
        frame = rate_hz * 2 * FRAME_MS // 1000
        rest = b""
        unspoken = 0
        for segment in segments(lines, prosody.rate):
            spoken = False
            async with aclosing(self._speech(segment, prosody, rate_hz)) as blocks:
                async for block in blocks:
                    spoken = True
                    rest += block
                    while len(rest) >= frame:
                        yield rest[:frame]
                        rest = rest[frame:]
            unspoken = 0 if spoken else unspoken + 1
            if unspoken == 1:
                self._count(EARCON)
                rest += earcon("sorry", rate_hz)
            rest += bytes(2 * (rate_hz * segment.pause_ms // 1000))
            while len(rest) >= frame:
                yield rest[:frame]
                rest = rest[frame:]
            if unspoken == MOST_UNSPOKEN:
                break
        if rest:
            yield rest.ljust(frame, b"\0")

    async def _speech(self, segment: Segment, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        """The audio of one stretch; nothing when no voice can say it."""
        voice = self._voices.get(segment.language) or self._voices["en"]
        text: str = segment.text
        for is_last in (False, True):
            try:
                async with aclosing(self._synthesiser.stream(text, voice, prosody, rate_hz)) as blocks:
                    async for block in blocks:
                        yield block
                return
            except (
                Exception
            ) as error:  # whatever a native engine or its driver raises, the reader is not left in silence
                log.error("%s could not speak: %s", voice.name, cause_of(error))
                if is_last:
                    return
                self._count(OTHER_VOICE)
                text = plainly(segment.text)
                voice = self._other_voice(voice, segment.language, error)

    def _other_voice(self, voice: Voice, language: str, error: Exception) -> Voice:
        """Who tries after `voice`: the shipped voice of the language, and where that is missing another language's.
        The same voice when it is only this text that it cannot speak."""
        shipped = self._shipped.get(language) or self._shipped["en"]
        if voice == shipped and isinstance(error, NoVoice):
            return self._shipped[self._substitutes.get(language, "en")]
        return shipped

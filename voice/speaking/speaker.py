"""Lines to audio: each stretch in its own language's voice, normalised, in frames of 20 ms."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace

from catalogue_client.records import Preferences
from voice.channels.call import FRAME_MS
from voice.conversation.lines import Line
from voice.speaking.segments import segments
from voice.speaking.synthesiser import Synthesiser
from voice.speaking.voices import Prosody, Voices, load_voices


class Speaker:
    """Speaks lines for any number of readers at once."""

    def __init__(self, synthesiser: Synthesiser, voices: Voices | None = None, defaults: Prosody | None = None) -> None:
        self._synthesiser = synthesiser
        self._voices = voices or load_voices()
        self._defaults = defaults or Prosody()

    def settings_for(self, preferences: Preferences) -> Prosody:
        """The prosody for a reader: what she wished, else what this place speaks with."""
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

        The next stretch is synthesised only when the one before it has been taken. Raises NoVoice, SynthesisFailed.
        """
        frame = rate_hz * 2 * FRAME_MS // 1000
        rest = b""
        for segment in segments(lines, prosody.rate):
            voice = self._voices.get(segment.language) or self._voices["en"]
            async with aclosing(self._synthesiser.stream(segment.text, voice, prosody, rate_hz)) as blocks:
                async for block in blocks:
                    rest += block
                    while len(rest) >= frame:
                        yield rest[:frame]
                        rest = rest[frame:]
            rest += bytes(2 * (rate_hz * segment.pause_ms // 1000))
            while len(rest) >= frame:
                yield rest[:frame]
                rest = rest[frame:]
        if rest:
            yield rest.ljust(frame, b"\0")

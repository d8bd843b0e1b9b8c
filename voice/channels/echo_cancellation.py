"""WebRTC's echo canceller (AEC3), which takes what was sent out of what comes back."""

from __future__ import annotations

from aec_audio_processing import AudioProcessor

from voice.values.audio import FRAME_MS

BLOCK_MS = 10
"""The canceller's own block."""


class EchoCanceller:
    """One line or room. 20 ms at a time; some 0.7 per cent of a core, and 5 ms to make one.

    It finds the delay out itself, up to half a second. Where nothing comes back it takes the reader for an echo as long
    as something is sent: it may only be asked where there is an echo.
    """

    def __init__(self, rate_hz: int, *, delay_ms: int = 0, without_noise: bool = False) -> None:
        """`delay_ms` is a first guess; `without_noise` takes steady noise away too."""
        self._block = rate_hz * 2 * BLOCK_MS // 1000
        self._processor = AudioProcessor(
            enable_aec=True, enable_ns=without_noise, ns_level=1, enable_agc=False, enable_vad=False
        )
        self._processor.set_stream_format(rate_hz, 1, rate_hz, 1)
        self._processor.set_reverse_stream_format(rate_hz, 1)
        self._processor.set_stream_delay(delay_ms)

    def played(self, frame: bytes) -> None:
        """This frame has been sent."""
        for at in range(0, FRAME_MS // BLOCK_MS * self._block, self._block):
            self._processor.process_reverse_stream(frame[at : at + self._block])

    def clean(self, frame: bytes) -> bytes:
        """The frame that came in, without what came back; 11 ms late."""
        blocks = range(0, FRAME_MS // BLOCK_MS * self._block, self._block)
        return b"".join(bytes(self._processor.process_stream(frame[at : at + self._block])) for at in blocks)

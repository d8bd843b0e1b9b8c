"""Is this frame speech? WebRTC's detector, and a level well above the noise of the line.

The detector alone holds on for some 100 ms after speech, and takes a tapped microphone for speech; the level alone
takes every noise for it. Chosen by measurement: docs/decisions.md.
"""

from __future__ import annotations

import numpy as np
import webrtcvad

AGGRESSIVENESS = 2
"""0 to 3: how readily webrtcvad calls a frame noise."""
ABOVE_FLOOR_DB = 9.0
"""A frame is speech only this much louder than the background."""
BELOW_PEAK_DB = 30.0
"""… and no more than this much quieter than the loudest speech of late: the tail of a word, and its echo in a room."""
LEAST_DB = -58.0
"""Below this nothing is speech. dB of full scale."""
FLOOR_RISES_DB, PEAK_FALLS_DB = 0.12, 0.25
"""How fast the background level and the speech level are forgotten, per frame of 20 ms."""


class VoiceActivity:
    """Follows one line. Frames of 20 ms of PCM at 8000 or 16000 Hz."""

    def __init__(self, rate_hz: int) -> None:
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._rate_hz = rate_hz
        self._floor_db = LEAST_DB
        self._peak_db = LEAST_DB

    def is_speech(self, frame: bytes) -> bool:
        """Whether this frame is speech; call it for every frame in order."""
        level_db = level(frame)
        self._floor_db = min(level_db, self._floor_db + FLOOR_RISES_DB)
        self._floor_db = max(self._floor_db, LEAST_DB - ABOVE_FLOOR_DB)
        loud = level_db > max(self._floor_db + ABOVE_FLOOR_DB, self._peak_db - BELOW_PEAK_DB, LEAST_DB)
        speech = loud and self._detector.is_speech(frame, self._rate_hz)
        self._peak_db = max(level_db if speech else LEAST_DB, self._peak_db - PEAK_FALLS_DB)
        return bool(speech)


def level(frame: bytes) -> float:
    """Level of a frame in dB of full scale; -96 for digital silence."""
    samples = np.frombuffer(frame, dtype="<i2").astype(np.float32)
    mean_square = float(np.mean(samples * samples)) if samples.size else 0.0
    return 10.0 * float(np.log10(max(mean_square, 0.27) / 32768.0**2))

"""Is this frame speech? WebRTC's detector, and a level well above what the line sounds like without it.

The detector alone holds on for some 100 ms after speech and takes a train or a room full of people for speech; the
level alone takes every knock for it. Chosen by measurement: `scripts/bench activity`.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import webrtcvad

AGGRESSIVENESS = 2
"""0 to 3: how readily webrtcvad calls a frame noise."""
BACKGROUND_FRAMES = 200
"""The background is judged by the last 4 s: a train's roar swells and falls in three …"""
BACKGROUND_SHARE = 0.35
"""… by the level that this share of their frames does not reach."""
SPEECH_COUNTS = 4
"""Only every so many frames of speech count for the background: a long sentence must not become it, a train must."""
SETTLING_FRAMES = 25
"""All count at the start of a call …"""
QUIET_FRAMES = 6
"""… which is taken to have been quiet before, so that a reader who speaks at once is heard."""
BEGIN_DB, GO_ON_DB = 8.0, 6.0
"""How far above the background speech begins, and how far it stays."""
BELOW_PEAK_DB = 28.0
"""Speech is no more than this much quieter than the loudest of late: what is left is echo and breath."""
PEAK_FALLS_DB = 0.2
"""How fast the loudest is forgotten, per frame."""
NOISY_DB = 18.0
"""A background that is less than this below the loudest of late is loud: weak syllables drown in it."""
LEAST_DB = -56.0
"""Below this nothing is speech. dB of full scale."""


class VoiceActivityDetector:
    """Follows one line. Frames of 20 ms of PCM at 8000 or 16000 Hz."""

    def __init__(self, rate_hz: int) -> None:
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._rate_hz = rate_hz
        self._levels = deque([LEAST_DB - BEGIN_DB] * QUIET_FRAMES, maxlen=BACKGROUND_FRAMES)
        self._background_db = LEAST_DB - BEGIN_DB
        self._peak_db = LEAST_DB
        self._speech = False
        self._frames = 0

    @property
    def is_noisy(self) -> bool:
        """The background is so loud beside the speech of late that parts of it are missed."""
        return self._background_db > LEAST_DB and self._peak_db - self._background_db < NOISY_DB

    def is_speech(self, frame: bytes) -> bool:
        """Whether this frame is speech; call it for every frame in order."""
        level_db = level(frame)
        self._frames += 1
        if not self._speech or self._frames % SPEECH_COUNTS == 0 or len(self._levels) < QUIET_FRAMES + SETTLING_FRAMES:
            self._levels.append(level_db)
        background_db = self._background_db = sorted(self._levels)[int(len(self._levels) * BACKGROUND_SHARE)]
        above = GO_ON_DB if self._speech else BEGIN_DB
        loud = level_db > max(background_db + above, self._peak_db - BELOW_PEAK_DB, LEAST_DB)
        # The detector must see every frame, loud or not: it too learns the background.
        self._speech = bool(self._detector.is_speech(frame, self._rate_hz)) and loud
        self._peak_db = max(level_db if self._speech else LEAST_DB, self._peak_db - PEAK_FALLS_DB)
        return self._speech


def level(frame: bytes) -> float:
    """Level of a frame in dB of full scale; -96 for digital silence."""
    samples = np.frombuffer(frame, dtype="<i2").astype(np.float32)
    mean_square = float(np.dot(samples, samples)) / samples.size if samples.size else 0.0
    return 10.0 * float(np.log10(max(mean_square, 0.27) / 32768.0**2))

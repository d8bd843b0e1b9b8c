"""What a telephone line brings, as the reader said it: without what Dauys itself says, without hum, loud enough.

Most lines with two wires return what is sent (a hybrid, a loudspeaker), and a service that hears itself obeys itself.
But a canceller on a line that returns nothing takes a reader who talks over Dauys for an echo. So it listens only while
an echo has been found or may still be found, and sleeps where the line has proved to return nothing.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

import numpy as np

from voice.channels.automatic_gain import MOST_DB, AutomaticGain
from voice.channels.echo_cancellation import EchoCanceller
from voice.channels.echo_detection import DOUBTFUL, SPOKEN_DB, SURE, EchoDetector, Look, level_db
from voice.channels.high_pass import HighPass
from voice.values.audio import FRAME_MS

PROOF_LOOKS = 4
"""Looks of 200 ms, while Dauys speaks, after which a new line that has returned nothing is a line without echo …"""
AGAIN_LOOKS = 25
"""… and those after which a line is one again."""
LEAST_ECHO_DB = -44.0
"""What comes back more quietly is no speech to any ear, and too little for the canceller to go by."""
UNHEARD_DB = -58.0
"""Below this nothing is speech to the ear."""
AUDIBLE_DB = -60.0
"""While a line sleeps, what is quieter than this is not looked at."""
TALKS_DB = -6.0
"""An echo is at least 6 dB quieter than what was sent (ITU-T G.131): what is louder is the reader."""
TALKS_FRAMES = 20
"""Frames, 400 ms, of what was sent that it is compared with."""
MOST_AHEAD = 10
"""Frames, 200 ms, that may have been sent before the frame is here that they are compared with."""
SLACK = 1
"""Frames by which what was sent is ahead: an echo is 20 ms old when it comes, since the peer fills a packet first."""
STEADY_FRAMES = 50
"""In a second the network brings a frame in time; what always waits longer was never sent by the peer."""
WAITS_FRAMES = 4
"""Frames that wait at most for what is sent at their time."""
SILENT_DB = -96.0

log = logging.getLogger(__name__)


class LineState(Enum):
    """How it stands with a line."""

    NEW = auto()
    """Nobody knows yet; the canceller is on."""
    ECHO = auto()
    """It returns what is sent; the canceller is on."""
    CLEAR = auto()
    """It returns nothing; the canceller sleeps."""


class Canceller(Protocol):
    """See `EchoCanceller`."""

    def played(self, frame: bytes) -> None:
        """This frame has been sent."""

    def clean(self, frame: bytes) -> bytes:
        """The frame that came in, without what came back."""


class LineCleaning:
    """One line, frames of 20 ms both ways. It never fails: what cannot be cleaned passes as it came."""

    def __init__(
        self, rate_hz: int, heard: Callable[[bytes], None], canceller: Callable[[int], Canceller] = EchoCanceller
    ) -> None:
        """`heard` gets every frame that came, in order, as the reader said it."""
        self.line = LineState.NEW
        self._rate_hz = rate_hz
        self._heard = heard
        self._silence = bytes(rate_hz * 2 * FRAME_MS // 1000)
        self._make = canceller
        self._canceller: Canceller | None = None
        self._detector = EchoDetector(rate_hz)
        self._high_pass = HighPass(rate_hz)
        self._gain = AutomaticGain()
        self._sent: deque[bytes] = deque()
        self._came: deque[bytes] = deque()
        self._ahead = self._behind = 0
        """Frames in a row with more waiting on one side than should."""
        self._mute = True
        """Nothing has come yet, or not for long."""
        self._sent_db: deque[float] = deque([SILENT_DB], maxlen=TALKS_FRAMES)
        self._looks_left = PROOF_LOOKS
        self._broken = False

    def played(self, frame: bytes) -> None:
        """This frame goes to the reader."""
        self._sent.append(frame)
        if len(self._sent) > MOST_AHEAD:
            self._sent.popleft()
            self._mute = True
        self._pair()
        self._behind = self._behind + 1 if self._came else 0
        if self._behind >= WAITS_FRAMES:
            self._release()

    def came(self, frame: bytes) -> None:
        """This frame has come. Where the network was fast it waits for what is sent at its time."""
        self._came.append(frame)
        self._pair()
        self._ahead = self._ahead + 1 if len(self._sent) > SLACK else 0
        if self._ahead >= STEADY_FRAMES:
            self._skip(len(self._sent) - SLACK)
        if len(self._came) > WAITS_FRAMES:
            self._release()

    def _pair(self) -> None:
        if self._mute and self._came:
            self._skip(len(self._sent) - SLACK - 1)
            self._sent.extendleft([self._silence] * (SLACK + 1 - len(self._sent)))
            self._mute = False
        while self._sent and self._came:
            self._heard(self._step(self._sent.popleft(), self._came.popleft()))

    def _release(self) -> None:
        """Nothing has been sent at the time of these frames: our own clock has left some out."""
        self._behind, self._canceller = 0, None
        while self._came:
            self._heard(self._step(self._silence, self._came.popleft()))

    def _skip(self, frames: int) -> None:
        """Nothing has come at the time of these frames: the peer was mute, or its clock is slower. A new canceller
        lets less through than one that has to learn another delay."""
        self._ahead, self._canceller = 0, None
        for _ in range(frames):
            self._sent.popleft()

    def _step(self, sent: bytes, came: bytes) -> bytes:
        if self._broken:
            return came
        try:
            samples = np.frombuffer(self._without_echo(sent, came), "<i2").astype(np.float64)
            samples = self._high_pass.feed(samples)
            samples = self._gain.feed(samples, self._most_gain_db(), learns=max(self._sent_db) < SPOKEN_DB)
            return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()
        except Exception:
            # A line with an echo is better than a dead one.
            log.exception("a line is no longer cleaned")
            self._broken = True
            return came

    def _most_gain_db(self) -> float:
        """While Dauys speaks, what is left of an echo must not be made loud."""
        speaking_db = max(self._sent_db)
        if speaking_db < SPOKEN_DB:
            return MOST_DB
        return UNHEARD_DB - LEAST_ECHO_DB - speaking_db if self.line is LineState.CLEAR else 0.0

    def _without_echo(self, sent: bytes, came: bytes) -> bytes:
        self._sent_db.append(level_db(np.frombuffer(sent, "<i2").astype(np.float32)))
        sleeping = self.line is LineState.CLEAR
        if look := self._detector.look(sent, came, audible_db=AUDIBLE_DB if sleeping else SILENT_DB):
            self._judge(look)
        if self.line is LineState.CLEAR:
            self._canceller = None
            return came
        if self._canceller is None:
            self._canceller = self._make(self._rate_hz)
        self._canceller.played(sent)
        cleaned = self._canceller.clean(came)
        return came if self.line is LineState.NEW and self._reader_talks(came) else cleaned

    def _reader_talks(self, came: bytes) -> bool:
        return level_db(np.frombuffer(came, "<i2").astype(np.float32)) > max(self._sent_db) + TALKS_DB

    def _judge(self, look: Look) -> None:
        if look.peak > SURE and look.echo_db > LEAST_ECHO_DB:
            self.line, self._looks_left = LineState.ECHO, AGAIN_LOOKS
        elif look.peak < DOUBTFUL or look.echo_db <= LEAST_ECHO_DB:
            self._looks_left -= 1
            if self._looks_left <= 0:
                self.line = LineState.CLEAR

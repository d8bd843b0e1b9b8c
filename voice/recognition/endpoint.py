"""When speech begins, pauses and ends: a state machine over frames, without audio and without a clock of its own.

    IDLE ──voiced──▶ MAYBE ──120 ms voiced──▶ SPEECH ──complete_ms of silence──▶ PAUSE ──trailing_ms──▶ IDLE
                       │                        ▲                                  │
                       └──160 ms silent──▶ IDLE └───────────── voiced ─────────────┘

Every frame is 20 ms; the caller feeds silence when the line sends nothing, so that counting frames is keeping time.
"""

from __future__ import annotations

from enum import Enum, auto

from voice.recognition.recognition_mode import Timing
from voice.values.audio import FRAME_MS

ONSET_FRAMES = 6
"""Voiced frames that make speech: 120 ms. A click or a cough's first burst is shorter."""
SHORT_FRAMES = 3
"""Voiced frames that may be a very short word, if the recogniser heard one: 60 ms."""
GIVE_UP_FRAMES = 8
"""Silent frames that end a beginning which never became speech: 160 ms."""
NOISY_GIVE_UP_FRAMES = 20
"""The same where noise hides syllables: the pieces of a word that stick out of it are further apart."""
RESUME_FRAMES = 2
"""Voiced frames in a row that end a pause; a single one is a crackle."""


class EndpointEvent(Enum):
    """What a frame has changed."""

    NOTHING = auto()
    BEGINS = auto()
    """Perhaps speech: start decoding, from a little before."""
    STARTED = auto()
    """It is speech."""
    DROPPED = auto()
    """It was nothing after all: forget what was decoded."""
    SHORT = auto()
    """Over already: something only if the recogniser heard a complete phrase."""
    PAUSED = auto()
    """Over if what was heard is complete."""
    RESUMED = auto()
    """The reader goes on after a pause."""
    ENDED = auto()
    """Over in any case."""


class _State(Enum):
    IDLE = auto()
    MAYBE = auto()
    SPEECH = auto()
    PAUSE = auto()


class Endpointer:
    """Follows one line. Call `end` when the caller decides that a pause was the end."""

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        """May be changed at any time."""
        self.noisy = False
        """Noise hides syllables: silence is less certain to be one. May be changed at any time."""
        self.end()

    def end(self) -> None:
        """Back to waiting for speech."""
        self._state = _State.IDLE
        self._voiced = self._silent = self._run = self._frames = 0

    @property
    def speech_ms(self) -> int:
        """Voiced time of the present utterance."""
        return self._voiced * FRAME_MS

    @property
    def silent_ms(self) -> int:
        """Silence since its last voiced frame."""
        return self._silent * FRAME_MS

    @property
    def elapsed_ms(self) -> int:
        """Time since its first voiced frame."""
        return self._frames * FRAME_MS

    def frame(self, voiced: bool) -> EndpointEvent:
        """Take one frame."""
        if self._state is _State.IDLE:
            if not voiced:
                return EndpointEvent.NOTHING
            self._state = _State.MAYBE
            self._voiced, self._silent, self._run, self._frames = 1, 0, 1, 1
            return EndpointEvent.BEGINS
        self._frames += 1
        self._run = self._run + 1 if voiced else 0
        self._voiced += voiced
        if self._run >= RESUME_FRAMES or (voiced and self._state is not _State.PAUSE):
            self._silent = 0
        else:
            self._silent += 1
        return self._maybe() if self._state is _State.MAYBE else self._speech()

    def _maybe(self) -> EndpointEvent:
        if self._voiced >= ONSET_FRAMES:
            self._state = _State.SPEECH
            return EndpointEvent.STARTED
        if self._silent < (NOISY_GIVE_UP_FRAMES if self.noisy else GIVE_UP_FRAMES):
            return EndpointEvent.NOTHING
        short = self._voiced >= SHORT_FRAMES
        if not short:
            self.end()
            return EndpointEvent.DROPPED
        self._state = _State.IDLE
        return EndpointEvent.SHORT

    def _speech(self) -> EndpointEvent:
        timing = self.timing
        trailing_ms, complete_ms = timing.trailing_ms, timing.complete_ms
        if self.noisy:
            trailing_ms, complete_ms = timing.noisy_ms, timing.noisy_complete_ms
        if self.elapsed_ms >= timing.longest_s * 1000 or self.silent_ms >= trailing_ms:
            return EndpointEvent.ENDED
        if self._state is _State.PAUSE and self._silent == 0:
            self._state = _State.SPEECH
            return EndpointEvent.RESUMED
        if self._state is _State.SPEECH and self.silent_ms >= complete_ms:
            self._state = _State.PAUSE
            return EndpointEvent.PAUSED
        return EndpointEvent.NOTHING

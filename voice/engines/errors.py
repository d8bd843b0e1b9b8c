"""What can go wrong with an engine in a process of its own. Whoever uses the engine turns it into an error of the room.

VoiceError            (voice/values/errors.py)
 └─ EngineError
     ├─ EngineDied    the process ended in the middle of the work: the engine aborted, or was killed
     ├─ EngineStuck   nothing came for so long that the process was ended, or no process was free in time
     ├─ EngineBusy    so much is waiting already that no more is taken
     └─ EngineFailed  the engine lives and refused the work; `kind` is the class of its own exception
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class EngineError(VoiceError):
    """Base of this package's errors."""


class EngineDied(EngineError):
    """The process ended in the middle of the work."""


class EngineStuck(EngineError):
    """Nothing came within the deadline."""


class EngineBusy(EngineError):
    """The queue is full."""


class EngineFailed(EngineError):
    """The engine raised; the process lives on."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        """Class name of the exception in the process."""

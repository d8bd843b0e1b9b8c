"""What can go wrong while listening.

HearingError
 ├─ NoModel         a folder holds no speech model that can be loaded; the message says which and what to do
 └─ DecodingFailed  a model failed with an utterance; the reader is asked again
"""

from __future__ import annotations

from voice.errors import VoiceError


class HearingError(VoiceError):
    """Base of this package's errors."""


class NoModel(HearingError):
    """A folder holds no speech model that can be loaded."""


class DecodingFailed(HearingError):
    """A model failed with an utterance."""

"""What can go wrong while listening.

VoiceError                (voice/values/errors.py)
 └─ RecognitionError
     ├─ NoModel           a folder holds no speech model that can be loaded; the message says which and what to do
     └─ DecodingFailed    a model failed with an utterance: the reader is asked again, as after words not understood
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class RecognitionError(VoiceError):
    """Base of this package's errors."""


class NoModel(RecognitionError):
    """A folder holds no speech model that can be loaded."""


class DecodingFailed(RecognitionError):
    """A model failed with an utterance."""

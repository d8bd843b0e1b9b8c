"""What can go wrong while speaking. It cannot be said by voice, so every message is for the person in charge.

VoiceError                (voice/values/errors.py)
 └─ SynthesisError
     ├─ NoVoice           the synthesiser or a voice is not installed; the message says what to install
     └─ SynthesisFailed   the synthesiser gave up on a text: another voice says it, else an earcon stands for it
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class SynthesisError(VoiceError):
    """Base of this package's errors."""


class NoVoice(SynthesisError):
    """The synthesiser or a voice is not installed."""


class SynthesisFailed(SynthesisError):
    """The synthesiser gave up on a text."""

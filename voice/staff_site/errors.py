"""What can go wrong at the staff site.

VoiceError
 └─ StaffError             the accounts or the key cannot be read or written, or an account is not as it must be
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class StaffError(VoiceError):
    """Its text says what is wrong and what to do next."""

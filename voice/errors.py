"""What can go wrong in the trunk. Every message is one sentence for the person at the command line.

VoiceError                something this program cannot go on with
 ├─ SettingsError         the settings file: names the key, the value, what is allowed, an example
 └─ AudioFileError        a sound file that cannot be read (voice/channels/recording.py)
"""

from __future__ import annotations


class VoiceError(Exception):
    """Base of this package's errors; its text says what is wrong and what to do next."""


class SettingsError(VoiceError):
    """The settings file says something that is not allowed."""

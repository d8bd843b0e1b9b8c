"""What can go wrong in the trunk. Every message is one sentence for the person at the command line.

VoiceError                something this program cannot go on with
 ├─ SettingsError         the settings file: names the key, the value, what is allowed, an example
 └─ AudioFileError        a sound file that cannot be read (voice/channels/audio_files.py)
"""

from __future__ import annotations

import traceback
from pathlib import PurePath

MOST_FRAMES = 4
"""Places named by `cause_of`, the innermost first."""


class VoiceError(Exception):
    """Base of this package's errors; its text says what is wrong and what to do next."""


class SettingsError(VoiceError):
    """The settings file says something that is not allowed."""


def cause_of(error: BaseException) -> str:
    """Class and places of an error, for the log. Its message is left out unless it is one of ours: that of a KeyError,
    say, holds what somebody said or keyed."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:])
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    text = f": {error}" if isinstance(error, VoiceError) else ""
    return f"{type(error).__name__}{text} ({places})"

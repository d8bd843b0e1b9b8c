"""What can go wrong while words are understood.

VoiceError                   (voice/values/errors.py)
 └─ IntentModelError         there is no learnt model to ask; the phrasebook goes on alone
     ├─ IntentModelMissing   no file is there
     ├─ IntentModelOutdated  the file is of another format version
     └─ IntentModelDamaged   the file is no model, or its checksum differs
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class IntentModelError(VoiceError):
    """There is no learnt model to ask; the phrasebook goes on alone."""


class IntentModelMissing(IntentModelError):
    """No file is there."""


class IntentModelOutdated(IntentModelError):
    """The file is of another format version."""


class IntentModelDamaged(IntentModelError):
    """The file is no model, or its checksum differs."""

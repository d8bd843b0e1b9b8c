"""What can go wrong on a telephone line.

VoiceError
 └─ LineError               the line cannot be opened or used; the message says what to do
     └─ BadMessage          something that is no SIP, SDP or RTP: answered or dropped, never fatal
"""

from __future__ import annotations

from voice.errors import VoiceError


class LineError(VoiceError):
    """The line cannot be opened or used."""


class BadMessage(LineError):
    """Something that came from the network and is not what it should be."""

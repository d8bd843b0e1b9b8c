"""What can go wrong on a telephone line.

ChannelError                    (voice/channels/errors.py)
 └─ LineError                   the line cannot be opened or used; the message says what to do
     └─ BadMessage              something that is no SIP, SDP or RTP: answered or dropped, never fatal
"""

from __future__ import annotations

from voice.channels.errors import ChannelError


class LineError(ChannelError):
    """The line cannot be opened or used."""


class BadMessage(LineError):
    """Something that came from the network and is not what it should be."""

"""What can go wrong on a telephone line.

ChannelError                    (voice/channels/errors.py)
 └─ LineError                   the line cannot be opened or used; the message says what to do
     ├─ NoDescriptors           the process may open nothing more
     └─ BadMessage              something that is no SIP, SDP or RTP: answered or dropped, never fatal
"""

from __future__ import annotations

from voice.channels.errors import ChannelError


class LineError(ChannelError):
    """The line cannot be opened or used."""


class NoDescriptors(LineError):
    """The process has as many files and sockets open as it may."""

    def __init__(self) -> None:
        super().__init__(
            "No more files and sockets may be opened, so no more calls are answered. Raise the limit of this process: "
            "LimitNOFILE in the unit, or `ulimit -n`."
        )


class BadMessage(LineError):
    """Something that came from the network and is not what it should be."""

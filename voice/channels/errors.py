"""What can go wrong on the way to a reader.

VoiceError
 └─ ChannelError                 a way to the reader cannot be opened; the message says what to do
     ├─ PortTaken                a port for an exchange cannot be listened on
     ├─ NoSound                  a station without a microphone or loudspeaker
     └─ LineError                a telephone line (voice/channels/sip/errors.py)
         └─ BadMessage           something that is no SIP, SDP or RTP
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class ChannelError(VoiceError):
    """A way to the reader cannot be opened."""


class PortTaken(ChannelError):
    """A port cannot be listened on."""

    def __init__(self, address: str, port: int, setting: str, reason: OSError) -> None:
        super().__init__(
            f"An exchange cannot be served on {address} port {port}: {reason.strerror or reason}. "
            f"Is Dauys running already? Else change {setting} in the settings."
        )


class NoSound(ChannelError):
    """A station has no microphone or no loudspeaker."""

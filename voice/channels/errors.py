"""What can go wrong on the way to a reader. Each message is the sentence for the person in charge.

VoiceError                      (voice/values/errors.py)
 └─ ChannelError                a way to the reader cannot be opened; the message says what to do
     ├─ PortTaken               "An exchange cannot be served on … port …: … Is Dauys running already? …"
     ├─ NoSound                 "The station has no sound: … Connect a microphone and a loudspeaker."
     └─ LineError               "No calls can be answered on … port …: … Else change telephone.port …"
         ├─ NoDescriptors       "No more files and sockets may be opened, so no more calls are answered. …"
         └─ BadMessage          what came is no SIP, SDP or RTP: answered or dropped, never fatal, and read by nobody

A caller hears none of them: a call that cannot be taken is refused with a SIP status before it is answered.
"""

from __future__ import annotations

from voice.values.errors import VoiceError


class ChannelError(VoiceError):
    """A way to the reader cannot be opened."""


class PortTaken(ChannelError):
    """A port cannot be listened on."""

    def __init__(self, address: str, port: int, setting: str, reason: OSError) -> None:
        """`setting` is the key of the settings that names the port."""
        super().__init__(
            f"An exchange cannot be served on {address} port {port}: {reason.strerror or reason}. "
            f"Is Dauys running already? Else change {setting} in the settings."
        )


class NoSound(ChannelError):
    """A station has no microphone or no loudspeaker."""


class LineError(ChannelError):
    """A telephone line cannot be opened or used."""


class NoDescriptors(LineError):
    """The process has as many files and sockets open as it may."""

    def __init__(self) -> None:
        super().__init__(
            "No more files and sockets may be opened, so no more calls are answered. Raise the limit of this process: "
            "LimitNOFILE in the unit, or `ulimit -n`."
        )


class BadMessage(LineError):
    """Something that came from the network and is not what it should be."""

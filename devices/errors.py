"""Everything that can go wrong with a Braille display, each with a sentence that says what to do next.

    DeviceError
     ├─ BrlttyMissing          BRLTTY is not installed
     ├─ BrlttyFailed           BRLTTY ended or never answered; holds the last lines it wrote
     ├─ ServerGone             nobody listens, or the connection broke: connect again
     ├─ NotAuthorized          the server wants a key and did not accept ours
     ├─ DisplayTaken           another program has the display for itself
     ├─ RequestRefused         the server said no to one request; `code` is its number
     └─ DeskError              the settings of a desk, or a desk that is not there
         └─ SameDisplay        two desks are set for one display; `other` is the one that has it

The reader hears none of them: while a display is away, speech goes on. The messages are for staff.
"""

from __future__ import annotations


class DeviceError(Exception):
    """Base of this package's errors."""


class BrlttyMissing(DeviceError):
    """The program brltty is not installed."""


class BrlttyFailed(DeviceError):
    """brltty ended or did not answer in time."""


class ServerGone(DeviceError):
    """The BrlAPI server is not there, or has gone."""


class NotAuthorized(DeviceError):
    """The BrlAPI server did not accept the key."""


class DisplayTaken(DeviceError):
    """Another program has the display, or the terminal, for itself."""


class RequestRefused(DeviceError):
    """The BrlAPI server answered a request with an error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The Braille server refused a request: {ERROR_NAMES.get(code, 'unknown error')} ({code}).")
        self.code = code


class DeskError(DeviceError):
    """Settings of a desk that cannot be used; the text names the key, the value and what is allowed."""


ERROR_NAMES = {
    1: "no memory",
    2: "another program has this terminal",
    3: "another program has the display",
    4: "unknown instruction",
    5: "instruction not allowed now",
    6: "a parameter out of range",
    7: "a malformed packet",
    9: "not supported by this display",
    12: "no terminal to show for",
    13: "a different version of the protocol",
    16: "a fault of the driver",
    17: "the key was not accepted",
    18: "a parameter that can only be read",
}
"""BrlAPI error numbers, from brlapi.h, in words."""


class SameDisplay(DeskError):
    """Another desk has this display already."""

    def __init__(self, desk_id: str, port: str, other: str) -> None:
        super().__init__(
            f"port = {port!r}: desk {other} has this display already, so {desk_id} cannot. Name each display by its "
            "serial number: port=usb:serialNumber=12345."
        )
        self.other = other

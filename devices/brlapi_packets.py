"""Packets of BrlAPI protocol 8, without any I/O: u32 size, u32 type, payload; all numbers big-endian.

Source: BrlAPI reference manual, "Protocol reference", and brlapi_protocol.h of BRLTTY.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum

PROTOCOL_VERSION = 8
HEADER = struct.Struct(">II")
LARGEST = 4096
"""Bytes of payload that the server accepts in one packet."""


class PacketKind(IntEnum):
    """The type field."""

    VERSION = ord("v")
    AUTH = ord("a")
    DRIVER_NAME = ord("n")
    ENTER_TTY = ord("t")
    LEAVE_TTY = ord("L")
    KEY = ord("k")
    IGNORE_KEYS = ord("m")
    ACCEPT_KEYS = ord("u")
    WRITE = ord("w")
    ACK = ord("A")
    ERROR = ord("e")
    EXCEPTION = ord("E")
    PARAMETER_VALUE = ord("P") << 8 | ord("V")
    PARAMETER_REQUEST = ord("P") << 8 | ord("R")
    PARAMETER_UPDATE = ord("P") << 8 | ord("U")


class Auth(IntEnum):
    """How the server lets clients in."""

    NONE = ord("N")
    KEY = ord("K")


class Parameter(IntEnum):
    """Parameters of the server that this client reads."""

    CLIENT_PRIORITY = 1
    """0: never shown, 1 to 100: who has more is shown; 50 unless set. BRLTTY 6.4 and later."""
    DRIVER_NAME = 2
    DEVICE_MODEL = 5
    """Never ask for it while DEVICE_ONLINE is false: a server of 2022 crashes (upstream pull request 400)."""
    DISPLAY_SIZE = 6
    DEVICE_ONLINE = 9


_GLOBAL, _GET, _SUBSCRIBE = 0x1, 0x100, 0x200
_REGION, _AND, _OR, _CURSOR = 0x02, 0x08, 0x10, 0x20
_ANY_FLAGS = 0xFFFFFFFF << 32


def packet(kind: int, payload: bytes = b"") -> bytes:
    """A packet ready to be sent."""
    return HEADER.pack(len(payload), kind) + payload


def version() -> bytes:
    """Return the packet that says which protocol we speak."""
    return packet(PacketKind.VERSION, struct.pack(">I", PROTOCOL_VERSION))


def auth_key(key: bytes) -> bytes:
    """`key` is the whole content of the key file, line end included."""
    return packet(PacketKind.AUTH, struct.pack(">I", Auth.KEY) + key)


def enter_tty(path: Sequence[int]) -> bytes:
    """Ask for key presses as commands (an empty driver name), not as raw keys."""
    return packet(PacketKind.ENTER_TTY, struct.pack(f">{1 + len(path)}I", len(path), *path) + b"\0")


def write(cells: bytes, cursor: int = 0) -> bytes:
    """Show `cells` from the first cell of the display on, all rows in one; `cursor` is 1-BASED, 0 for none.

    The AND mask clears what BRLTTY's text table would show, the OR mask sets the dots.
    """
    flags = _REGION | _AND | _OR | _CURSOR
    fields = struct.pack(">III", flags, 1, len(cells)) + bytes(len(cells)) + cells + struct.pack(">I", cursor)
    return packet(PacketKind.WRITE, fields)


def accept_keys(first: int, last: int) -> bytes:
    """Ask for the key codes `first` to `last`, with any flags."""
    return packet(PacketKind.ACCEPT_KEYS, struct.pack(">QQ", first, last | _ANY_FLAGS))


def ignore_keys(first: int, last: int) -> bytes:
    """Leave the key codes `first` to `last`, with any flags, to others."""
    return packet(PacketKind.IGNORE_KEYS, struct.pack(">QQ", first, last | _ANY_FLAGS))


def set_value(parameter: Parameter, value: bytes) -> bytes:
    """Return the packet that sets a parameter of this client."""
    return packet(PacketKind.PARAMETER_VALUE, struct.pack(">IIII", 0, parameter, 0, 0) + value)


def get(parameter: Parameter) -> bytes:
    """Return the packet that asks for a parameter once."""
    return packet(PacketKind.PARAMETER_REQUEST, struct.pack(">IIII", _GLOBAL | _GET, parameter, 0, 0))


def subscribe(parameter: Parameter) -> bytes:
    """Return the packet that asks for a parameter and for every change of it."""
    return packet(PacketKind.PARAMETER_REQUEST, struct.pack(">IIII", _GLOBAL | _SUBSCRIBE, parameter, 0, 0))


def parameter_and_value(payload: bytes) -> tuple[int, bytes]:
    """The number and the value of a PARAMETER_VALUE or PARAMETER_UPDATE. Raises struct.error for a shorter one."""
    return struct.unpack_from(">I", payload, 4)[0], payload[16:]


def error_code(payload: bytes) -> int:
    """Return the number of an error packet; errors.py has it in words."""
    return int.from_bytes(payload[:4], "big")


def key_code(payload: bytes) -> int:
    """64 bits: flags above, type and command or keysym below."""
    return int.from_bytes(payload[:8], "big")

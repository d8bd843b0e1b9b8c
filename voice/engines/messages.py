"""The protocol between a worker process and its supervisor: messages with a length, over the process's own pipes.

A request has a number. Everything that belongs to it carries the number, so that what is left of a cancelled request
is distinguished from the next.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct("<BII")
"""Kind, number of the request, bytes of the payload that follows."""
LARGEST = 16_000_000
"""Bytes of one payload; more is no message of ours."""


class Kind(IntEnum):
    """What a message is."""

    READY = 1
    """To the supervisor: the engine is loaded. Number 0, no payload."""
    REQUEST = 2
    """To the worker: work; the payload is the engine's own."""
    CANCEL = 3
    """To the worker: nobody waits for this request any more. No payload."""
    BLOCK = 4
    """To the supervisor: a piece of the answer."""
    DONE = 5
    """To the supervisor: the answer is complete, or ended by CANCEL. No payload."""
    FAILED = 6
    """To the supervisor: JSON with `kind` and `message` of the exception."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    kind: Kind
    number: int = 0
    payload: bytes = b""

    def pack(self) -> bytes:
        """The message as it goes over the pipe."""
        return HEADER.pack(self.kind, self.number, len(self.payload)) + self.payload


def parse_header(header: bytes) -> tuple[Kind, int, int]:
    """Kind, number and length of the payload. Raises ValueError for bytes that are no header of ours."""
    kind, number, length = HEADER.unpack(header)
    if length > LARGEST:
        raise ValueError(f"a payload of {length} bytes")
    return Kind(kind), number, length

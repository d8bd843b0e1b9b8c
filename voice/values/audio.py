"""Where a reader is, and the length of a frame of sound."""

from __future__ import annotations

from enum import StrEnum

FRAME_MS = 20
"""ptime of every channel: audio moves in blocks of 20 ms of signed 16-bit little-endian mono PCM."""


class ChannelKind(StrEnum):
    """What kind of place the reader speaks from; privacy and time limits depend on it."""

    TELEPHONE = "telephone"
    STATION = "station"
    DESK = "desk"
    RECORDING = "recording"
    TYPED = "typed"

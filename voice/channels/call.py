"""One interface for every way in which a reader reaches Dauys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from voice.values.audio import ChannelKind


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of what the reader said, at the call's rate."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A telephone key: one of 0-9 * #, reported once, when its press is first known."""

    digit: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The call is over, for whatever reason; the last event of every call."""

    reason: str


@dataclass(frozen=True, slots=True)
class ShutdownNotice:
    """Dauys is about to end: the reader should come to an end too."""


CallEvent = Frame | Key | ShutdownNotice | HangUp

FrameSource = Callable[[], bytes]
"""Gives the next 20 ms to play, at the call's rate: speech, an earcon or silence, never nothing. Must not block."""


class Call(Protocol):
    """A reader on the line. The channel owns the clock: it pulls a frame from the source every 20 ms and sends it."""

    id: str
    """Unique in this process; holds nothing personal."""
    rate: int
    """Hz of frames both ways: 8000 by telephone, 16000 where the line allows it."""
    kind: ChannelKind
    caller: str
    """Who calls, for the lock after wrong PINs: an address or number, "" when unknown. Never logged."""
    private: bool
    """Only the reader hears what is said: a handset or headphones."""

    def events(self) -> AsyncIterator[CallEvent]:
        """Everything the reader does, in order, until and including HangUp. To be iterated once."""

    def speak_from(self, source: FrameSource) -> None:
        """Pull outgoing frames from `source` from now on; silence is sent before the first call."""

    async def hang_up(self) -> None:
        """End the call; events() then yields HangUp. Harmless when it is already over."""

    async def hand_over(self, target: str) -> bool:
        """Transfer the reader to a person at `target`; False when this channel or the peer cannot."""

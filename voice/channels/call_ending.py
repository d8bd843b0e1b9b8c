"""The last event of a call."""

from __future__ import annotations

import asyncio

from voice.channels.call import CallEvent, HangUp, Key


def put_hang_up(events: asyncio.Queue[CallEvent], reason: str) -> None:
    """End the events of a call. Keys that were pressed before still count; speech that nobody has listened to yet does
    not, since there is nobody any more who could hear the answer."""
    waiting = [events.get_nowait() for _ in range(events.qsize())]
    for event in waiting:
        if isinstance(event, Key):
            events.put_nowait(event)
    events.put_nowait(HangUp(reason))

"""What systemd hears: that Dauys serves, that its event loop still turns, that it ends (sd_notify(3))."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

USUAL_S = 10.0
"""Between signs of life where no watchdog says how often it wants one."""


def notify(state: str) -> None:
    """Tell systemd, where it listens; nothing happens elsewhere."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.send(state.encode())


def pause_s() -> float:
    """Seconds between signs of life: a third of what the watchdog allows (sd_watchdog_enabled(3))."""
    allowed = os.environ.get("WATCHDOG_USEC", "")
    return int(allowed) / 3_000_000 if allowed.isdigit() and int(allowed) else USUAL_S


async def beat() -> None:
    """Signs of life for ever, from the event loop itself: one that hangs gives none, and systemd starts Dauys again."""
    while True:
        notify("WATCHDOG=1")
        await asyncio.sleep(pause_s())

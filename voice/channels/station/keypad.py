"""A station's keys: a number pad or keyboard at this machine, read as the kernel gives it.

Tickets and PINs are keyed, never spoken, so a station without a keypad can say little that is private. The device is
one of /dev/input/by-id/*-event-kbd; what comes are records of `struct input_event` (linux/input.h), key codes are those
of linux/input-event-codes.h. Numbers count whether Num Lock is on or not.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

EVENT = struct.Struct("@llHHi")
"""Seconds, microseconds, kind, code, value: 1 pressed, 0 let go, 2 held."""
KEY_KIND = 1
"""EV_KEY."""
AT_ONCE = 64
"""Records in one read."""
GRAB = 0x40044590
"""EVIOCGRAB: what is keyed here, a PIN among it, goes to no console."""
RETRY_S = 1.0
"""Until a keypad that was pulled out is looked for again."""

DIGITS: Mapping[int, str] = {
    **dict(zip(range(2, 12), "1234567890", strict=True)),  # the row of a keyboard
    **{71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"},  # a number pad
    **dict(zip(range(512, 524), "0123456789*#", strict=True)),  # a telephone's keypad
    55: "*", 98: "#", 83: "#",  # a number pad has no #: its / and its point are
}  # fmt: skip
TALK = frozenset({28, 57, 96})
"""Enter, space, Enter of a number pad."""

log = logging.getLogger(__name__)


class Keyed(Protocol):
    """Whom the keys are for; a StationCall."""

    def press(self, digit: str) -> None: ...

    def talk(self, pressed: bool) -> None: ...


async def follow(path: Path, keyed: Keyed, *, push_to_talk: bool) -> None:
    """Pass on what is keyed, for ever. A keypad that is away is looked for until it is back."""
    logged = False
    while True:
        try:
            await _follow(path, keyed, push_to_talk)
        except OSError as error:
            if not logged:
                log.error("The keypad %s gives nothing: %s. Connect it again.", path, error.strerror)
            logged = True
        else:
            logged = False
        if push_to_talk:
            keyed.talk(False)  # its key was perhaps held
        await asyncio.sleep(RETRY_S)


async def _follow(path: Path, keyed: Keyed, push_to_talk: bool) -> None:
    """Until the keypad is gone; OSError when it cannot be opened."""
    device = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    try:
        with contextlib.suppress(OSError):  # what is no input device cannot be grabbed
            fcntl.ioctl(device, GRAB, 1)
        loop.add_reader(device, readable.set)
        while True:
            await readable.wait()
            readable.clear()
            try:
                records = os.read(device, AT_ONCE * EVENT.size)
            except BlockingIOError:  # read already when the loop woke us again
                continue
            if not records:
                return
            for code, value in _keys(records):
                if code in TALK and push_to_talk and value in (0, 1):
                    keyed.talk(value == 1)
                elif code in DIGITS and value == 1:
                    keyed.press(DIGITS[code])
    finally:
        loop.remove_reader(device)
        os.close(device)


def _keys(records: bytes) -> Iterator[tuple[int, int]]:
    """Code and value of every whole record that is a key."""
    whole = len(records) // EVENT.size * EVENT.size
    for _, _, kind, code, value in EVENT.iter_unpack(records[:whole]):
        if kind == KEY_KIND:
            yield code, value

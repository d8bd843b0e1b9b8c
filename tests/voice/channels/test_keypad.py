"""A station's keypad: the kernel's records, through a pipe that can be pulled out and put in again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from voice.channels.station import keypad
from voice.channels.station.keypad import EVENT, KEY_KIND, follow

KEYPAD_1, KEYPAD_0, KEYPAD_SLASH, KEYPAD_STAR, KEYPAD_ENTER, ROW_0, LETTER_Q = 79, 82, 98, 55, 96, 11, 16
PRESSED, LET_GO, HELD = 1, 0, 2


class Keyed:
    """Remembers what was keyed."""

    def __init__(self) -> None:
        self.pressed = ""
        self.talked: list[bool] = []

    def press(self, digit: str) -> None:
        self.pressed += digit

    def talk(self, pressed: bool) -> None:
        self.talked.append(pressed)


def record(code: int, value: int, kind: int = KEY_KIND) -> bytes:
    return EVENT.pack(1, 2, kind, code, value) + EVENT.pack(1, 2, 0, 0, 0)  # a report follows every key


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def plugged_in(path: Path) -> int:
    """The end of the pipe that the kernel would write to, once somebody reads the other."""
    async with asyncio.timeout(10):
        while True:
            try:
                return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                await asyncio.sleep(0.01)


async def test_keys_are_those_of_a_telephone_and_count_once_while_held(tmp_path: Path) -> None:
    path, keyed = tmp_path / "keypad", Keyed()
    os.mkfifo(path)
    following = asyncio.create_task(follow(path, keyed, push_to_talk=False))
    device = await plugged_in(path)
    for code in (KEYPAD_1, KEYPAD_0, KEYPAD_STAR, KEYPAD_SLASH, ROW_0, LETTER_Q, KEYPAD_ENTER):
        os.write(device, record(code, PRESSED) + record(code, HELD) + record(code, HELD) + record(code, LET_GO))
    await until(lambda: keyed.pressed == "10*#0")
    assert keyed.talked == []
    os.close(device)
    following.cancel()


async def test_the_talk_key_opens_the_microphone_and_a_pulled_keypad_closes_it(tmp_path: Path) -> None:
    path, keyed = tmp_path / "keypad", Keyed()
    os.mkfifo(path)
    following = asyncio.create_task(follow(path, keyed, push_to_talk=True))
    device = await plugged_in(path)
    os.write(device, record(KEYPAD_ENTER, PRESSED) + record(KEYPAD_ENTER, HELD))
    await until(lambda: keyed.talked == [True])
    os.close(device)
    await until(lambda: keyed.talked == [True, False])
    following.cancel()


async def test_a_keypad_that_comes_later_is_found_and_its_absence_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keyed = tmp_path / "keypad", Keyed()
    monkeypatch.setattr(keypad, "RETRY_S", 0.02)
    following = asyncio.create_task(follow(path, keyed, push_to_talk=False))
    await until(lambda: "Connect it again" in caplog.text)
    await asyncio.sleep(0.1)
    os.mkfifo(path)
    device = await plugged_in(path)
    os.write(device, record(KEYPAD_1, PRESSED))
    await until(lambda: keyed.pressed == "1")
    assert caplog.text.count("Connect it again") == 1
    os.close(device)
    following.cancel()

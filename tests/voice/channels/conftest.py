from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from ipaddress import IPv4Network

import pytest

from voice.channels.call import Call, Frame, HangUp, Key
from voice.channels.sip.listener import SipListener, listen

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
PORTS = (30000, 30999)


class Reader:
    """What the answering side saw of its calls."""

    def __init__(self) -> None:
        self.pcm = bytearray()
        self.keys = ""
        self.presses: list[str] = []
        self.reason = ""
        self.calls: list[Call] = []
        self.done = asyncio.Event()

    async def hold(self, call: Call) -> None:
        self.calls.append(call)
        async for event in call.events():
            match event:
                case Frame(pcm):
                    self.pcm += pcm
                case Key(digit):
                    self.keys += digit
                    self.presses.append(digit)
                case HangUp(reason):
                    self.reason = reason
        self.done.set()


@pytest.fixture
async def reader() -> Reader:
    return Reader()


class Uncleaned:
    """In place of `LineCleaning`, for tests that compare every sample."""

    def __init__(self, rate_hz: int, heard: Callable[[bytes], None]) -> None:
        self.came = heard

    def played(self, frame: bytes) -> None:
        pass


@pytest.fixture
def uncleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("asterisk.exchange_call", "sip.listener"):
        monkeypatch.setattr(f"voice.channels.{module}.LineCleaning", Uncleaned)


@pytest.fixture
async def line(reader: Reader) -> AsyncIterator[SipListener]:
    async with listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=2, allow=LOOPBACK) as listener:
        yield listener

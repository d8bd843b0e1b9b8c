"""Calls over a real network: our caller phones our answering party on loopback."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Network

import numpy as np
import pytest

from tests.voice.channels.conftest import Reader
from voice.channels.call import Call, Frame
from voice.channels.errors import LineError
from voice.channels.sip.caller import dial
from voice.channels.sip.listener import SipListener, listen

LOOPBACK = (IPv4Network("127.0.0.0/8"),)


def tone(seconds: float, hertz: float = 440) -> bytes:
    time = np.arange(int(8000 * seconds)) / 8000
    return (8000 * np.sin(2 * np.pi * hertz * time)).astype("<i2").tobytes()


def power(pcm: bytes, hertz: float) -> float:
    """Of the tone of this frequency in the loud middle of `pcm`."""
    samples = np.frombuffer(pcm, "<i2").astype(float)
    loud = np.nonzero(np.abs(samples) > 1000)[0]
    middle = samples[loud[0] + 400 : loud[0] + 400 + 3200] * np.hanning(3200)
    return float(np.abs(np.exp(-2j * np.pi * hertz * np.arange(3200) / 8000) @ middle) ** 2)


def correlation(heard: bytes, said: bytes) -> float:
    a, b = np.frombuffer(heard, "<i2").astype(float), np.frombuffer(said, "<i2").astype(float)
    best = np.correlate(a, b, "valid").max()
    return float(best / np.dot(b, b))


async def test_what_the_reader_says_and_presses_arrives(reader: Reader, line: SipListener) -> None:
    said = tone(0.6)
    async with dial("127.0.0.1", line.port) as caller:
        await caller.say(said)
        await caller.press("1470#")
        await caller.press("0")
    await asyncio.wait_for(reader.done.wait(), 5)
    assert correlation(bytes(reader.pcm), said) > 0.95
    assert reader.keys == "1470#0"
    assert reader.reason == "the reader hung up"
    assert not line.calls


async def test_what_is_said_to_the_reader_arrives_and_silence_never_ends() -> None:
    frames = [tone(0.6)[start : start + 320] for start in range(0, 9600, 320)]

    async def speak(call: Call) -> None:
        queue = list(frames)
        call.speak_from(lambda: queue.pop(0) if queue else bytes(320))
        async for _ in call.events():
            pass

    async with (
        listen("127.0.0.1", 0, speak, rtp_ports=(30000, 30998), max_calls=1, allow=LOOPBACK) as listener,
        dial("127.0.0.1", listener.port) as caller,
    ):
        while len(caller.heard) < 45:
            await asyncio.sleep(0.05)
        heard = b"".join(pcm for _, pcm in caller.heard)
    assert correlation(heard, b"".join(frames)) > 0.95


@pytest.mark.usefixtures("uncleaned")
async def test_callers_at_once_hear_and_are_heard_by_nobody_else() -> None:
    """Each caller says a tone of her own and hears one that is made from what was heard of her."""
    hertz = (300, 500, 700, 900)
    over = []

    async def echo(call: Call) -> None:
        frames: list[bytes] = []
        call.speak_from(lambda: frames.pop(0) if frames else bytes(320))
        async for event in call.events():
            if isinstance(event, Frame):
                frames.append(event.pcm)
        over.append(call)

    async def phone(port: int, own: int) -> bytes:
        async with dial("127.0.0.1", port) as caller:
            await caller.say(tone(0.6, own))
            while sum(any(pcm) for _, pcm in caller.heard) < 25:
                await asyncio.sleep(0.02)
            return b"".join(pcm for _, pcm in caller.heard)

    async with listen("127.0.0.1", 0, echo, rtp_ports=(30000, 30998), max_calls=4, allow=LOOPBACK) as listener:
        heard = await asyncio.wait_for(asyncio.gather(*(phone(listener.port, own) for own in hertz)), 20)
    for own, pcm in zip(hertz, heard, strict=True):
        powers = {other: power(pcm, other) for other in hertz}
        assert powers[own] > 1000 * max(powers[other] for other in hertz if other != own)
    assert len(over) == 4


async def test_dauys_ends_the_call() -> None:
    async def hang_up(call: Call) -> None:
        await call.hang_up()

    async with (
        listen("127.0.0.1", 0, hang_up, rtp_ports=(30000, 30998), max_calls=1, allow=LOOPBACK) as listener,
        dial("127.0.0.1", listener.port) as caller,
    ):
        await asyncio.wait_for(caller.hung_up.wait(), 5)
        assert not listener.calls


async def test_a_caller_too_many_is_told_to_try_elsewhere(line: SipListener) -> None:
    async with dial("127.0.0.1", line.port), dial("127.0.0.1", line.port):
        with pytest.raises(LineError, match="503"):
            async with dial("127.0.0.1", line.port):
                pass


async def test_strangers_get_no_answer(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> None:
    monkeypatch.setattr("voice.channels.sip.caller.ANSWER_S", 0.3)
    elsewhere = (IPv4Network("10.9.9.0/24"),)
    async with listen("127.0.0.1", 0, reader.hold, rtp_ports=(30000, 30998), max_calls=1, allow=elsewhere) as listener:
        with pytest.raises(LineError, match="Nobody answers"):
            async with dial("127.0.0.1", listener.port):
                pass


async def test_a_port_in_use_is_one_clear_sentence(reader: Reader, line: SipListener) -> None:
    with pytest.raises(LineError, match=r"telephone\.port"):
        async with listen("127.0.0.1", line.port, reader.hold, rtp_ports=(30000, 30998), max_calls=1, allow=LOOPBACK):
            pass

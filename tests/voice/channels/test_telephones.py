"""Calls from telephones that others have made."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import numpy as np
import pytest

from tests.rig.sip_phones import baresip, missing, sipp
from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.call import Call, Frame, HangUp, Key
from voice.channels.media.g711 import LAWS, PCMA
from voice.channels.sip.listener import SipListener, listen

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("uncleaned")]


def speech(seconds: float) -> bytes:
    """Noise that swells and fades, so that its place in a recording is certain."""
    noise = np.random.default_rng(1).normal(0, 3000, int(8000 * seconds))
    return (noise * np.sin(np.arange(len(noise)) / 900)).astype("<i2").tobytes()


def likeness(heard: bytes, said: bytes) -> float:
    """Correlation of `said` with the place in `heard` that is most like it."""
    a, b = (np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(float) for pcm in (heard, said))
    at = int(np.correlate(a, b, "valid").argmax())
    return float(np.corrcoef(a[at : at + len(b)], b)[0, 1])


@pytest.mark.skipif(missing("sipp"), reason="sipp is not installed (Debian: sip-tester)")
@pytest.mark.parametrize("tcp", [False, True])
async def test_sipp_is_answered_and_heard(reader: Reader, line: SipListener, tmp_path: Path, tcp: bool) -> None:
    said = speech(1.5)
    assert await sipp(line.port, tmp_path, LAWS[PCMA].encode(said), tcp=tcp) == 0
    await asyncio.wait_for(reader.done.wait(), 5)
    # sipp sends its first packets while the call is being answered, so the beginning may be missing.
    assert likeness(bytes(reader.pcm), said[3200:-3200]) > 0.99
    assert reader.reason == "the reader hung up"


@pytest.mark.skipif(missing("sipp"), reason="sipp is not installed (Debian: sip-tester)")
async def test_twenty_calls_at_once_are_all_answered(reader: Reader, tmp_path: Path) -> None:
    async with listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=20, allow=LOOPBACK) as line:
        assert await sipp(line.port, tmp_path, LAWS[PCMA].encode(speech(1.0)), calls=20) == 0
    assert len(reader.calls) == 20
    assert not line.calls


@pytest.mark.skipif(missing("baresip"), reason="baresip is not installed (Debian: baresip-core)")
async def test_baresip_hears_speaks_and_presses_keys(tmp_path: Path) -> None:
    said, answer = speech(1.0), speech(0.8)
    heard, keys, over, up = bytearray(), [], asyncio.Event(), asyncio.Event()

    async def hold(call: Call) -> None:
        frames = [answer[at : at + 320] for at in range(0, len(answer), 320)]
        async for event in call.events():
            match event:
                case Frame(pcm):
                    if not heard:
                        call.speak_from(lambda: frames.pop(0) if frames else bytes(320))
                        up.set()
                    heard.extend(pcm)
                case Key(digit):
                    keys.append(digit)
                case HangUp():
                    over.set()

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        control = free.getsockname()[1]
    async with listen("127.0.0.1", 0, hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK) as line:
        async with baresip(line.port, tmp_path, said, control) as phone:
            await asyncio.wait_for(up.wait(), 10)
            await asyncio.sleep(1.5)
            await phone.press("7")
            await phone.press("#")
        await asyncio.wait_for(over.wait(), 5)
    assert keys == ["7", "#"]
    assert likeness(bytes(heard), said[3200:-3200]) > 0.99
    assert likeness(phone.heard(), answer[3200:-3200]) > 0.99

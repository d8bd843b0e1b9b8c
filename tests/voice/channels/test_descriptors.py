"""A process that may open nothing more refuses calls in a way that callers understand, and says why."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest

from tests.rig.sip_phone import offer, telephone
from tests.voice.channels.conftest import PORTS, Reader
from tests.voice.channels.test_http_door import descriptors
from voice.channels.descriptors import FOR_A_CALL, descriptors_left
from voice.channels.errors import LineError, NoDescriptors
from voice.channels.frame_clock import FrameClock
from voice.channels.media.media_session import open_media
from voice.channels.sip.listener import SipListener


async def test_a_call_is_refused_before_it_is_answered(
    reader: Reader, line: SipListener, caplog: pytest.LogCaptureFixture
) -> None:
    async with telephone(line.port) as phone:
        with descriptors(FOR_A_CALL - 1):
            refused = await phone.ask("INVITE", 503, body=offer(phone.rtp_port))
            assert refused.header("retry-after") == "20"
            assert not reader.calls
        phone.send(phone.write("ACK", number=1, branch="INVITE1"))
        await phone.call()
    assert "LimitNOFILE" in caplog.text and "rtp_ports" not in caplog.text


async def test_no_descriptor_is_no_taken_port() -> None:
    with descriptors(1), pytest.raises(NoDescriptors):
        await open_media("127.0.0.1", PORTS, lambda event: None, FrameClock())


async def test_only_a_taken_port_is_passed_over() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        one.bind(("127.0.0.1", 31000))
        two.bind(("127.0.0.1", 31003))  # an RTCP port that is taken makes its pair useless
        media = await open_media("127.0.0.1", (31000, 31005), lambda event: None, FrameClock())
        assert media.port == 31004
        with pytest.raises(LineError, match="No free port"):
            await open_media("127.0.0.1", (31000, 31005), lambda event: None, FrameClock())
        media.close()
    with pytest.raises(LineError, match=r"cannot be received on 192\.0\.2\.1"):  # an address of nobody's (RFC 5737)
        await open_media("192.0.2.1", PORTS, lambda event: None, FrameClock())


async def test_a_refused_call_leaves_nothing_open(line: SipListener, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    before = descriptors_left()
    async with telephone(line.port) as phone:
        with descriptors(FOR_A_CALL - 1):
            await phone.ask("INVITE", 503, body=offer(phone.rtp_port))
    assert descriptors_left() == before


def test_the_unit_raises_the_limit() -> None:
    unit = Path(__file__).parents[3] / "packaging" / "dauys.service"
    assert "\nLimitNOFILE=65536\n" in unit.read_text(encoding="utf-8")

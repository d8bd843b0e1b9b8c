"""An exchange's calls by both of its protocols."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from ipaddress import IPv4Network

import aiohttp
import numpy as np
import pytest

from tests.rig.asterisk_peer import AudioSocketExchange, WebSocketExchange
from tests.voice.channels.conftest import LOOPBACK, Reader
from voice.channels.asterisk.audiosocket import serve_audiosocket
from voice.channels.asterisk.websocket import serve_websocket
from voice.channels.call import Call
from voice.channels.errors import PortTaken
from voice.values.allowlist import is_allowed

SPEECH = np.arange(-8000, 8000, 5, dtype="<i2").tobytes()
"""Two tenths of a second at 8000 Hz, every sample different."""


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def url(port: int) -> str:
    return f"ws://127.0.0.1:{port}/calls"


@pytest.mark.usefixtures("uncleaned")
async def test_a_call_by_websocket(reader: Reader, web: aiohttp.ClientSession) -> None:
    async with (
        serve_websocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port,
        web.ws_connect(url(port), protocols=("media",)) as socket,
    ):
        assert socket.protocol == "media"
        exchange = WebSocketExchange(socket, 16_000)
        await exchange.start(DAUYS_CALLER="+77270000000")
        await exchange.say(SPEECH)
        for hostile in (
            "not JSON",
            "[]",
            "[" * 30_000,
            '{"event": 7}',
            '{"event": "DTMF_END"}',
            '{"event": "DTMF_END", "digit": "xx"}',
            '{"event": "DTMF_END", "digit": ""}',
            '{"event": "DTMF_END", "digit": ["1"]}',
            "[" * 30_000,
        ):
            await exchange.text(hostile)
        await exchange.press("1")
        await exchange.press("#")
        await exchange.press("23x4")
        await exchange.hang_up()
        await asyncio.wait_for(reader.done.wait(), 2)
    call = reader.calls[0]
    assert (call.rate, call.caller) == (16_000, "+77270000000")
    assert bytes(reader.pcm) == SPEECH
    assert (reader.keys, reader.reason) == ("1#234", "the reader hung up")
    assert all(len(key) == 1 for key in reader.presses)


@pytest.mark.parametrize("name", ["DAUYS_CALLER", "__DAUYS_CALLER"])
async def test_the_caller_is_known_however_the_dialplan_hands_the_number_on(
    reader: Reader, web: aiohttp.ClientSession, name: str
) -> None:
    async with (
        serve_websocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port,
        web.ws_connect(url(port), protocols=("media",)) as socket,
    ):
        exchange = WebSocketExchange(socket, 8000)
        await exchange.start(BRIDGEPEER="PJSIP/reader", **{name: "+77270000000"})
        await exchange.hang_up()
        await asyncio.wait_for(reader.done.wait(), 2)
    assert reader.calls[0].caller == "+77270000000"


@pytest.mark.parametrize(
    ("start", "advice"),
    [
        ("MEDIA_START connection_id:dauys format:slin optimal_frame_size:320 ptime:20", "f(json)"),
        ('{"event": "MEDIA_START", "format": "ulaw"}', "c(slin)"),
    ],
)
async def test_a_dialplan_that_does_not_fit_is_told_what_to_write(
    reader: Reader, web: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, start: str, advice: str
) -> None:
    async with (
        serve_websocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port,
        web.ws_connect(url(port), protocols=("media",)) as socket,
    ):
        exchange = WebSocketExchange(socket, 8000)
        await exchange.text(start)
        await asyncio.wait_for(exchange.closed.wait(), 2)
        await exchange.hang_up()
    assert advice in caplog.text and not reader.calls


@pytest.mark.usefixtures("uncleaned")
async def test_a_call_by_audiosocket(reader: Reader) -> None:
    async with serve_audiosocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port:
        exchange = AudioSocketExchange(*await asyncio.open_connection("127.0.0.1", port), kind=0x12)
        await exchange.say(SPEECH)
        exchange.press("1")
        exchange.press("#")
        exchange.press("12")
        await exchange.hang_up()
        await asyncio.wait_for(reader.done.wait(), 2)
    assert reader.calls[0].rate == 16_000
    assert bytes(reader.pcm) == SPEECH
    assert (reader.keys, reader.reason) == ("1#12", "the reader hung up")
    assert all(len(key) == 1 for key in reader.presses)


async def _speak(call: Call) -> None:
    said = [SPEECH[at : at + 320] for at in range(0, len(SPEECH), 320)]
    call.speak_from(lambda: said.pop(0) if said else bytes(320))
    async for _ in call.events():
        pass


def assert_paced(heard: list[tuple[float, bytes]]) -> None:
    """What was said comes whole, silence follows for ever, and all at the pace of speech."""
    assert SPEECH in b"".join(pcm for _, pcm in heard)
    assert not any(heard[-1][1])
    lasted = heard[-1][0] - heard[0][0]
    assert len(heard) * 0.02 - lasted < 0.1


async def test_speech_is_paced_and_silence_fed_by_websocket(web: aiohttp.ClientSession) -> None:
    async with (
        serve_websocket("127.0.0.1", 0, _speak, max_calls=2, allow=LOOPBACK) as port,
        web.ws_connect(url(port), protocols=("media",)) as socket,
    ):
        exchange = WebSocketExchange(socket, 8000)
        await exchange.start()
        while len(exchange.heard) < 30:
            await asyncio.sleep(0.02)
        await exchange.hang_up()
    assert_paced(exchange.heard)


async def test_speech_is_paced_and_silence_fed_by_audiosocket() -> None:
    async with serve_audiosocket("127.0.0.1", 0, _speak, max_calls=2, allow=LOOPBACK) as port:
        exchange = AudioSocketExchange(*await asyncio.open_connection("127.0.0.1", port))
        await exchange.say(bytes(320))
        while len(exchange.heard) < 30:
            await asyncio.sleep(0.02)
        await exchange.hang_up()
    assert_paced(exchange.heard)


async def _hang_up(call: Call) -> None:
    await call.hang_up()


async def test_dauys_ends_a_call_by_websocket(web: aiohttp.ClientSession) -> None:
    async with (
        serve_websocket("127.0.0.1", 0, _hang_up, max_calls=2, allow=LOOPBACK) as port,
        web.ws_connect(url(port), protocols=("media",)) as socket,
    ):
        exchange = WebSocketExchange(socket, 8000)
        await exchange.start()
        await asyncio.wait_for(exchange.closed.wait(), 2)
    assert exchange.commands == [{"command": "HANGUP"}]


async def test_dauys_ends_a_call_by_audiosocket() -> None:
    async with serve_audiosocket("127.0.0.1", 0, _hang_up, max_calls=2, allow=LOOPBACK) as port:
        exchange = AudioSocketExchange(*await asyncio.open_connection("127.0.0.1", port))
        await exchange.say(bytes(320))
        await asyncio.wait_for(exchange.ended.wait(), 2)
        await exchange.hang_up()


async def test_strangers_and_calls_too_many_are_refused(reader: Reader, web: aiohttp.ClientSession) -> None:
    elsewhere = (IPv4Network("10.0.0.0/8"),)
    for calls, allow, status in ((1, elsewhere, 403), (0, LOOPBACK, 503)):
        async with serve_websocket("127.0.0.1", 0, reader.hold, max_calls=calls, allow=allow) as port:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await web.ws_connect(url(port), protocols=("media",))
            assert refused.value.status == status
        async with serve_audiosocket("127.0.0.1", 0, reader.hold, max_calls=calls, allow=allow) as port:
            stream, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(stream.read(), 2) == b""
            writer.close()
    assert not reader.calls


@pytest.mark.parametrize("hostile", [b"GET / HTTP/1.1\r\n\r\n", b"\x01\x00\x02hi", b"\x10\x00\x00", b"\x00\x00\x00"])
async def test_what_is_no_exchange_is_no_call(reader: Reader, hostile: bytes) -> None:
    async with serve_audiosocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port:
        stream, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(hostile)
        writer.write_eof()
        assert await asyncio.wait_for(stream.read(), 4) == b""
        writer.close()
    assert not reader.calls


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("fe80::1%eth0", False), ("11.1.2.3", False), ("", False)],
)
def test_an_address_is_allowed_in_whatever_manner_it_is_written(host: str, allowed: bool) -> None:
    assert is_allowed(host, (IPv4Network("10.0.0.0/8"),)) is allowed


async def test_ports_in_use_are_one_clear_sentence(reader: Reader) -> None:
    async with serve_websocket("127.0.0.1", 0, reader.hold, max_calls=2, allow=LOOPBACK) as port:
        with pytest.raises(PortTaken, match=r"asterisk\.websocket_port"):
            async with serve_websocket("127.0.0.1", port, reader.hold, max_calls=2, allow=LOOPBACK):
                pass
        with pytest.raises(PortTaken, match=r"asterisk\.audiosocket_port"):
            async with serve_audiosocket("127.0.0.1", port, reader.hold, max_calls=2, allow=LOOPBACK):
                pass

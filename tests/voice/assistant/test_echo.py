"""A whole call with the real models: a caller who is only an echo of Dauys is told everything and obeyed in nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from voice.assistant.app import App, open_app
from voice.assistant.spoken_session import SpokenExchange
from voice.channels.call import Call
from voice.channels.media.g711 import LAWS, PCMA
from voice.channels.sip.caller import dial
from voice.channels.sip.hybrid import Hybrid
from voice.channels.sip.listener import listen
from voice.synthesis.speaker import Speaker
from voice.synthesis.voices import Prosody
from voice.values.lines import Line

pytestmark = pytest.mark.real
LOOPBACK = (IPv4Network("127.0.0.0/8"),)


class Noting(Speaker):
    """Remembers what it said."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.settings_for = speaker.settings_for  # type: ignore[method-assign]
        self.said: list[bytes] = []
        self.done = asyncio.Event()

    async def render(self, lines: Iterable[Line], prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        async for frame in self._speaker.render(lines, prosody, rate_hz):
            self.said.append(frame)
            yield frame
        self.done.set()


def coded(frame: bytes) -> bytes:
    """As it comes over the line."""
    return LAWS[PCMA].decode(LAWS[PCMA].encode(frame.ljust(320, b"\0")))


@pytest.fixture
async def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    async with open_app(home=tmp_path) as opened:
        await opened.warm_up()
        yield opened


async def test_a_caller_who_is_only_an_echo_hears_the_greeting_and_commands_nothing(app: App) -> None:
    speaker = app.speaker = Noting(app.speaker)
    exchanges: list[SpokenExchange] = []

    async def answer(call: Call) -> None:
        await app.answer(call, observe=exchanges.append)

    def heard_out() -> bool:
        """All that was said came, in order. A busy machine may put silence between two frames: that is no loss."""
        came = iter([pcm for _, pcm in caller.heard])
        return all(coded(frame) in came for frame in speaker.said if any(frame))

    async with (
        listen("127.0.0.1", 0, answer, rtp_ports=(30000, 30998), max_calls=1, allow=LOOPBACK) as line,
        dial("127.0.0.1", line.port, hybrid=Hybrid(20, 120)) as caller,
    ):
        async with asyncio.timeout(60):
            await speaker.done.wait()
            while not heard_out() and not any(exchange.utterance for exchange in exchanges):
                await asyncio.sleep(0.1)
    assert len(speaker.said) > 200
    # The silence after the greeting may have been answered by now; nothing else was.
    assert {exchange.utterance for exchange in exchanges} == {None}

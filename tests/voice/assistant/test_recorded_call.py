"""A call is recorded from the reader's yes on, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalogue_client.store.purpose import Purpose
from voice.assistant.app import App, open_app
from voice.assistant.dialogue_session import Understood
from voice.assistant.spoken_session import Act, SpokenExchange, SpokenSession
from voice.channels.call import Call, Frame, FrameSource, HangUp
from voice.cli.recordings import command
from voice.dialogue.events import Said
from voice.values.audio import ChannelKind
from voice.values.intents import Intent

pytestmark = pytest.mark.real
REQUESTS = {
    "agreed": ("recording", "yes"),
    "declined": ("recording", "no"),
    "withdrawn": ("recording", "yes", "recording"),
    "parted": ("recording", "yes", "goodbye"),
}


class QuietCall(Call):
    """A line on which the reader says nothing and hangs up after what she asked for was answered."""

    id, kind, private, rate, caller = "1", ChannelKind.TELEPHONE, True, 8000, "line"

    def __init__(self) -> None:
        self.source: FrameSource = lambda: bytes(320)
        self.over = asyncio.Event()

    def speak_from(self, source: FrameSource) -> None:
        self.source = source

    async def events(self) -> AsyncIterator[Frame | HangUp]:
        while not self.over.is_set():
            self.source()
            yield Frame(bytes(320))
            await asyncio.sleep(0.02)
        yield HangUp("the reader went")

    async def hang_up(self) -> None:
        self.over.set()

    async def hand_over(self, address: str) -> bool:
        return False


@pytest.fixture
async def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    async with open_app(home=tmp_path, purpose=Purpose.DEMONSTRATION) as opened:
        yield opened


async def call_with(app: App, requests: tuple[str, ...]) -> None:
    call, answered = QuietCall(), asyncio.Queue[SpokenExchange]()
    session = app.new_session(call.kind, private=True, call=call)
    ear = await app.new_ear(call.rate)
    spoken = SpokenSession(
        call, session, ear, app.speaker, app.settings.waiting, observe=answered.put_nowait, recordings=app.recordings
    )
    running = asyncio.create_task(spoken.run())
    await answered.get()
    for request in requests:
        spoken._inbox.put_nowait(Act(Understood(Said(Intent(request, {}, "kk", request)))))
        await answered.get()
    await asyncio.sleep(0.3)
    call.over.set()
    await running


async def test_a_call_is_kept_when_its_reader_agreed_and_not_otherwise(app: App) -> None:
    for requests in REQUESTS.values():
        await call_with(app, requests)
    kept, parted = app.recordings.kept()
    assert kept.path.stat().st_size > 100
    assert app.recordings.delete_one(parted.id), "a reader who says goodbye has agreed no less"
    listed = await asyncio.to_thread(CliRunner().invoke, command, ["list"])
    assert kept.id in listed.output
    deleted = await asyncio.to_thread(CliRunner().invoke, command, ["delete", kept.id])
    assert deleted.exit_code == 0 and app.recordings.kept() == ()
    again = await asyncio.to_thread(CliRunner().invoke, command, ["delete", kept.id])
    assert again.exit_code == 1 and "recordings list" in str(again.exception)

"""Answers one after the other, with a voice that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import cast

from catalogue_client.values.accounts import Preferences
from voice.synthesis.prompt_player import PromptPlayer
from voice.synthesis.speaker import Speaker
from voice.synthesis.voices import Prosody
from voice.values.lines import Line, line

SILENCE = bytes(320)


class ScriptedSpeaker:
    """One frame for every line, of its first letter; nothing more while it is held up."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.error: Exception | None = None

    def settings_for(self, preferences: Preferences) -> Prosody:
        return Prosody()

    async def render(self, lines: Iterable[Line], prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        for said in lines:
            yield said.text[:1].encode() * 320
            await self.open.wait()
            if self.error:
                raise self.error


class Heard:
    """A player, and what is heard of it."""

    def __init__(self) -> None:
        self.speaker = ScriptedSpeaker()
        self.changed = asyncio.Event()
        self.counted: list[str] = []
        self.player = PromptPlayer(cast(Speaker, self.speaker), 8000, self.changed.set, count=self.counted.append)
        self.due: list[float] = []

    def say(self, *texts: str) -> None:
        self.player.say([line(text, "en") for text in texts], Preferences(), self.due.append)

    async def change(self) -> None:
        self.changed.clear()
        await asyncio.wait_for(self.changed.wait(), 10)

    async def made(self) -> None:
        while self.player.is_making:
            await self.change()

    def pull(self, count: int = 9) -> str:
        frames = [self.player.next_frame() for _ in range(count)]
        return "".join("." if frame == SILENCE else frame[:1].decode("latin-1") for frame in frames)


async def test_answers_are_said_one_after_the_other_and_their_beginnings_are_known() -> None:
    heard = Heard()
    heard.say("a", "b")
    heard.say("c")
    assert heard.player.is_making and not heard.player.is_speaking
    await heard.made()
    assert heard.pull() == "abc......"
    assert heard.due == sorted(heard.due) and len(heard.due) == 3, "a moment for every frame"


async def test_what_is_flushed_is_made_no_further_and_a_pause_is_over() -> None:
    heard = Heard()
    heard.speaker.open.clear()
    heard.say("a", "b")
    await heard.change()
    heard.player.pause()
    heard.player.flush()
    heard.speaker.open.set()
    assert not heard.player.is_making and not heard.player.is_speaking
    heard.say("c")
    await heard.made()
    assert heard.pull() == "c........"


async def test_what_is_dropped_is_made_no_further_and_a_pause_stays_one() -> None:
    heard = Heard()
    heard.speaker.open.clear()
    heard.say("a", "b")
    await heard.change()
    heard.player.pause()
    heard.player.drop()
    heard.speaker.open.set()
    heard.say("c")
    await heard.made()
    assert heard.pull() == "........."
    heard.player.resume()
    assert heard.pull() == "c........"


async def test_the_end_of_making_is_reported_when_all_was_played_before() -> None:
    heard = Heard()
    heard.speaker.open.clear()
    heard.say("a")
    await heard.change()
    assert heard.pull() == "a........"
    assert heard.player.is_making
    heard.speaker.open.set()
    await heard.change()
    assert not heard.player.is_making and not heard.player.is_speaking


async def test_an_earcon_is_heard_between_answers() -> None:
    heard = Heard()
    heard.player.earcon("tick")
    assert heard.player.is_speaking and not heard.player.is_making


async def test_what_breaks_off_is_an_earcon_and_a_count_and_the_next_answer_follows() -> None:
    heard = Heard()
    heard.speaker.error = KeyError("100001")
    heard.say("a", "b")
    await heard.made()
    assert heard.counted == ["speech"]
    sounds = heard.pull(60)
    assert sounds.startswith("a") and len(set(sounds)) > 2, "something sounds after it"
    heard.speaker.error = None
    heard.say("c")
    await heard.made()
    assert "c" in heard.pull()


async def test_the_line_that_sounds_is_known_with_the_one_before_it() -> None:
    heard = Heard()
    heard.say("a", "b")
    await heard.made()
    assert heard.player.lines_playing == ()
    heard.pull(1)
    assert [line.text for line in heard.player.lines_playing] == ["a"]
    heard.pull(1)
    assert [line.text for line in heard.player.lines_playing] == ["a", "b"]
    heard.pull(1)
    assert heard.player.lines_playing == ()

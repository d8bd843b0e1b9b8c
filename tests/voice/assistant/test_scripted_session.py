"""A conversation without telephone or microphone is rendered as a Braille desk renders it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from braille import to_unicode
from tests.voice.assistant.test_spoken_session import ToldErrands
from tests.voice.dialogue.small_library import NOW
from voice.assistant.braille_rendering import layout
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.scripted_session import ScriptedSession
from voice.dialogue.context import Profile, begin
from voice.dialogue.turn import ExpectedInput
from voice.nlu.phrasebook import Phrasebook
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.values.audio import ChannelKind


async def test_rows_follow_what_the_reader_prefers() -> None:
    context = begin(Profile(CAPABILITIES[ChannelKind.TYPED], True, NOW, "en"))
    session = DialogueSession(context, ToldErrands(), cast(Phrasebook, None), lambda: NOW)

    async def hear_file(path: Path, expects: ExpectedInput) -> None:
        raise AssertionError("nothing was recorded")

    scripted = ScriptedSession(session, hear_file, Speaker(Synthesiser()))
    await scripted.begin()
    reply = await scripted.take("key", "3")
    plain = reply.rows
    session.prefer(lambda own: own.__class__(capitals=True))
    reply = await scripted.take("key", "3")
    lines, preferences = reply.exchange.lines, reply.exchange.context.preferences
    assert reply.rows != plain
    assert reply.rows == tuple(to_unicode(row.cells) for row in layout(lines, preferences)(40))

"""What the log says of a turn, and what it must not say."""

from __future__ import annotations

import json
import logging

import pytest

from tests.voice.assistant.test_spoken_session import ToldErrands
from tests.voice.dialogue.small_library import NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.turn_log import log_turn
from voice.dialogue.context import Profile, begin
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind


async def test_a_turn_is_one_record_without_a_word_of_the_reader(caplog: pytest.LogCaptureFixture) -> None:
    context = begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, "ru"))
    session = DialogueSession(context, ToldErrands(), Phrasebook.load(), lambda: NOW)
    exchange = await session.exchange(session.understand_text("найди книгу абай жолы"))
    with caplog.at_level(logging.INFO):
        log_turn("call 1", exchange)
    assert not caplog.records
    with caplog.at_level(logging.DEBUG, "voice.assistant.turn_log"):
        log_turn("call 1", exchange)
    (record,) = caplog.records
    turn = json.loads(record.getMessage().removeprefix("turn "))
    assert (turn["conversation"], turn["intent"], turn["commands"]) == ("call 1", "search", ["Search"])
    assert turn["understand_ms"] > 0 and "act_ms" in turn
    assert "абай" not in record.getMessage()

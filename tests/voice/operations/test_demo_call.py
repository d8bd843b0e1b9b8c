"""`dauys demo` from beginning to end: SIP, speech both ways, keys, a booking, Braille, a stereo recording."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from voice.operations.demo_call import Spoken, demonstrate


@pytest.mark.real
async def test_a_whole_call_ends_with_a_booking(tmp_path: Path) -> None:
    turns: list[Spoken] = []
    announced: list[str] = []
    outcome = await demonstrate(tmp_path, turns.append, announced.append)
    assert "SIP" in announced[0]
    assert turns[0].exchange.exchange.lines
    assert all(turn.rows for turn in turns)
    assert any(turn.latency_ms is not None for turn in turns)
    states = [turn.exchange.exchange.context.name for turn in turns]
    assert states[-1] == "goodbye"
    assert {"ticket", "pin", "slots", "confirm", "booked"} <= set(states)
    assert outcome.booking
    assert outcome.booking.status == "confirmed"
    with wave.open(str(outcome.recording)) as recording:
        assert recording.getnchannels() == 2
        assert recording.getnframes() > 8000 * 10

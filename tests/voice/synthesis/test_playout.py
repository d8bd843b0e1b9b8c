from __future__ import annotations

import asyncio
import time
import wave
from collections.abc import AsyncIterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import earcon_maker
from voice.synthesis.earcons import earcon
from voice.synthesis.playout import AHEAD, REPEAT, Playout

SILENCE = bytes(320)


def frame(number: int) -> bytes:
    return bytes([number % 255 + 1]) * 320


def pull(playout: Playout, count: int) -> list[bytes]:
    return [playout.next_frame() for _ in range(count)]


def test_silence_is_played_when_there_is_nothing_to_say() -> None:
    assert pull(Playout(8000), 2) == [SILENCE, SILENCE]
    assert len(Playout(16000).next_frame()) == 640


@given(st.lists(st.integers(0, 2000), max_size=8))
def test_every_frame_is_20_ms_whatever_is_added(lengths: list[int]) -> None:
    playout = Playout(8000)
    for length in lengths:
        playout.add(b"\1" * length)
    played = pull(playout, sum(lengths) // 320 + len(lengths) + 1)
    assert {len(one) for one in played} == {320}
    assert b"".join(played).count(1) == sum(lengths)
    assert not playout.is_speaking


def test_an_interruption_stops_speech_with_the_next_frame() -> None:
    playout = Playout(8000)
    playout.add(frame(1) * 50)
    pull(playout, 3)
    playout.flush()
    assert pull(playout, 3) == [SILENCE] * 3
    assert not playout.is_speaking


def test_a_false_interruption_goes_on_a_little_before_the_break() -> None:
    playout = Playout(8000)
    for number in range(60):
        playout.add(frame(number))
    pull(playout, 40)
    playout.pause()
    assert pull(playout, 10) == [SILENCE] * 10
    assert playout.is_speaking
    playout.resume()
    assert pull(playout, REPEAT + 20) == [frame(number) for number in range(40 - REPEAT, 60)]


def test_what_was_said_before_a_silence_is_not_repeated() -> None:
    playout = Playout(8000)
    playout.add(frame(1))
    pull(playout, 3)
    playout.add(frame(2) * 3)
    pull(playout, 1)
    playout.pause()
    playout.resume()
    assert pull(playout, 4) == [frame(2)] * 3 + [SILENCE]


def test_the_beginning_and_the_end_of_speaking_are_reported_once_each() -> None:
    heard: list[bool] = []
    playout = Playout(8000, lambda: heard.append(playout.is_speaking))
    playout.add(frame(1) * 2)
    playout.add(frame(2))
    assert heard == [True]
    pull(playout, 2)
    assert heard == [True]
    pull(playout, 3)
    assert heard == [True, False]
    playout.add(frame(1))
    playout.flush()
    playout.add(b"")
    assert heard == [True, False, True], "who flushes knows it"


def test_the_line_being_spoken_is_known() -> None:
    playout = Playout(8000)
    for mark in (0, 1):
        playout.mark(mark)
        playout.add(frame(mark) * 2)
    assert [(playout.next_frame(), playout.current)[1] for _ in range(5)] == [0, 0, 1, 1, None]


def test_the_moment_at_which_a_frame_is_due_counts_what_is_before_it() -> None:
    playout = Playout(8000)
    playout.next_frame()
    empty = playout.due()
    playout.add(frame(1) * 50)
    assert playout.due() - empty == pytest.approx(1.0, abs=0.2)
    assert empty >= time.monotonic() - 1


async def test_speech_is_made_only_a_little_ahead() -> None:
    made = 0

    async def speech() -> AsyncIterator[bytes]:
        nonlocal made
        for number in range(10 * AHEAD):
            made += 1
            yield frame(number)

    playout = Playout(8000)
    saying = asyncio.create_task(playout.say(speech()))
    await asyncio.sleep(0.05)
    assert made <= AHEAD + 1
    saying.cancel()
    playout.flush()
    assert not playout.is_speaking


@pytest.mark.parametrize("name", ["tick", "waiting", "working", "done", "sorry"])
def test_earcons_are_what_their_recipe_makes(name: str) -> None:
    recipes = earcon_maker.tomllib.loads((files("voice.synthesis") / "earcons.toml").read_text(encoding="utf-8"))
    with (files("voice.synthesis") / "sounds" / f"{name}.wav").open("rb") as stored, wave.open(stored) as sound:
        shipped = sound.readframes(sound.getnframes())
    assert shipped == earcon_maker.compose(recipes[name]).raw_data
    assert len(earcon(name, 8000)) * 2 == pytest.approx(len(earcon(name, 16000)), abs=8)

"""A station in a room of PulseAudio's null sinks: a virtual reader speaks to it and hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from tests.rig.pulse_room import Room, room
from voice.channels.call import Frame, HangUp, Key
from voice.channels.echo_cancellation import EchoCanceller
from voice.channels.errors import NoSound
from voice.channels.station.audio_device import BLOCK, RATE, SILENCE, open_sound
from voice.channels.station.echo_control import ByTurns, Untouched, cleaning_for
from voice.channels.station.station_call import open_station
from voice.values.audio import ChannelKind


def speech(seconds: float, seed: int = 1) -> bytes:
    noise = np.random.default_rng(seed).normal(0, 3000, int(RATE * seconds))
    return (noise * np.sin(np.arange(len(noise)) / 1800)).astype("<i2").tobytes()


def likeness(heard: bytes, said: bytes) -> float:
    """Correlation of `said` with the place in `heard` that is most like it."""
    a, b = (np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(float) for pcm in (heard, said))
    length = 1 << (len(a) + len(b)).bit_length()
    match = np.fft.irfft(np.fft.rfft(a, length) * np.conj(np.fft.rfft(b, length)), length)
    at = int(match[: len(a) - len(b)].argmax())
    return float(np.corrcoef(a[at : at + len(b)], b)[0, 1])


def pieces_like(heard: bytes, said: bytes) -> float:
    """Median likeness of pieces of 100 ms: a busy machine may tear sound in one place, not in most."""
    piece = RATE // 10 * 2
    return float(np.median([likeness(heard, said[at : at + piece]) for at in range(0, len(said) - piece, piece)]))


def blocks(pcm: bytes) -> Iterator[bytes]:
    for at in range(0, len(pcm) - len(SILENCE) + 1, len(SILENCE)):
        yield pcm[at : at + len(SILENCE)]


@pytest.fixture(scope="module")
def here() -> Iterator[Room]:
    with room() as it:
        yield it


@pytest.mark.real
async def test_a_reader_speaks_and_is_spoken_to(here: Room) -> None:
    said, answer = speech(1.0), speech(1.0, seed=2)
    async with open_station(headphones=True) as call:
        assert (call.rate, call.kind, call.private) == (RATE, ChannelKind.STATION, True)
        listening = asyncio.create_task(here.listen(3))
        await asyncio.sleep(0.5)
        queue = list(blocks(answer))
        call.speak_from(lambda: queue.pop(0) if queue else SILENCE)
        await here.say(said)
        spoken = await listening
        call.press("1")
        call.press("x")
        await call.hang_up()
        events = [event async for event in call.events()]
    heard = b"".join(event.pcm for event in events if isinstance(event, Frame))
    assert pieces_like(heard, said) > 0.95
    assert pieces_like(spoken, answer) > 0.95
    assert [event for event in events if isinstance(event, Key)] == [Key("1")]
    assert isinstance(events[-1], HangUp)


@pytest.mark.real
async def test_push_to_talk_hears_only_while_it_is_pressed(here: Room) -> None:
    async with open_station(headphones=True, push_to_talk=True) as call:
        await here.say(speech(0.4))
        call.talk(True)
        await here.say(speech(0.4))
        call.talk(False)
        await call.hang_up()
        frames = [event.pcm async for event in call.events() if isinstance(event, Frame)]
    loud = [any(frame) for frame in frames]
    assert not any(loud[:20])
    assert any(loud)


@pytest.mark.real
async def test_a_station_recovers_when_its_sound_has_gone(here: Room) -> None:
    async with open_sound() as sound:
        await sound.next_block()
        here.stop()
        async with asyncio.timeout(10):
            while not sound.problem:
                await asyncio.sleep(0.05)
        assert "Connect it again" in sound.problem
        here.start()
        async with asyncio.timeout(20):
            while sound.problem:
                await asyncio.sleep(0.05)
        while not sound._heard.empty():
            sound._heard.get_nowait()
        assert len(await asyncio.wait_for(sound.next_block(), 5)) == 2 * BLOCK


@pytest.mark.real
async def test_a_device_that_comes_after_the_start_is_found(here: Room) -> None:
    import sounddevice

    here.stop()
    sounddevice._terminate()
    sounddevice._initialize()  # as a program does that starts before its microphone is there
    try:
        with pytest.raises(NoSound):
            async with open_sound():
                pass
    finally:
        here.start()
    async with open_sound() as sound:
        assert len(await asyncio.wait_for(sound.next_block(), 5)) == 2 * BLOCK


@pytest.mark.real
async def test_a_device_that_is_not_there_is_one_clear_sentence(here: Room) -> None:
    with pytest.raises(NoSound, match="no input device is called 'no such thing'"):
        async with open_station(input_device="no such thing"):
            pass


def test_headphones_need_no_cleaning() -> None:
    assert isinstance(cleaning_for(headphones=True, half_duplex=False), Untouched)
    assert isinstance(cleaning_for(headphones=False, half_duplex=True), ByTurns)


def test_by_turns_nothing_is_heard_while_something_is_said() -> None:
    turns, said = ByTurns(), speech(0.1)[: len(SILENCE)]
    assert turns.clean(said) == said
    turns.played(said)
    assert turns.clean(said) == SILENCE
    for _ in range(20):
        turns.played(SILENCE)
    assert turns.clean(said) == said


def test_the_canceller_takes_the_station_out_of_what_it_hears() -> None:
    cleaning = cleaning_for(headphones=False, half_duplex=False)
    assert isinstance(cleaning, EchoCanceller)
    played = speech(6.0)
    # The room: half as loud, 40 ms later.
    echo = np.concatenate([np.zeros(640), np.frombuffer(played, "<i2") / 2]).astype("<i2").tobytes()
    heard = []
    for out, back in zip(blocks(played), blocks(echo), strict=False):
        cleaning.played(out)
        heard.append(cleaning.clean(back))
    assert all(len(block) == len(SILENCE) for block in heard)
    rest = np.frombuffer(b"".join(heard[150:]), "<i2").astype(float)
    before = np.frombuffer(echo[150 * len(SILENCE) :], "<i2").astype(float)
    assert np.sqrt(np.mean(rest**2)) < np.sqrt(np.mean(before**2)) / 10

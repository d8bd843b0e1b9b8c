from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.recognition.endpoint import ONSET_FRAMES, Endpointer, EndpointEvent
from voice.recognition.recognition_mode import RecognitionMode, Timing, load_timings
from voice.values.audio import FRAME_MS

TIMING = Timing(complete_ms=200, trailing_ms=500, noisy_complete_ms=400, noisy_ms=900, longest_s=3)


def steps(pattern: str, endpointer: Endpointer | None = None) -> list[tuple[int, EndpointEvent]]:
    """Every change with its frame; "#" is a voiced frame, "." a silent one."""
    endpointer = endpointer or Endpointer(TIMING)
    taken = [(number, endpointer.frame(sign == "#")) for number, sign in enumerate(pattern)]
    return [(number, step) for number, step in taken if step is not EndpointEvent.NOTHING]


def test_an_utterance_begins_pauses_and_ends() -> None:
    said = "." * 5 + "#" * 20 + "." * 30
    assert steps(said) == [
        (5, EndpointEvent.BEGINS),
        (5 + ONSET_FRAMES - 1, EndpointEvent.STARTED),
        (25 + 200 // FRAME_MS - 1, EndpointEvent.PAUSED),
        (25 + 500 // FRAME_MS - 1, EndpointEvent.ENDED),
        *[(number, EndpointEvent.ENDED) for number in range(50, 55)],
    ]


def test_a_pause_is_no_end_when_the_reader_goes_on() -> None:
    taken = [step for _, step in steps("#" * 20 + "." * 15 + "#" * 10 + "." * 12)]
    assert taken == [
        EndpointEvent.BEGINS,
        EndpointEvent.STARTED,
        EndpointEvent.PAUSED,
        EndpointEvent.RESUMED,
        EndpointEvent.PAUSED,
    ]


def test_a_click_is_forgotten_and_a_crackle_ends_no_pause() -> None:
    assert [step for _, step in steps("#" + "." * 10)] == [EndpointEvent.BEGINS, EndpointEvent.DROPPED]
    taken = [step for _, step in steps("#" * 20 + "." * 15 + "#" + "." * 9)]
    assert taken[-2:] == [EndpointEvent.PAUSED, EndpointEvent.ENDED]


def test_a_very_short_word_gets_its_chance() -> None:
    assert [step for _, step in steps("####" + "." * 8)] == [EndpointEvent.BEGINS, EndpointEvent.SHORT]


def in_noise(pattern: str) -> list[EndpointEvent]:
    endpointer = Endpointer(TIMING)
    endpointer.noisy = True
    return [step for _, step in steps(pattern, endpointer)]


def test_where_noise_hides_syllables_a_silence_must_be_longer() -> None:
    pieces = "###" + "." * 12 + "###" + "." * 12 + "######"
    assert in_noise(pieces) == [EndpointEvent.BEGINS, EndpointEvent.STARTED]
    assert EndpointEvent.SHORT in [step for _, step in steps(pieces)]
    said = "#" * 20
    assert (
        in_noise(said + "." * 19)[-1] is EndpointEvent.STARTED and in_noise(said + "." * 20)[-1] is EndpointEvent.PAUSED
    )
    assert EndpointEvent.ENDED not in in_noise(said + "." * 44) and in_noise(said + "." * 45)[-1] is EndpointEvent.ENDED


def test_noise_without_end_is_ended() -> None:
    assert (3000 // FRAME_MS - 1, EndpointEvent.ENDED) in steps("#" * 200)


@given(st.lists(st.booleans(), max_size=400))
def test_whatever_comes_an_utterance_that_started_ends_within_its_longest(frames: list[bool]) -> None:
    endpointer = Endpointer(TIMING)
    open_for = 0
    for voiced in frames:
        step = endpointer.frame(voiced)
        if step in (EndpointEvent.ENDED, EndpointEvent.SHORT, EndpointEvent.DROPPED):
            endpointer.end()
            open_for = 0
        elif open_for or step is EndpointEvent.BEGINS:
            open_for += FRAME_MS
        assert open_for <= TIMING.longest_s * 1000


@pytest.mark.parametrize("expectation", RecognitionMode)
def test_every_expectation_has_its_timing(expectation: RecognitionMode) -> None:
    timing = load_timings()[expectation]
    assert 100 <= timing.complete_ms <= timing.trailing_ms <= timing.noisy_ms < timing.longest_s * 1000
    assert timing.complete_ms <= timing.noisy_complete_ms <= timing.noisy_ms

"""What holds on every line at every moment, whatever the reader, the dialogue, the playout and time do."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.turntaking.exploring import ANSWERS, CHANNELS, DESK, NO_INPUT, UTTERANCES, Channel, begun, explored
from voice.turntaking.actions import (
    Action,
    EndCall,
    FeedSilence,
    FlushPlayout,
    PlayEarcon,
    ReaderInput,
    ResumePlayout,
    Submit,
)
from voice.turntaking.machine import Phase, TurnTaking
from voice.turntaking.timing import TurnTiming
from voice.turntaking.turn_events import (
    AnswerPart,
    AnswerStarted,
    Arrived,
    CallEnded,
    FrameReceived,
    KeyPressed,
    PlayoutDrained,
    PlayoutStarted,
    RecognitionFailed,
    ServiceClosing,
    SpeechEnded,
    SpeechStarted,
    StopRequested,
    Tick,
    TurnEvent,
)
from voice.values.expected_input import ExpectedInput

ACT = Submit(ReaderInput.ACT)
EVENTS: tuple[TurnEvent, ...] = (
    Arrived(), SpeechStarted(0), *UTTERANCES, RecognitionFailed(), RecognitionFailed(again=True),
    ServiceClosing(), KeyPressed(), *(AnswerStarted(submitted) for submitted in ReaderInput),
    StopRequested(), AnswerPart(ExpectedInput.LETTERS, "ru"), *ANSWERS, PlayoutStarted(), PlayoutDrained(),
    PlayoutDrained(more=True), FrameReceived(), Tick(),
)  # fmt: skip


def is_live(machine: TurnTaking) -> bool:
    return machine._phase in (Phase.TALKING, Phase.CLOSING)


def test_every_phase_and_every_action_is_reached() -> None:
    worlds, steps = explored()
    assert {world.machine._phase for world in worlds} == set(Phase)
    assert {type(action) for step in steps for action in step.actions} == set(Action.__args__) - {FeedSilence}
    assert {submitted for world in worlds for submitted in world.inbox} == set(ReaderInput)


def test_nothing_that_the_reader_does_is_submitted_twice_or_without_its_event() -> None:
    submitted = 0
    for step in explored()[1]:
        acts = step.actions.count(ACT)
        assert acts <= (1 if isinstance(step.event, SpeechEnded | RecognitionFailed | KeyPressed) else 0), step
        assert step.actions.count(Submit(ReaderInput.NO_INPUT)) <= isinstance(step.event, Tick), step
        submitted += acts
    assert submitted > 1000


def test_what_is_submitted_has_ended_what_was_said_before() -> None:
    for step in explored()[1]:
        if ACT in step.actions:
            assert step.actions[0] == FlushPlayout() and not step.after.queued and not step.after.paused


def test_an_utterance_in_a_conversation_is_submitted_or_the_sentence_goes_on() -> None:
    ended = 0
    for step in explored()[1]:
        if isinstance(step.event, SpeechEnded) and step.before.machine._phase is Phase.TALKING:
            ended += 1
            goes_on = step.after.queued == step.before.queued and not step.after.paused
            assert (ACT in step.actions) != goes_on or not step.before.queued, step
            assert ACT in step.actions or set(step.actions) <= {ResumePlayout()}, step
    assert ended > 1000


def test_playout_is_paused_only_while_it_is_open_what_the_reader_says() -> None:
    worlds, _ = explored()
    assert any(world.paused and world.queued for world in worlds)
    for world in worlds:
        assert world.over or not world.paused or world.in_speech, world
        assert world.over or world.machine._paused == world.paused, world


def test_the_machine_knows_whether_something_is_played() -> None:
    for world in explored()[0]:
        assert world.over or world.machine.is_playing == world.queued, world


def test_a_call_is_ended_only_when_all_has_been_played_or_flushed_and_only_once() -> None:
    ended = 0
    for step in explored()[1]:
        if EndCall() not in step.actions:
            continue
        ended += 1
        assert step.actions[-1] == EndCall() and step.actions.count(EndCall()) == 1
        assert step.before.machine._phase is Phase.CLOSING and not step.after.queued, step
        # Speech that cannot be made in the time of a silence is given up.
        assert not step.after.making or isinstance(step.event, Tick), step
    assert ended > 20


def test_when_a_call_is_over_nothing_happens_any_more() -> None:
    over = [world.machine for world in explored()[0] if world.machine._phase is Phase.OVER]
    assert over
    for machine in over:
        assert machine.deadline is None and machine.is_closing
        for event in EVENTS:
            assert copy.copy(machine).on(event, 1000.0) == ()


def test_the_line_is_never_dead() -> None:
    """Where nobody does anything and nothing is played, something is heard or asked within the limit."""
    waiting = 0
    for world in explored()[0]:
        machine = copy.copy(world.machine)
        if not is_live(machine) or world.channel is DESK or world.queued or world.in_speech:
            continue
        waiting += 1
        due = machine.deadline
        assert due is not None and due <= world.now + NO_INPUT.repeat_s, world
        assert machine.on(Tick(), due), world
    assert waiting > 1000


def test_a_line_without_a_limit_is_never_asked_by_itself() -> None:
    for step in explored()[1]:
        if step.before.channel is DESK and isinstance(step.event, Tick):
            assert step.actions == (), step


def test_time_that_has_passed_is_answered_once() -> None:
    """Or a loop that waits for the deadline would spin."""
    for step in explored()[1]:
        if isinstance(step.event, Tick) and step.after.machine.deadline is not None:
            assert step.after.machine.deadline > step.after.now, step
            assert copy.copy(step.after.machine).on(Tick(), step.after.now) == (), step


def test_nobody_is_asked_or_reminded_while_she_speaks() -> None:
    for step in explored()[1]:
        if isinstance(step.event, Tick) and step.before.in_speech:
            assert step.actions == (), step


def test_a_soft_sound_comes_once_in_a_silence_and_never_over_speech() -> None:
    for step in explored()[1]:
        if PlayEarcon("waiting") in step.actions:
            assert not step.before.queued and not step.before.in_speech
            after, then = step.after, []
            for _ in range(round(NO_INPUT.repeat_s)):
                after, actions = after.after(Tick(), now=after.now + 1)
                then += actions
            assert then[0] == Submit(ReaderInput.NO_INPUT), step


def test_a_station_says_nothing_before_its_reader_is_there() -> None:
    for step in explored()[1]:
        if step.before.machine._phase is Phase.AWAITING:
            assert not step.before.inbox and not step.before.queued
            assert step.after.machine._phase is not Phase.TALKING or step.actions[1] == Submit(ReaderInput.ARRIVAL)


@pytest.mark.parametrize("channel", CHANNELS)
@given(taken=st.lists(st.tuples(st.integers(0, 99), st.floats(0, 30)), max_size=40))
def test_the_same_holds_at_any_pace(channel: Channel, taken: list[tuple[int, float]]) -> None:
    world = begun(channel)
    for chosen, seconds in taken:
        moves = list(world.moves())
        if not moves:
            assert world.machine.deadline is None
            return
        event, changes = moves[chosen % len(moves)]
        before = world
        world, actions = world.after(event, **{**changes, "now": world.now + seconds})
        assert world.over or not world.paused or world.in_speech
        assert world.over or world.machine.is_playing == world.queued
        assert actions.count(ACT) <= isinstance(event, SpeechEnded | RecognitionFailed | KeyPressed)
        assert EndCall() not in actions or (before.machine.is_closing and not world.queued)
        if isinstance(event, Tick) and world.machine.deadline is not None:
            assert world.machine.deadline > world.now


@given(
    events=st.lists(st.tuples(st.sampled_from((*EVENTS, CallEnded())), st.floats(0, 30)), max_size=60),
    station=st.booleans(),
)
def test_no_order_of_events_breaks_the_machine(events: list[tuple[TurnEvent, float]], station: bool) -> None:
    now = 0.0
    timing = TurnTiming(cough_ms=500, coughed_word_ms=400, earcon_ms=1000, mute_ms=100, silence_frame_ms=20)
    machine = Channel(NO_INPUT, station=station).machine(now, timing)
    hung_up = 0
    for event, seconds in events:
        now += seconds
        actions = machine.on(event, now)
        hung_up += EndCall() in actions
        assert not (isinstance(event, CallEnded) and actions)
        assert (machine.deadline is None) == (machine._phase is Phase.OVER)
    assert hung_up <= 1

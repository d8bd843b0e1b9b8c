"""Walks through every state that one line can be in: all that a reader, the dialogue, the playout and time may do."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from voice.turntaking.actions import (
    Action,
    DropAnswer,
    EndCall,
    FeedSilence,
    FlushPlayout,
    PausePlayout,
    PlayEarcon,
    ReaderInput,
    ResumePlayout,
    Submit,
)
from voice.turntaking.machine import Phase, TurnTaking
from voice.turntaking.timing import NoInputTiming, TurnTiming
from voice.turntaking.turn_events import (
    AnswerDone,
    AnswerPart,
    AnswerStarted,
    Arrived,
    CallEnded,
    KeyPressed,
    Meaning,
    MeaningKind,
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

TIMING = TurnTiming(cough_ms=500, coughed_word_ms=400, earcon_ms=1000, mute_ms=10**9, silence_frame_ms=20)
"""In whole seconds, so that a walk in steps of one second meets every deadline. The line is never mute: that changes
nothing else."""
NO_INPUT = NoInputTiming(question_s=2, repeat_s=3)
LONGEST_INBOX = 2
"""Submissions that wait while the library is slow: what a third one changes, a second one does too."""
FAR_S = 3.0
"""Ages beyond this are alike: every limit is over."""

UTTERANCES = (
    SpeechEnded(200, Meaning(MeaningKind.NOTHING)),
    SpeechEnded(600, Meaning(MeaningKind.NOTHING)),
    SpeechEnded(300, Meaning(MeaningKind.WORDS, "kk")),
    SpeechEnded(600, Meaning(MeaningKind.WORDS, "kk")),
    SpeechEnded(600, Meaning(MeaningKind.UNHEARD, "kk")),
    SpeechEnded(600, Meaning(MeaningKind.OWN_WORDS, "kk")),
    SpeechEnded(600, Meaning(MeaningKind.DOUBTFUL, "kk")),
    SpeechEnded(300, Meaning(MeaningKind.NUMBER, "en")),
    SpeechEnded(600, Meaning(MeaningKind.GREETING, "kk")),
    SpeechEnded(600, Meaning(MeaningKind.INTENT, "kk")),
)
ANSWERS = (
    AnswerDone(ExpectedInput.SPEECH, "kk"),
    AnswerDone(ExpectedInput.CONFIRMATION, "kk"),
    AnswerDone(ExpectedInput.LETTERS, "en"),
    AnswerDone(ExpectedInput.SPEECH, "kk", hang_up=True, forget=True),
    AnswerDone(ExpectedInput.SPEECH, "kk", forget=True),
    AnswerDone(ExpectedInput.SPEECH, "kk", goes_on=True),
)


@dataclass(frozen=True, slots=True)
class Channel:
    """A kind of line."""

    no_input: NoInputTiming | None
    station: bool = False
    private: bool = True

    def machine(self, now: float, timing: TurnTiming = TIMING) -> TurnTaking:
        return TurnTaking(
            now, no_input=self.no_input, language="kk", station=self.station, private=self.private, timing=timing
        )


TELEPHONE = Channel(NO_INPUT)
DESK = Channel(None)
STATION = Channel(NO_INPUT, station=True, private=False)
HEADPHONES = Channel(NO_INPUT, station=True)
CHANNELS = (TELEPHONE, DESK, STATION, HEADPHONES)


Move = tuple[TurnEvent, Mapping[str, object]]
"""What happens, and what it changes beside the machine."""


@dataclass(frozen=True, slots=True)
class World:
    """The machine and all that it does not see, which must never come to disagree with it."""

    channel: Channel
    machine: TurnTaking
    now: float = 0.0
    inbox: tuple[ReaderInput, ...] = ()
    answering: bool = False
    making: bool = False
    """Speech is being made of an answer."""
    queued: bool = False
    """Some of it, or an earcon, is left to play."""
    paused: bool = False
    in_speech: bool = False
    over: bool = False

    def after(self, event: TurnEvent, **changes: object) -> tuple[World, tuple[Action, ...]]:
        """The world with `changes`, when the machine has been told and its actions are done."""
        world = replace(self, machine=copy.copy(self.machine), **changes)  # type: ignore[arg-type]
        actions = world.machine.on(event, world.now)
        for action in actions:
            world = world.done(action)
        if PlayEarcon("waiting") in actions:
            world.machine.on(PlayoutStarted(), world.now)
        return world, actions

    def done(self, action: Action) -> World:
        match action:
            case PausePlayout():
                return replace(self, paused=True)
            case ResumePlayout():
                return replace(self, paused=False)
            case FlushPlayout():
                return replace(self, paused=False, queued=False, making=False)
            case DropAnswer():
                return replace(self, queued=False, making=False)
            case Submit(submitted):
                return replace(self, inbox=(*self.inbox, submitted))
            case PlayEarcon():
                return replace(self, queued=True)
            case EndCall():
                return replace(self, over=True)
            case FeedSilence():
                return self

    def moves(self) -> Iterator[Move]:
        """What may happen next."""
        if self.over:
            return
        yield CallEnded(), {"over": True}
        if len(self.inbox) < LONGEST_INBOX:
            yield Tick(), {"now": self.now + 1}
            yield from self.acts()
        yield from self.answers()
        yield from self.sounds()

    def acts(self) -> Iterator[Move]:
        if not self.in_speech:
            yield SpeechStarted(self.now), {"in_speech": True}
        yield from ((utterance, {"in_speech": False}) for utterance in UTTERANCES)
        yield from ((RecognitionFailed(again), {"in_speech": False}) for again in (False, True))
        yield ServiceClosing(), {}
        yield KeyPressed(), {}

    def answers(self) -> Iterator[Move]:
        if self.answering:
            yield StopRequested(), {}
            yield AnswerPart(ExpectedInput.SPEECH, "kk"), {"making": True}
            yield from ((answer, {"answering": False, "making": True}) for answer in ANSWERS)
            yield ANSWERS[0], {"answering": False}
        elif self.inbox and not self.machine.is_closing:
            yield AnswerStarted(self.inbox[0]), {"inbox": self.inbox[1:], "answering": True}

    def sounds(self) -> Iterator[Move]:
        if self.queued and not self.paused:
            yield PlayoutDrained(more=self.making), {"queued": False}
        elif self.making:
            yield PlayoutStarted(), {"queued": True, "making": False}
            yield PlayoutStarted(), {"queued": True}
        if not self.queued:
            yield PlayoutDrained(), {"making": False}

    def likeness(self) -> tuple[object, ...]:
        """Worlds that differ in this go on differently."""
        inside = tuple(
            max(-FAR_S, min(FAR_S, self.now - value)) if name.endswith("_at") else value
            for name, value in vars(self.machine).items()
            if name != "_private" or self.machine._phase is Phase.AWAITING  # it decides only who has come
        )
        outside = (self.inbox, self.answering, self.making, self.queued, self.paused, self.in_speech, self.over)
        return (inside, outside)


@dataclass(frozen=True, slots=True)
class Happened:
    """One step from one world to the next."""

    before: World
    event: TurnEvent
    actions: tuple[Action, ...]
    after: World


def begun(channel: Channel) -> World:
    world = World(channel, channel.machine(0.0))
    return world if channel.station else world.after(Arrived())[0]


@cache
def explored() -> tuple[tuple[World, ...], tuple[Happened, ...]]:
    """One world of every likeness that can be reached, breadth first, and every step between them."""
    found: list[World] = []
    steps: list[Happened] = []
    known = set()
    for channel in CHANNELS:
        waiting = [begun(channel)]
        while waiting:
            following = []
            for world in waiting:
                if (like := world.likeness()) in known:
                    continue
                known.add(like)
                found.append(world)
                for event, changes in world.moves():
                    after, actions = world.after(event, **changes)
                    steps.append(Happened(world, event, actions, after))
                    following.append(after)
            waiting = following
    return tuple(found), tuple(steps)

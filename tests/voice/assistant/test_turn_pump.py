"""Which events the session held by voice gives to the machine of turn-taking, and that it does what that wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import cast

import pytest

from tests.voice.assistant.test_spoken_session import QUIET, Line, ToldEar, ToldErrands
from tests.voice.dialogue.small_library import NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.assistant.interruption import meaning
from voice.assistant.spoken_session import SpokenExchange, SpokenSession, no_input_timing
from voice.channels.call import Frame, HangUp, Key, ShutdownNotice
from voice.configuration.settings import WaitingSettings
from voice.dialogue.context import Profile, begin
from voice.dialogue.events import Began, Event, NotUnderstood, Said, ServiceEnding, Silence
from voice.dialogue.turn import Control, Turn
from voice.nlu.phrasebook import Phrasebook
from voice.recognition.recognition_session import RecognitionSession
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.turntaking.timing import NoInputTiming
from voice.turntaking.turn_events import Meaning, MeaningKind
from voice.values.audio import ChannelKind
from voice.values.intents import Intent
from voice.values.utterances import HearingEvent, Hypothesis, Utterance

WAITING = WaitingSettings(question_s=8, repeat_s=20, station_end_s=60)


class CountingEar(ToldEar):
    """Counts what it is fed, and can break."""

    def __init__(self, breaks_after: int = 10**9) -> None:
        super().__init__()
        self.fed: asyncio.Queue[bytes] = asyncio.Queue()
        self.left = breaks_after

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        self.fed.put_nowait(pcm)
        self.left -= 1
        if self.left < 0:
            raise OSError("the recogniser broke")
        return await super().feed(pcm)


class CurtSession(DialogueSession):
    """Parts from its reader without a word."""

    async def handle(self, event: Event) -> AsyncIterator[Turn]:
        controls = frozenset() if isinstance(event, Began) else frozenset({Control.HANG_UP})
        yield Turn(self.context, controls=controls)


@pytest.fixture
def speaker() -> Speaker:
    return Speaker(Synthesiser())


def session(kind: type[DialogueSession] = DialogueSession) -> DialogueSession:
    return kind(
        begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW)),
        ToldErrands(),
        cast(Phrasebook, None),
        lambda: NOW,
    )


async def test_a_line_that_sends_nothing_is_heard_as_silence(speaker: Speaker) -> None:
    line, ear = Line(), CountingEar()
    running = asyncio.create_task(SpokenSession(line, session(), cast(RecognitionSession, ear), speaker, QUIET).run())
    fed = [await asyncio.wait_for(ear.fed.get(), 20) for _ in range(5)]
    assert fed == [bytes(320)] * 5, "20 ms each"
    line.coming.put_nowait(HangUp("the reader hung up"))
    await asyncio.wait_for(running, 20)


async def test_a_recogniser_that_breaks_on_a_mute_line_costs_a_question_and_no_call(speaker: Speaker) -> None:
    line, exchanges, counted = Line(), asyncio.Queue[SpokenExchange](), list[str]()
    spoken = SpokenSession(
        line,
        session(),
        cast(RecognitionSession, CountingEar(breaks_after=3)),
        speaker,
        QUIET,
        observe=exchanges.put_nowait,
        count=counted.append,
    )
    running = asyncio.create_task(spoken.run())
    events = [(await asyncio.wait_for(exchanges.get(), 20)).exchange.understood.event for _ in range(2)]
    assert events == [Began(), NotUnderstood()] and counted == ["decoding"]
    line.coming.put_nowait(HangUp("the reader hung up"))
    await asyncio.wait_for(running, 20)


@pytest.mark.parametrize("kind", [ChannelKind.TELEPHONE, ChannelKind.STATION])
async def test_a_service_about_to_stop_is_answered_where_a_reader_is(speaker: Speaker, kind: ChannelKind) -> None:
    line, exchanges = Line(kind), asyncio.Queue[SpokenExchange]()
    spoken = SpokenSession(
        line, session(CurtSession), cast(RecognitionSession, ToldEar()), speaker, QUIET, observe=exchanges.put_nowait
    )
    running = asyncio.create_task(spoken.run())
    line.coming.put_nowait(ShutdownNotice())
    if kind is ChannelKind.TELEPHONE:
        await asyncio.wait_for(running, 20)
        assert line.over
    line.coming.put_nowait(HangUp("the reader hung up"))
    await asyncio.wait_for(running, 20)
    answered = [exchanges.get_nowait().exchange.understood.event for _ in range(exchanges.qsize())]
    assert answered == ([Began(), ServiceEnding()] if kind is ChannelKind.TELEPHONE else [])


async def test_a_dialogue_that_parts_without_a_word_ends_the_call(speaker: Speaker) -> None:
    line, ended = Line(), asyncio.Queue[SpokenExchange]()
    spoken = SpokenSession(
        line, session(CurtSession), cast(RecognitionSession, ToldEar()), speaker, QUIET, observe=ended.put_nowait
    )
    running = asyncio.create_task(spoken.run())
    await asyncio.wait_for(ended.get(), 20)
    line.coming.put_nowait(Key("5"))
    await asyncio.wait_for(running, 20)
    assert line.over and ended.qsize() == 1


async def test_a_reader_who_says_nothing_is_asked_again_by_the_clock_alone(speaker: Speaker) -> None:
    """Frames come all the time, so that nothing but the deadline can wake the session."""
    line, exchanges = Line(), asyncio.Queue[SpokenExchange]()
    waiting = WaitingSettings.model_construct(question_s=0.05, repeat_s=0.1, station_end_s=60)
    spoken = SpokenSession(
        line, session(CurtSession), cast(RecognitionSession, ToldEar()), speaker, waiting, observe=exchanges.put_nowait
    )
    running = asyncio.create_task(spoken.run())
    while not running.done():
        line.source()
        line.coming.put_nowait(Frame(bytes(320)))
        await asyncio.sleep(0.001)
    running.result()
    assert [exchanges.get_nowait().exchange.understood.event for _ in range(2)] == [Began(), Silence()]


@pytest.mark.parametrize(
    ("kind", "patience", "timing"),
    [
        (ChannelKind.TELEPHONE, 3, NoInputTiming(8, 20)),
        (ChannelKind.STATION, 3, NoInputTiming(8, 20)),
        (ChannelKind.STATION, None, NoInputTiming(8, 60)),
        (ChannelKind.RECORDING, 3, NoInputTiming(8, 20)),
        (ChannelKind.DESK, None, None),
    ],
)
def test_how_long_a_silence_lasts_where(kind: ChannelKind, patience: int | None, timing: NoInputTiming | None) -> None:
    assert no_input_timing(kind, WAITING, patience) == timing
    longer = WAITING.model_copy(update={"station_end_s": 600.0})
    changed = no_input_timing(kind, longer, patience)
    assert (changed != timing) == (kind is ChannelKind.STATION)


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("digits", MeaningKind.NUMBER),
        ("select", MeaningKind.NUMBER),
        ("greeting", MeaningKind.GREETING),
        ("search", MeaningKind.INTENT),
        (None, MeaningKind.WORDS),
    ],
)
def test_what_an_utterance_means_to_turn_taking(intent: str | None, kind: MeaningKind) -> None:
    utterance = Utterance((Hypothesis("eight", "en", 0.8),), 0, 0)
    meant = Intent(intent, {}, "en") if intent else None
    event = Said(meant, 0.8) if meant else NotUnderstood("eight", 0.8)
    understood = Understood(event, "eight", "en", 0.8, meant)
    assert meaning(utterance, understood, session().context, ()) == Meaning(kind, "en")


def test_a_noise_means_nothing() -> None:
    assert meaning(Utterance((), 0, 0), Understood(NotUnderstood()), session().context, ()) == Meaning(
        MeaningKind.NOTHING
    )

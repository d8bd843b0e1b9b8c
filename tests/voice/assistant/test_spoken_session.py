"""A session held by voice, with a line and an ear that do as they are told; everything between them is real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import cast

import pytest

from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.spoken_session import SpokenExchange, SpokenSession
from voice.channels.call import CallEvent, Frame, FrameSource, HangUp, Key
from voice.configuration.settings import WaitingSettings
from voice.dialogue import commands
from voice.dialogue.context import Profile, begin
from voice.dialogue.events import Answered, Began, Failed, Silence
from voice.dialogue.turn import Control
from voice.nlu.phrasebook import Phrasebook
from voice.recognition.recognition_session import RecognitionMode, RecognitionSession
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.values.audio import FRAME_MS, ChannelKind
from voice.values.utterances import HearingEvent, Hypothesis, SpeechStarted, Utterance

SILENCE = bytes(320)
PULLED_S = 0.0005
"""Seconds between two frames: forty times as fast as a line pulls them."""
QUIET = WaitingSettings(question_s=120, repeat_s=600)
COUGH = (SpeechStarted(0), Utterance((), 0, 0, speech_ms=200))


def words(text: str, language: str = "ru") -> tuple[HearingEvent, ...]:
    return (SpeechStarted(0), Utterance((Hypothesis(text, language, 0.9),), 0, 0, speech_ms=600))


class Line:
    """A telephone line, or a station. Its frames are pulled as fast as the test wants."""

    id, rate, caller = "1", 8000, "line"

    def __init__(self, kind: ChannelKind = ChannelKind.TELEPHONE, *, private: bool = True) -> None:
        self.kind, self.private = kind, private
        self.source: FrameSource = lambda: SILENCE
        self.coming: asyncio.Queue[CallEvent] = asyncio.Queue()
        self.over = False

    async def events(self) -> AsyncIterator[CallEvent]:
        while True:
            event = await self.coming.get()
            yield event
            if isinstance(event, HangUp):
                return

    def speak_from(self, source: FrameSource) -> None:
        self.source = source

    async def hang_up(self) -> None:
        if not self.over:
            self.over = True
            self.coming.put_nowait(HangUp("Dauys hung up"))

    async def hand_over(self, target: str) -> bool:
        return False


class ToldEar:
    """Hears what it was told to, with the next frame."""

    def __init__(self) -> None:
        self.language = "kk"
        self.told: list[HearingEvent] = []

    def expect(self, expectation: RecognitionMode) -> None:
        pass

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        told, self.told = self.told, []
        return told

    async def close(self) -> None:
        pass


class ToldErrands(CommandExecutor):
    """A library that answers at once, unless it is held up."""

    def __init__(self) -> None:
        self.library = SmallLibrary()
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()

    async def do(self, ask: commands.Command) -> Answered | Failed:
        self.asked.set()
        await self.open.wait()
        return self.library.do(ask)

    async def finish(self) -> None:
        pass


class Talk:
    """A session under way."""

    def __init__(self, line: Line) -> None:
        self.line, self.ear, self.errands = line, ToldEar(), ToldErrands()
        self.exchanges: asyncio.Queue[SpokenExchange] = asyncio.Queue()
        self.running: asyncio.Task[None] | None = None
        self.session: DialogueSession | None = None
        self.false_interruptions = 0

    def count_false_interruption(self) -> None:
        self.false_interruptions += 1

    def hear(self, events: Sequence[HearingEvent]) -> None:
        self.ear.told += events
        self.line.coming.put_nowait(Frame(SILENCE))

    def press(self, key: str) -> None:
        self.line.coming.put_nowait(Key(key))

    async def exchange(self) -> SpokenExchange:
        return await asyncio.wait_for(self.exchanges.get(), 20)

    async def speech(self, frames: int = 500) -> int:
        """How many of the next frames hold sound; they are pulled faster than a line would."""
        loud = 0
        for _ in range(frames):
            loud += any(self.line.source())
            await asyncio.sleep(PULLED_S)
        return loud

    async def heard_out(self) -> None:
        """Pull frames until nothing is said any more."""
        while await self.speech(50):
            pass

    async def listen(self) -> None:
        """Pull frames as a line does, for ever."""
        while True:
            self.line.source()
            await asyncio.sleep(FRAME_MS / 1000)

    async def end(self) -> None:
        assert self.running
        while not self.running.done():
            self.line.source()
            await asyncio.sleep(PULLED_S)
        self.running.result()


Talking = Callable[..., AbstractAsyncContextManager[Talk]]


@pytest.fixture
async def talking(phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talking]:
    monkeypatch.setattr("voice.synthesis.playout.FRAME_S", PULLED_S)
    synthesiser = Synthesiser()

    @asynccontextmanager
    async def talk(line: Line | None = None, waiting: WaitingSettings = QUIET) -> AsyncIterator[Talk]:
        talk = Talk(line or Line())
        profile = Profile(CAPABILITIES[talk.line.kind], talk.line.private, NOW, "ru")
        talk.session = session = DialogueSession(begin(profile), talk.errands, phrasebook, lambda: NOW)
        spoken = SpokenSession(
            talk.line,
            session,
            cast(RecognitionSession, talk.ear),
            Speaker(synthesiser),
            waiting,
            observe=talk.exchanges.put_nowait,
            count_false_interruption=talk.count_false_interruption,
        )
        talk.running = asyncio.create_task(spoken.run())
        yield talk
        await talk.line.hang_up()
        await asyncio.wait_for(talk.end(), 20)

    yield talk
    synthesiser.close()


async def test_a_cough_while_nothing_is_said_does_not_silence_what_comes_next(talking: Talking) -> None:
    waiting = WaitingSettings.model_construct(question_s=600, repeat_s=1.0, station_end_s=600)
    async with talking(waiting=waiting) as talk:
        await talk.exchange()
        await talk.heard_out()
        talk.hear(COUGH)
        assert (await talk.exchange()).exchange.lines, "the question again, after a silence"
        assert await talk.speech(50) > 10


async def test_somebody_who_says_nothing_is_asked_again_and_parted_from(talking: Talking) -> None:
    waiting = WaitingSettings.model_construct(question_s=1.0, repeat_s=2.0, station_end_s=600)
    async with talking(waiting=waiting) as talk:
        assert (await talk.exchange()).exchange.understood.event == Began()
        await talk.heard_out()
        # At the pace of a line, on which the soft sound after a second lasts its time.
        pulling = asyncio.create_task(talk.listen())
        assert (await talk.exchange()).exchange.understood.event == Silence()
        pulling.cancel()
        await asyncio.wait_for(talk.end(), 60)
        assert [talk.exchanges.get_nowait().exchange.understood.event for _ in range(2)] == [Silence(), Silence()]


async def test_a_cough_interrupts_a_sentence_only_for_its_own_length(talking: Talking) -> None:
    async with talking() as talk:
        await talk.exchange()
        assert await talk.speech(50) > 10
        talk.hear(COUGH[:1])
        await talk.speech(5)
        assert await talk.speech(50) == 0
        talk.hear(COUGH[1:])
        await talk.speech(5)
        assert await talk.speech(50) > 10


@pytest.mark.parametrize("word", ["at", "eight"])
async def test_a_cough_that_is_heard_as_a_word_is_a_cough_still(talking: Talking, word: str) -> None:
    coughed = (SpeechStarted(0), Utterance((Hypothesis(word, "en", 0.84),), 0, 0, speech_ms=360))
    async with talking() as talk:
        await talk.exchange()
        assert await talk.speech(50) > 10
        talk.hear(coughed)
        await talk.speech(5)
        assert await talk.speech(50) > 10
        assert talk.exchanges.empty()


@pytest.mark.parametrize(
    ("text", "confidence", "speech_ms"),
    [("здравствуйте", 0.97, 700), ("конец", 0.018, 700), ("отмена", 0.59, 700), ("дальше", 0.59, 300)],
)
async def test_dauys_obeys_neither_its_own_words_nor_what_it_can_hardly_hear_over_them(
    talking: Talking, text: str, confidence: float, speech_ms: int
) -> None:
    echo = (SpeechStarted(0), Utterance((Hypothesis(text, "ru", confidence),), 0, 0, speech_ms))
    async with talking() as talk:
        await talk.exchange()
        assert await talk.speech(50) > 10
        talk.hear(echo[:1])
        await talk.speech(5)
        talk.hear(echo[1:])
        await talk.speech(5)
        assert await talk.speech(50) > 10, "the sentence goes on"
        assert talk.exchanges.empty() and talk.false_interruptions == 1


async def test_a_key_and_a_word_end_a_sentence_for_good(talking: Talking) -> None:
    async with talking() as talk:
        talk.errands.open.clear()
        for does in (lambda: talk.press("5"), lambda: talk.hear(words("найди книгу абай жолы"))):
            await talk.exchange()
            assert await talk.speech(50) > 10
            does()
            await talk.speech(5)
        await talk.errands.asked.wait()
        await talk.heard_out()
        assert await talk.speech(200) == 0
        talk.errands.open.set()
        await talk.exchange()
        assert await talk.speech(50) > 10


async def test_a_reader_who_hangs_up_in_the_middle_of_a_search_leaves_nothing_behind(talking: Talking) -> None:
    before = asyncio.all_tasks()
    async with talking() as talk:
        await talk.exchange()
        talk.errands.open.clear()
        talk.hear(words("найди книгу абай жолы"))
        await talk.errands.asked.wait()
        talk.line.coming.put_nowait(HangUp("the reader hung up"))
        await asyncio.wait_for(talk.end(), 10)
        assert talk.line.over
    assert asyncio.all_tasks() == before


async def test_of_many_keys_only_the_last_is_answered_aloud(talking: Talking) -> None:
    async with talking() as talk:
        await talk.exchange()
        for _ in range(20):
            talk.press("3")  # the menu: it is long
        for _ in range(20):
            said = (await talk.exchange()).exchange.lines
        assert said
        spoken = sum([await talk.speech(50) for _ in range(120)])
        assert 50 < spoken < 600, "one answer, not twenty"


async def test_somebody_who_presses_keys_for_an_hour_is_answered_still(talking: Talking) -> None:
    async with talking() as talk:
        await talk.exchange()
        for number in range(12_000):  # more than three a second
            talk.press("12456789#"[number * 7 % 9])
        for _ in range(12_000):
            await talk.exchange()
        assert len(asyncio.all_tasks()) < 20
        talk.hear(words("главное меню"))
        exchange = (await talk.exchange()).exchange
        assert exchange.understood.intent and exchange.lines
        assert await talk.speech(50) > 10


async def test_a_station_speaks_to_nobody_until_somebody_speaks_to_it(talking: Talking) -> None:
    station = Line(ChannelKind.STATION, private=False)
    async with talking(station, WaitingSettings(question_s=2, repeat_s=5, station_end_s=15)) as talk:
        for passing in (COUGH, words("вчера на базаре помидоры подорожали")):
            talk.hear(passing)
            assert await talk.speech() == 0
        assert talk.exchanges.empty()
        talk.hear(words("find the book abai zholy", "en"))
        greeting, found = await talk.exchange(), await talk.exchange()
        assert found.exchange.records
        assert {span.language for span in greeting.exchange.lines[0].spans} == {"en"}, "as the reader speaks"
        assert await talk.speech(50) > 10
        talk.hear(words("до свидания"))
        await talk.exchange()
        await asyncio.wait_for(talk.end(), 20)


@pytest.mark.parametrize("private", [True, False])
async def test_a_station_wakes_by_a_key_and_with_headphones_by_any_word(talking: Talking, private: bool) -> None:
    async with talking(Line(ChannelKind.STATION, private=private)) as talk:
        if private:
            talk.hear(words("э алло слышно"))
        else:
            talk.press("1")
        assert (await talk.exchange()).exchange.lines
        assert talk.exchanges.empty()


async def test_a_station_forgets_a_reader_who_says_nothing(talking: Talking) -> None:
    waiting = WaitingSettings.model_construct(question_s=0.1, repeat_s=600, station_end_s=1.5)
    async with talking(Line(ChannelKind.STATION, private=False), waiting) as talk:
        talk.press("1")
        await asyncio.wait_for(talk.end(), 60)
        exchanges = [talk.exchanges.get_nowait().exchange for _ in range(4)]
        assert exchanges[-1].controls == {Control.FORGET}

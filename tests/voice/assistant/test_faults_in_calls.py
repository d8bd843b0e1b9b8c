"""What breaks in the middle of a call: voice, worker, handler, decoder, disk. The reader hears something, the call goes
on, and every fault is counted."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.voice.assistant.test_spoken_session import QUIET, SILENCE, Line, Talk, ToldEar, words
from tests.voice.dialogue.small_library import NOW
from voice.assistant.call_recordings import CallRecordings
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.assistant.fault_counts import FaultCounts
from voice.assistant.spoken_session import Act, SpokenSession
from voice.channels.call import HangUp
from voice.dialogue import commands
from voice.dialogue.context import DialogueContext, Profile, begin
from voice.dialogue.events import Event, Pressed, Said
from voice.dialogue.step import step
from voice.dialogue.turn import Turn
from voice.nlu.phrasebook import Phrasebook
from voice.operations.metrics import Metrics
from voice.recognition.errors import DecodingFailed
from voice.recognition.recognition_session import RecognitionSession
from voice.synthesis.errors import NoVoice, SynthesisFailed
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser, speech_workers
from voice.synthesis.voices import Prosody, Voice
from voice.values.intents import Intent
from voice.values.utterances import HearingEvent

PULLED_S = 0.0005


class WorstEar(ToldEar):
    """Raises or hangs where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []
        self.closing: Callable[[], Awaitable[None]] | None = None

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        if self.errors:
            raise self.errors.pop()
        return await super().feed(pcm)

    async def close(self) -> None:
        if self.closing:
            await self.closing()


class Failing(Synthesiser):
    """A synthesiser that fails with every text, or waits until it is let go."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()

    async def stream(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        self.asked.set()
        if self.error:
            raise self.error
        await self.let_go.wait()
        yield bytes([1, 0]) * 160

    def close(self) -> None:
        pass


class Held(Talk):
    """A call with what a test wants to break."""

    ear: WorstEar
    spoken: SpokenSession
    session: DialogueSession
    faults: FaultCounts


@asynccontextmanager
async def held(
    phrasebook: Phrasebook, synthesiser: Synthesiser | None = None, recordings: CallRecordings | None = None
) -> AsyncIterator[Held]:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    talk = Held(Line())
    talk.ear, talk.faults = WorstEar(), FaultCounts()
    own = synthesiser or Synthesiser()
    context = begin(Profile(CAPABILITIES[talk.line.kind], True, NOW, "ru"))
    talk.session = DialogueSession(context, talk.errands, phrasebook, lambda: NOW, count=talk.faults.count)
    talk.spoken = SpokenSession(
        talk.line,
        talk.session,
        cast(RecognitionSession, talk.ear),
        Speaker(own, count=talk.faults.count),
        QUIET,
        observe=talk.exchanges.put_nowait,
        recordings=recordings,
        count=talk.faults.count,
    )
    talk.running = asyncio.create_task(talk.spoken.run())
    try:
        yield talk
        await talk.line.hang_up()
        await asyncio.wait_for(talk.end(), 20)
    finally:
        own.close()
        asyncio.get_running_loop().set_exception_handler(None)
    assert complaints == []


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.synthesis.playout.FRAME_S", PULLED_S)


async def sound(talk: Talk) -> None:
    """Pull frames until one holds sound. That it comes is the claim: a test that waits for ever has failed."""
    while not await talk.speech(20):
        pass


# Voices


async def test_the_worker_is_killed_in_the_middle_of_a_sentence_and_the_call_goes_on(phrasebook: Phrasebook) -> None:
    async with speech_workers(2) as workers, held(phrasebook, Synthesiser(workers)) as talk:
        await workers.ready()
        await talk.exchange()
        assert await talk.speech(50) > 10
        for _ in range(3):
            talk.press("3")  # the menu: it is long
            await talk.exchange()
            await sound(talk)
            for pid in workers.pids:
                os.kill(pid, signal.SIGKILL)
            await sound(talk)
        talk.hear(words("главное меню"))
        await talk.exchange()
        await sound(talk)
        assert workers.deaths >= 3


async def test_a_worker_killed_while_it_speaks_costs_the_sentence_its_voice_not_its_words(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between two blocks of one stretch: it is said again from its beginning."""
    async with speech_workers(1) as workers:
        synthesiser = Synthesiser(workers)
        stream, killed = workers.stream, asyncio.Event()

        async def interrupted(payload: bytes) -> AsyncGenerator[bytes, None]:
            async for block in stream(payload):
                yield block
                if not killed.is_set():
                    killed.set()
                    os.kill(*workers.pids, signal.SIGKILL)

        async with held(phrasebook, synthesiser) as talk:
            monkeypatch.setattr(workers, "stream", interrupted)
            await talk.exchange()
            await killed.wait()
            await sound(talk)
        assert workers.deaths == 1
        assert talk.faults.counts["earcon"] == 0


@pytest.mark.parametrize("error", [SynthesisFailed("no"), NoVoice("no"), RuntimeError("no")])
async def test_a_voice_that_fails_is_a_sound_and_a_count(phrasebook: Phrasebook, error: Exception) -> None:
    async with held(phrasebook, Failing(error)) as talk:
        for key in ("3", "2"):
            await talk.exchange()
            assert await talk.speech(100) > 3
            talk.press(key)
        counts = talk.faults.counts
        assert counts["earcon"] >= 2 and counts["other_voice"] >= 2


async def test_whatever_breaks_beneath_the_speaker_is_a_sound_and_a_count(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice.synthesis.language_segments.normalise", lambda text, language: [][1])
    async with held(phrasebook) as talk:
        await talk.exchange()
        assert await talk.speech(100) > 3
        assert talk.faults.counts["speech"] == 1


async def test_the_time_of_an_answer_is_that_of_its_first_frame(phrasebook: Phrasebook) -> None:
    voice = Failing(None)
    async with held(phrasebook, voice) as talk:
        spoken = await talk.exchange()
        await voice.asked.wait()
        await talk.speech(20)
        assert spoken.first_audio_at is None, "nothing is there yet"
        before = asyncio.get_running_loop().time()
        voice.let_go.set()
        while spoken.first_audio_at is None:
            await talk.speech(1)
        assert spoken.first_audio_at >= before


# Handlers


def breaking(monkeypatch: pytest.MonkeyPatch, *broken: type[Event]) -> None:
    """Let the dialogue fail on these events."""

    def fragile(context: DialogueContext, event: Event, now: Any = None) -> Turn:
        if isinstance(event, broken):
            raise KeyError("100001")
        return step(context, event, now)

    monkeypatch.setattr("voice.assistant.dialogue_session.step", fragile)


async def test_a_handler_that_fails_says_sorry_and_the_second_time_calls_a_librarian(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with held(phrasebook) as talk:
        await talk.exchange()
        breaking(monkeypatch, Pressed)
        talk.press("3")
        first = (await talk.exchange()).exchange
        assert "ошибка" in first.lines[0].text and len(first.lines) > 1, "sorry, and what can be done here"
        assert await talk.speech(50) > 10
        assert not any(isinstance(turn.command, commands.HandOver) for turn in first.turns)
        talk.press("3")
        second = (await talk.exchange()).exchange
        assert any(isinstance(turn.command, commands.HandOver) for turn in second.turns)
        assert await talk.speech(50) > 10
        talk.hear(words("найди книгу абай жолы"))
        assert (await talk.exchange()).exchange.records, "the conversation goes on"
        assert talk.faults.counts["handler"] == 2
    assert "KeyError" in caplog.text and "100001" not in caplog.text


async def test_words_that_cannot_be_read_are_answered_with_sorry(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(phrasebook) as talk:
        await talk.exchange()
        monkeypatch.setattr(phrasebook, "understand_any", lambda texts, language: [][1])
        talk.hear(words("найди книгу абай жолы"))
        assert "ошибка" in (await talk.exchange()).exchange.lines[0].text
        assert talk.faults.counts["handler"] == 1


async def test_a_display_and_a_count_that_fail_end_no_call(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(phrasebook) as talk:
        await talk.exchange()
        monkeypatch.setattr(talk.spoken, "_show", lambda lines, preferences: [][1])
        for _ in range(2):
            talk.press("3")
            assert (await talk.exchange()).exchange.lines


# Hearing


async def test_an_utterance_that_cannot_be_decoded_is_asked_for_again(phrasebook: Phrasebook) -> None:
    async with held(phrasebook) as talk:
        await talk.exchange()
        talk.ear.errors = [DecodingFailed("no")] * 5
        for _ in range(5):
            talk.hear(())
        missed = (await talk.exchange()).exchange
        assert missed.context.misses == 1 and missed.lines
        assert await talk.speech(50) > 10
        talk.hear(words("найди книгу абай жолы"))
        assert (await talk.exchange()).exchange.records
        assert talk.faults.counts["decoding"] == 1, "asked once, however many frames failed"


# Recordings


AGREED = Understood(Said(Intent("recording", {}, "ru", "запись"))), Understood(Said(Intent("yes", {}, "ru", "да")))


async def agree(talk: Held) -> None:
    await talk.exchange()
    for understood in AGREED:
        talk.spoken._inbox.put_nowait(Act(understood))
        await talk.exchange()
    await talk.speech(100)


async def fails() -> None:
    raise DecodingFailed("once more")


async def hangs() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("closing", [None, fails, hangs])
@pytest.mark.parametrize("end", ["hung up", "cancelled", "cancelled twice"])
async def test_what_was_agreed_to_is_kept_whatever_way_the_call_ends(
    phrasebook: Phrasebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    closing: Callable[[], Awaitable[None]] | None,
    end: str,
) -> None:
    monkeypatch.setattr("voice.assistant.supervision.STEP_S", 2.0)
    recordings = CallRecordings(tmp_path, timedelta(days=30))
    async with held(phrasebook, recordings=recordings) as talk:
        await agree(talk)
        talk.ear.closing = closing
        assert talk.running
        if end == "hung up":
            talk.line.coming.put_nowait(HangUp("the reader hung up"))
            await talk.running
        else:
            for _ in range(end.count("twice") + 1):
                talk.running.cancel()
                await asyncio.sleep(0.01)
            with pytest.raises(asyncio.CancelledError):
                await talk.running
            talk.running = asyncio.create_task(asyncio.sleep(0))
        (kept,) = recordings.kept()
        assert kept.path.stat().st_size > 100
        assert talk.line.over


async def test_a_full_disk_costs_the_recording_and_no_frame_of_the_call(
    phrasebook: Phrasebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> Any:
        return open("/dev/full", "w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    recordings = CallRecordings(tmp_path, timedelta(days=30))
    async with held(phrasebook, recordings=recordings) as talk:
        await agree(talk)
        assert {len(talk.line.source()) for _ in range(200)} == {len(SILENCE)}
        while not talk.faults.counts["recording"]:
            talk.press("3")
            await talk.exchange()
            assert await talk.speech(50) > 10
        talk.press("3")
        await talk.exchange()
        assert talk.faults.counts["recording"] == 1, "lost once, not with every answer"
    assert recordings.kept() == ()


async def test_a_disk_without_room_for_a_recording_is_no_end_of_the_call(
    phrasebook: Phrasebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    async with held(phrasebook, recordings=CallRecordings(tmp_path, timedelta(days=30))) as talk:
        await agree(talk)
        talk.press("3")
        await talk.exchange()
        assert await talk.speech(50) > 10
        assert talk.faults.counts["recording"] == 1


# Metrics


class NoJobs:
    """The staff's side of home delivery, without deliveries."""

    desk: Any

    def __init__(self) -> None:
        self.desk = self

    async def jobs(self) -> tuple[()]:
        return ()


async def test_every_fault_is_in_the_metrics_from_the_beginning() -> None:
    faults = FaultCounts()
    metrics = Metrics(faults, lambda: 3)
    faults.count("earcon")
    text = (await metrics.text(cast(Any, NoJobs()), {})).decode()
    families: dict[str, Metric] = {family.name: family for family in text_string_to_metric_families(text)}
    kinds = {sample.labels["kind"]: sample.value for sample in families["dauys_faults"].samples}
    assert kinds == {**dict.fromkeys(faults.counts, 0), "earcon": 1}
    assert families["dauys_worker_deaths"].samples[0].value == 3

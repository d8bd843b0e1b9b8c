"""The ear's decisions, with a recogniser that is told what it hears and real speech to hear it in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
import pytest
import pytest_asyncio

from voice.recognition.errors import DecodingFailed
from voice.recognition.recogniser import DecodedText, Recogniser
from voice.recognition.recognition_session import RecognitionMode, RecognitionSession
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, load_voices
from voice.values.utterances import Hypothesis, SpeechStarted, Utterance

RATE_HZ, FRAME = 8000, 320


def cost(text: str) -> float:
    """About what a model says of words that it hears well: a word costs, its letters but the first earn."""
    words = text.split()
    return 6.0 * len(words) - 3.0 * sum(len(word) - 1 for word in words if word != "[unk]")


class ToldListener:
    """Hears the told text once it has been fed audio as long as that takes; [unk] counts as heard, not understood."""

    def __init__(self, told: Told, grammar: Sequence[str] | None) -> None:
        self._told = told
        self._fed = 0
        told.grammars.append(grammar)

    def feed(self, pcm: bytes) -> str:
        self._fed += len(pcm)
        return self._text()

    def _text(self) -> str:
        return next((text for least, text in self._told.texts if self._fed / 2 / RATE_HZ >= least), "")

    def finish(self) -> tuple[DecodedText, ...]:
        text, seconds = self._text(), self._fed / 2 / RATE_HZ
        self._fed = 0
        self._told.decoded.append(seconds)
        return (DecodedText(text, cost(text)), DecodedText("басқа", cost(text) + 9.0))[: 2 if text else 1]


class Told:
    """A recogniser whose answer depends on how much was said: (least seconds, text), longest first."""

    def __init__(self, *texts: tuple[float, str], language: str = "kk+ru") -> None:
        self.texts = texts
        self.language = language
        self.decoded: list[float] = []
        self.grammars: list[Sequence[str] | None] = []

    def knows(self, word: str) -> bool:
        return True

    def grammar(self, phrases: Sequence[str]) -> tuple[str, ...]:
        return tuple(phrases)

    def listener(self, rate_hz: int, grammar: Sequence[str] | None = None) -> ToldListener:
        assert rate_hz == RATE_HZ
        return ToldListener(self, grammar)


@pytest_asyncio.fixture
async def executor() -> AsyncIterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


async def say(text: str) -> bytes:
    synthesiser = Synthesiser()
    pcm = b"".join([b async for b in synthesiser.stream(text, load_voices()["kk"], Prosody(), RATE_HZ)])
    synthesiser.close()
    loud = np.nonzero(np.abs(np.frombuffer(pcm, dtype="<i2")) > 400)[0]
    return pcm[2 * loud[0] : 2 * loud[-1]]


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE_HZ))


def ear_for(told: Told, executor: ThreadPoolExecutor, complete: str = "") -> RecognitionSession:
    return RecognitionSession([told], RATE_HZ, executor, complete=lambda text: bool(complete) and text == complete)


async def hear(ear: RecognitionSession, pcm: bytes) -> list[tuple[float, Utterance | SpeechStarted]]:
    """What the ear reports, with the second of audio at which it did."""
    events = []
    for start in range(0, len(pcm), FRAME):
        for event in await ear.feed(pcm[start : start + FRAME]):
            if isinstance(event, Utterance | SpeechStarted):
                events.append(((start + FRAME) / 2 / RATE_HZ, event))
    return events


async def test_a_complete_phrase_ends_after_a_short_silence_and_anything_else_after_a_longer(
    executor: ThreadPoolExecutor,
) -> None:
    word = await say("қайтала")
    spoken_s = 0.5 + len(word) / 2 / RATE_HZ
    waited = []
    for complete in ("қайтала", ""):
        ear = ear_for(Told((0.1, "қайтала")), executor, complete)
        events = await hear(ear, silence(0.5) + word + silence(1.5))
        await ear.close()
        assert [type(event) for _, event in events] == [SpeechStarted, Utterance]
        waited.append(events[-1][0] - spoken_s)
    assert waited[0] < 0.26 < 0.4 < waited[1] < 0.56


async def test_the_beginning_of_a_phrase_is_waited_for_longer_than_other_words(executor: ThreadPoolExecutor) -> None:
    word = await say("маған керек")
    spoken_s = 0.5 + len(word) / 2 / RATE_HZ
    waited = []
    for wants_more in (False, True):
        told = Told((0.1, "маған"))
        ear = RecognitionSession(
            [told], RATE_HZ, executor, wants_more=lambda text, more=wants_more: more and text == "маған"
        )
        events = await hear(ear, silence(0.5) + word + silence(1.5))
        await ear.close()
        waited.append(events[-1][0] - spoken_s)
    assert waited[0] < 0.56 < 0.8 < waited[1] < 1.0


async def test_pieces_of_a_word_that_stick_out_of_noise_are_one_utterance(executor: ThreadPoolExecutor) -> None:
    """Clean, each piece is a short word of its own; in noise they are what is left of one."""
    noise = np.random.default_rng(7).normal(0, 500, 4 * RATE_HZ)
    tone = 6000 * np.sign(np.sin(2 * np.pi * 150 * np.arange(RATE_HZ // 12) / RATE_HZ))
    for at in (1.5, 1.8, 2.1):
        noise[int(at * RATE_HZ) : int(at * RATE_HZ) + len(tone)] += tone
    ear = ear_for(Told((0.1, "тез")), executor, "тез")
    events = await hear(ear, noise.astype("<i2").tobytes())
    await ear.close()
    assert [at for at, event in events if isinstance(event, Utterance) and 1.0 < at < 2.1] == []


async def test_a_thought_with_a_pause_in_it_stays_one_utterance(executor: ThreadPoolExecutor) -> None:
    first, second = await say("маған керек"), await say("Абай жолы")
    told = Told((2.2, "маған керек абай жолы"), (0.1, "маған керек"))
    ear = ear_for(told, executor, "маған керек абай жолы")
    events = await hear(ear, silence(0.5) + first + silence(0.35) + second + silence(1.0))
    utterances = [event for _, event in events if isinstance(event, Utterance)]
    await ear.close()
    assert [u.hypotheses[0].text for u in utterances] == ["маған керек абай жолы"]
    assert told.decoded[1] > told.decoded[0] + len(second) / 2 / RATE_HZ


async def test_noise_without_words_is_reported_so_that_speech_may_go_on(executor: ThreadPoolExecutor) -> None:
    random = np.random.default_rng(2)
    cough = (random.normal(0, 6000, RATE_HZ // 4) * np.hanning(RATE_HZ // 4)).astype("<i2").tobytes()
    ear = ear_for(Told(), executor)
    events = [event for _, event in await hear(ear, silence(1) + cough + silence(1))]
    await ear.close()
    assert all(not event.hypotheses for event in events if isinstance(event, Utterance))
    assert sum(isinstance(e, SpeechStarted) for e in events) == sum(isinstance(e, Utterance) for e in events)


async def test_a_word_said_at_once_is_heard_whole(executor: ThreadPoolExecutor) -> None:
    word = await say("иә")
    told = Told((0.1, "иә"))
    ear = ear_for(told, executor, "иә")
    events = [event for _, event in await hear(ear, word + silence(0.6))]
    await ear.close()
    (utterance,) = [event for event in events if isinstance(event, Utterance)]
    assert utterance.hypotheses[0].text == "иә"
    assert told.decoded[0] >= len(word) / 2 / RATE_HZ


async def test_speech_is_reported_within_200_ms_of_its_beginning(executor: ThreadPoolExecutor) -> None:
    ear = ear_for(Told((0.1, "тоқта")), executor)
    events = await hear(ear, silence(1) + await say("тоқта енді") + silence(0.6))
    await ear.close()
    at, event = events[0]
    assert isinstance(event, SpeechStarted)
    assert at - 1 <= 0.2


async def test_what_is_mostly_unknown_is_no_hypothesis(executor: ThreadPoolExecutor) -> None:
    ear = ear_for(Told((0.1, "[unk] [unk] иә")), executor)
    events = [event for _, event in await hear(ear, silence(0.5) + await say("бүгін күн ашық") + silence(1))]
    await ear.close()
    assert [u.hypotheses for u in events if isinstance(u, Utterance)] == [()]


async def test_the_expectation_chooses_grammar_and_patience(executor: ThreadPoolExecutor) -> None:
    told = Told((0.1, "бір екі"))
    grammars = {RecognitionMode.NUMBER: {"kk+ru": ("бір", "екі")}}
    ear = RecognitionSession([told], RATE_HZ, executor, grammars=grammars)
    ear.expect(RecognitionMode.NUMBER)
    word = await say("бір екі")
    events = await hear(ear, silence(0.5) + word + silence(1.4))
    assert told.grammars == [("бір", "екі")]
    assert events[-1][0] - 0.5 - len(word) / 2 / RATE_HZ > 1.0
    ear.expect(RecognitionMode.CONFIRMATION)
    events = await hear(ear, silence(0.5) + word + silence(1.4))
    await ear.close()
    assert told.grammars[1:] == [None]
    assert isinstance(events[-1][1], Utterance)


async def test_several_models_are_weighed_and_languages_named(executor: ThreadPoolExecutor) -> None:
    shared, english = Told((0.1, "ай би")), Told((0.1, "a book about horses"))
    english.language = "en"
    english.texts = ((0.1, "a book about horses"),)
    shared.texts = ((0.1, "[unk] бұл"),)
    recognisers = [shared, english]
    ear = RecognitionSession(recognisers, RATE_HZ, executor)
    events = [event for _, event in await hear(ear, silence(0.5) + await say("a book about horses") + silence(1))]
    await ear.close()
    best: Hypothesis = next(e for e in events if isinstance(e, Utterance)).hypotheses[0]
    assert (best.text, best.language) == ("a book about horses", "en")
    assert 0 < best.confidence < 1


async def test_an_engine_is_whatever_hears_as_a_recogniser_does(executor: ThreadPoolExecutor) -> None:
    """Vosk is one, a scripted one another; a type checker holds both against the Protocol."""
    engine: Recogniser = Told((0.1, "иә"))
    assert engine.knows("иә") and engine.grammar(["иә"]) == ("иә",)
    ear = RecognitionSession([engine], RATE_HZ, executor)
    events = [event for _, event in await hear(ear, silence(0.5) + await say("иә") + silence(1.4))]
    await ear.close()
    assert [e.hypotheses[0].text for e in events if isinstance(e, Utterance)] == ["иә"]


async def test_calls_of_any_size_are_taken(executor: ThreadPoolExecutor) -> None:
    ear = ear_for(Told((0.1, "иә")), executor, "иә")
    audio = silence(0.5) + await say("иә") + silence(1)
    events = [*await ear.feed(audio[:777]), *await ear.feed(b""), *await ear.feed(audio[777:])]
    await ear.close()
    assert sum(isinstance(event, Utterance) for event in events) == 1
    await asyncio.sleep(0)


async def test_a_complete_phrase_ends_though_the_room_goes_on_talking(executor: ThreadPoolExecutor) -> None:
    chatter = await say("біз бүгін базарға барып алма мен нан сатып алдық содан кейін үйге қайттық")
    ear = ear_for(Told((0.5, "көмек")), executor, "көмек")
    events = []
    for start in range(0, len(chatter), FRAME):
        events += await ear.feed(chatter[start : start + FRAME])
        await asyncio.sleep(0.002)  # the decoder works beside the frames
        if any(isinstance(event, Utterance) for event in events):
            break
    await ear.close()
    assert isinstance(events[-1], Utterance)
    assert start / 2 / RATE_HZ < 3


def two_ears(
    first: Told, second: Told, executor: ThreadPoolExecutor, language: str, complete: str
) -> RecognitionSession:
    models = [first, second]
    return RecognitionSession(models, RATE_HZ, executor, complete=lambda text: text == complete, language=language)


async def test_a_phrase_that_the_readers_own_model_hears_well_costs_no_other_model(
    executor: ThreadPoolExecutor,
) -> None:
    word = silence(0.5) + await say("көмек") + silence(1.0)
    for language, text, own, other in (("kk", "көмек", "kk+ru", "en"), ("en", "help", "en", "kk+ru")):
        sure, asked = Told((0.1, text), language=own), Told((0.1, "нет"), language=other)
        ear = two_ears(asked, sure, executor, language, text)
        ((_, _), (_, heard)) = await hear(ear, word)
        await ear.close()
        assert isinstance(heard, Utterance) and heard.hypotheses[0].text == text
        assert sure.decoded and not asked.decoded


async def test_the_other_model_hears_from_the_beginning_what_the_first_one_does_not_understand(
    executor: ThreadPoolExecutor,
) -> None:
    word = await say("көмек")
    puzzled, asked = Told(), Told((0.1, "help"), language="en")
    ear = two_ears(puzzled, asked, executor, "kk", "help")
    events = await hear(ear, silence(0.5) + word + silence(1.0))
    await ear.close()
    heard = events[-1][1]
    assert isinstance(heard, Utterance) and heard.hypotheses[0].text == "help"
    assert asked.decoded[0] == puzzled.decoded[0] > len(word) / 2 / RATE_HZ


async def test_all_models_hear_a_long_utterance_while_it_is_spoken(executor: ThreadPoolExecutor) -> None:
    first, second = Told((0.1, "бір")), Told((0.1, "one"), language="en")
    ear = two_ears(first, second, executor, "kk", "")
    await hear(ear, silence(0.5) + (await say("маған керек абай жолы кітабын тауып беріңізші")))
    assert second.grammars, "it listens before the end"
    await ear.close()


class BrokenListener(ToldListener):
    """Raises in `feed` or in `finish` while its recogniser is broken."""

    def feed(self, pcm: bytes) -> str:
        if cast(Breaking, self._told).broken == "feed":
            raise RuntimeError("Kaldi gave up")
        return super().feed(pcm)

    def finish(self) -> tuple[DecodedText, ...]:
        if cast(Breaking, self._told).broken == "finish":
            raise RuntimeError("Kaldi gave up")
        return super().finish()


class Breaking(Told):
    """A recogniser that breaks and recovers as a test says."""

    broken = ""

    def listener(self, rate_hz: int, grammar: Sequence[str] | None = None) -> ToldListener:
        if self.broken == "listener":
            raise RuntimeError("Kaldi gave up")
        return BrokenListener(self, grammar)


@pytest.mark.parametrize("broken", ["listener", "feed", "finish"])
async def test_a_model_that_fails_loses_its_utterance_and_no_other(executor: ThreadPoolExecutor, broken: str) -> None:
    word = await say("қайтала")
    recogniser = Breaking((0.1, "қайтала"))
    ear = ear_for(recogniser, executor, "қайтала")
    for fails in (
        (True, False) if broken == "listener" else (True, False, True, False)
    ):  # a listener stays once it is there
        recogniser.broken = broken if fails else ""
        if fails:
            with pytest.raises(DecodingFailed):
                await hear(ear, silence(0.5) + word + silence(1.5))
        else:
            events = [event for _, event in await hear(ear, silence(0.5) + word + silence(1.5))]
            assert [type(event) for event in events] == [SpeechStarted, Utterance]
            assert events[-1].hypotheses[0].text == "қайтала"
    recogniser.broken = broken
    await ear.close()


async def test_an_ear_closes_while_its_decoder_is_busy_and_its_caller_is_cancelled(
    executor: ThreadPoolExecutor,
) -> None:
    word, busy, let_go = await say("қайтала"), threading.Event(), threading.Event()
    at_once = []

    class BusyListener(ToldListener):
        def feed(self, pcm: bytes) -> str:
            at_once.append("feed")
            busy.set()
            let_go.wait(20)
            at_once.append("fed")
            return super().feed(pcm)

        def finish(self) -> tuple[DecodedText, ...]:
            at_once.append("finish")
            return super().finish()

    told = Told((0.1, "қайтала"))
    told.listener = lambda rate_hz, grammar=None: BusyListener(told, grammar)  # type: ignore[method-assign]
    ear = ear_for(told, executor)
    hearing = asyncio.create_task(hear(ear, silence(0.5) + word + silence(1.5)))
    while not busy.is_set():
        await asyncio.sleep(0.01)
    hearing.cancel()
    closing = asyncio.create_task(ear.close())
    await asyncio.sleep(0.05)
    assert "finish" not in at_once, "two threads never have one listener"
    let_go.set()
    await closing
    assert at_once[:2] == ["feed", "fed"] and hearing.cancelled()

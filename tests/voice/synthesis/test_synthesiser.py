"""The real synthesiser, driven through pyttsx3."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
import pyttsx3

from catalogue_client.values.accounts import Preferences
from voice.dialogue.prompts import text_of
from voice.synthesis.drivers import espeak_driver
from voice.synthesis.errors import NoVoice, SynthesisFailed
from voice.synthesis.speaker import Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, Voice, load_voices, with_variant
from voice.values.lines import Line, Span, line

SENTENCE = "Үш кітап табылды, біріншісі Алматыда тұр."


@pytest_asyncio.fixture
async def synthesiser() -> AsyncIterator[Synthesiser]:
    synthesiser = Synthesiser()
    yield synthesiser
    synthesiser.close()


async def speech(synthesiser: Synthesiser, text: str, language: str, prosody: Prosody, rate_hz: int = 8000) -> bytes:
    return b"".join([b async for b in synthesiser.stream(text, load_voices()[language], prosody, rate_hz)])


@pytest.mark.parametrize("rate_hz", [8000, 16000])
async def test_frames_are_exactly_20_ms(synthesiser: Synthesiser, rate_hz: int) -> None:
    lines = [Line((Span("Табылды: ", "kk"), Span("Война и мир", "ru"))), line("Done", "en")]
    frames = [frame async for frame in Speaker(synthesiser).render(lines, Prosody(), rate_hz)]
    assert {len(frame) for frame in frames} == {rate_hz // 25}
    assert len(frames) > 50
    assert np.abs(np.frombuffer(b"".join(frames), dtype="<i2")).max() > 3000


async def test_every_language_in_a_line_is_spoken_by_its_own_voice(
    synthesiser: Synthesiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[tuple[str, str]] = []
    stream = synthesiser.stream

    def listened(text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        spoken.append((voice.name, text))
        return stream(text, voice, prosody, rate_hz)

    monkeypatch.setattr(synthesiser, "stream", listened)
    mixed = Line((Span("Табылды: ", "kk"), Span("Идиот", "ru"), Span(", ", "kk"), Span("Pale Blue Dot", "en")))
    assert [frame async for frame in Speaker(synthesiser).render([mixed], Prosody(rate=450), 8000)]
    names = {language: voice.name for language, voice in load_voices().items()}
    assert spoken == [(names["kk"], "Табылды:"), (names["ru"], "Идиот"), (names["en"], "Pale Blue Dot")]


async def test_speech_streams_in_more_than_one_piece(synthesiser: Synthesiser) -> None:
    blocks = [b async for b in synthesiser.stream(SENTENCE, load_voices()["kk"], Prosody(), 8000)]
    assert len(blocks) > 10


async def test_an_abandoned_stream_leaves_nothing_in_the_next_one(synthesiser: Synthesiser) -> None:
    whole = len(await speech(synthesiser, "иә", "kk", Prosody()))
    stream = synthesiser.stream(SENTENCE * 20, load_voices()["kk"], Prosody(), 8000)
    await anext(stream)
    await stream.aclose()
    assert len(await speech(synthesiser, "иә", "kk", Prosody())) < whole * 1.5


async def test_rate_and_volume_are_obeyed(synthesiser: Synthesiser) -> None:
    slow, fast = [len(await speech(synthesiser, SENTENCE, "kk", Prosody(rate=rate))) for rate in (100, 450)]
    assert fast * 2.5 < slow
    quiet, loud = [
        np.abs(np.frombuffer(await speech(synthesiser, SENTENCE, "kk", Prosody(volume=v)), "<i2").astype(int)).mean()
        for v in (20, 100)
    ]
    assert quiet * 2 < loud


async def test_many_readers_are_served_at_once(synthesiser: Synthesiser) -> None:
    texts = [("kk", SENTENCE), ("ru", "Найдено три книги."), ("en", "Three books were found.")] * 8
    spoken = await asyncio.gather(*(speech(synthesiser, text, language, Prosody()) for language, text in texts))
    for kind in range(3):
        lengths = [len(audio) for audio in spoken[kind::3]]
        assert max(lengths) < 1.1 * min(lengths)


async def test_another_speaker_sounds_different(synthesiser: Synthesiser) -> None:
    voices = with_variant(load_voices(), "f2")
    assert voices["kk"].name == "trk/kk+f2"
    audio = [b async for b in synthesiser.stream("иә", voices["kk"], Prosody(), 8000)]
    assert sum(map(len, audio)) > 1000


async def test_a_missing_voice_is_said_plainly(synthesiser: Synthesiser) -> None:
    with pytest.raises(NoVoice, match="no/such"):
        [b async for b in synthesiser.stream("иә", Voice("espeak_stream", "no/such"), Prosody(), 8000)]
    with pytest.raises(SynthesisFailed, match="no_driver"):
        [b async for b in synthesiser.stream("иә", Voice("no_driver", "kk"), Prosody(), 8000)]
    assert await speech(synthesiser, "иә", "kk", Prosody())


async def test_a_readers_wishes_come_before_the_places_defaults(synthesiser: Synthesiser) -> None:
    speaker = Speaker(synthesiser, defaults=Prosody(rate=200, volume=80))
    assert speaker.settings_for(Preferences(rate=300)) == Prosody(rate=300, volume=80)


def test_the_driver_serves_pyttsx3_as_any_other_does(tmp_path: Path) -> None:
    engine = pyttsx3.init(espeak_driver.register())
    heard: list[str] = []
    engine.connect("started-utterance", lambda name: heard.append(f"started {name}"))
    engine.connect("finished-utterance", lambda name, completed: heard.append(f"finished {name} {completed}"))
    engine.setProperty("voice", "zle/ru")
    engine.say("да", "yes")
    engine.save_to_file("нет", str(tmp_path / "no.wav"), "no")
    engine.save_to_file("стоп", str(tmp_path / "stop.wav"), "stop")
    engine.runAndWait()
    assert heard == [what for name in ("yes", "no", "stop") for what in (f"started {name}", f"finished {name} True")]
    with wave.open(str(tmp_path / "no.wav")) as no, wave.open(str(tmp_path / "stop.wav")) as stop:
        assert no.getnframes() > 2000
        assert stop.getnframes() > 2000


def test_the_driver_can_be_stopped_between_two_blocks() -> None:
    engine = pyttsx3.init(espeak_driver.register())
    blocks: list[int] = []

    def sink(block: bytes) -> bool:
        blocks.append(len(block))
        return len(blocks) < 3

    finished: list[bool] = []
    engine.connect("finished-utterance", lambda name, completed: finished.append(completed))
    engine.setProperty("voice", "trk/kk")
    engine.setProperty("sink", sink)
    engine.say(SENTENCE * 5)
    engine.runAndWait()
    engine.setProperty("sink", None)
    assert (len(blocks), finished) == (3, [False])


FIRST_QUESTION_AFTER_S = 6.0


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_who_calls_for_the_first_time_is_asked_before_long(synthesiser: Synthesiser, language: str) -> None:
    """Counted in frames of sound, not in time that passes."""
    greeting = line(text_of(language, "greeting"), language)
    frames = [frame async for frame in Speaker(synthesiser).render([greeting], Prosody(), 8000)]
    assert 2.0 < len(frames) * 0.02 < FIRST_QUESTION_AFTER_S

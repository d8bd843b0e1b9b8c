"""Vosk with the starter model; what a folder without a model leads to."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from audio_models import starter
from languages.language_identification import language_of
from voice.recognition.errors import NoModel
from voice.recognition.recognition_session import RecognitionSession
from voice.recognition.vosk_recogniser import VoskRecogniser
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, load_voices
from voice.values.utterances import Utterance


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="models install"):
        VoskRecogniser(tmp_path, "kk")


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    for folder in ("am", "conf", "graph"):
        (tmp_path / folder).mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"no model")
    (tmp_path / "conf" / "model.conf").write_text("--beam=12\n")
    with pytest.raises(NoModel, match="models verify"):
        VoskRecogniser(tmp_path, "kk")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("маған абай жолы керек", "kk"),
        ("найди книгу абай жолы", "ru"),
        ("маған нужна книга керек кітап", "kk"),
        ("a book about abai", "en"),
        ("роман абай", "ru"),
        ("", "ru"),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: str) -> None:
    assert language_of(text, otherwise="ru") == language


@pytest.fixture(scope="session")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> VoskRecogniser:
    """The shipped acoustic part with a small vocabulary."""
    words = ["иә", "жоқ", "қайтала", "абай", "жолы", "кітап", "найди", "книгу", "повтори"]
    models = starter.prepare(
        tmp_path_factory.mktemp("models"),
        ["қайтала", "абай жолы", "найди книгу", "повтори", "find a book"],
        [(word, 1.0) for word in words],
    )
    (shared,) = (model for model in models if "kk" in model.languages)
    return VoskRecogniser(shared.path, "kk+ru")


async def spoken(text: str, language: str, rate_hz: int) -> bytes:
    synthesiser = Synthesiser()
    pcm = b"".join([b async for b in synthesiser.stream(text, load_voices()[language], Prosody(rate=150), rate_hz)])
    synthesiser.close()
    return bytes(rate_hz) + pcm + bytes(rate_hz)


@pytest.mark.real
@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize(("text", "language"), [("абай жолы", "kk"), ("найди книгу", "ru")])
def test_the_starter_model_hears(recogniser: VoskRecogniser, rate_hz: int, text: str, language: str) -> None:
    pcm = asyncio.run(spoken(text, language, rate_hz))
    listener = recogniser.listener(rate_hz, recogniser.grammar(["абай жолы", "қайтала", "найди книгу", "повтори"]))
    for _ in range(2):  # a listener serves one utterance after another
        for start in range(0, len(pcm), 2 * rate_hz // 10):
            listener.feed(pcm[start : start + 2 * rate_hz // 10])
        assert listener.finish()[0].text == text


def in_hum(pcm: bytes, rate_hz: int, db: float, harmonics: tuple[int, ...]) -> bytes:
    """Mains hum at this level (dB of full scale) under it."""
    at = np.arange(len(pcm) // 2) / rate_hz
    hum = np.sum([np.sin(2 * np.pi * 50 * k * at + k) / k for k in harmonics], axis=0)
    hum *= 32768 * 10 ** (db / 20) / np.sqrt(np.mean(hum**2))
    return np.clip(np.frombuffer(pcm, "<i2") + hum, -32768, 32767).astype("<i2").tobytes()


@pytest.mark.real
@pytest.mark.parametrize(("db", "harmonics"), [(-24, (1,)), (-30, (1, 2, 3, 5, 7))])
async def test_mains_hum_does_not_make_a_line_deaf(
    recogniser: VoskRecogniser, db: float, harmonics: tuple[int, ...]
) -> None:
    pcm = in_hum(await spoken("найди книгу", "ru", 8000) + bytes(16000), 8000, db, harmonics)
    with ThreadPoolExecutor(1) as executor:
        ear = RecognitionSession([recogniser], 8000, executor, language="ru")
        heard = [
            event.hypotheses[0].text
            for start in range(0, len(pcm), 320)
            for event in await ear.feed(pcm[start : start + 320])
            if isinstance(event, Utterance) and event.hypotheses
        ]
        await ear.close()
    assert heard == ["найди книгу"]


@pytest.mark.real
def test_phrases_with_words_the_model_lacks_are_left_out(recogniser: VoskRecogniser) -> None:
    assert recogniser.grammar(["абай жолы", "абай ыбырай", ""]) == ("абай жолы",)
    with pytest.raises(ValueError, match="no rate"):
        recogniser.listener(1)

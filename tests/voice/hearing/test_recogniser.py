"""Vosk with the starter model; what a folder without a model leads to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from audio_models import starter
from voice.hearing.errors import NoModel
from voice.hearing.language import language_of
from voice.hearing.recogniser import VoskRecogniser
from voice.speaking.synthesiser import Synthesiser
from voice.speaking.voices import Prosody, load_voices


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


@pytest.mark.real
def test_phrases_with_words_the_model_lacks_are_left_out(recogniser: VoskRecogniser) -> None:
    assert recogniser.grammar(["абай жолы", "абай ыбырай", ""]) == ("абай жолы",)
    with pytest.raises(ValueError, match="no rate"):
        recogniser.listener(1)

"""What is heard when a voice fails: the same otherwise, or a short sound, never nothing and never an exception."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import cast

import pytest

from voice.synthesis.earcons import earcon
from voice.synthesis.errors import NoVoice, SynthesisFailed
from voice.synthesis.speaker import EARCON, OTHER_VOICE, Speaker
from voice.synthesis.synthesiser import Synthesiser
from voice.synthesis.voices import Prosody, Voice, load_voices
from voice.values.lines import line

SPEECH = bytes([1, 0]) * 1600
KK, RU, EN = (load_voices()[language] for language in ("kk", "ru", "en"))
SORRY = earcon("sorry", 8000)


class Voices(Synthesiser):
    """Speaks the same for every text; `errors` are raised one after the other, after so many blocks."""

    def __init__(self, *errors: Exception | None, blocks: int = 0) -> None:
        self.errors = list(errors)
        self.blocks = blocks
        self.spoken: list[tuple[str, Voice]] = []

    async def stream(self, text: str, voice: Voice, prosody: Prosody, rate_hz: int) -> AsyncGenerator[bytes, None]:
        self.spoken.append((text, voice))
        error = self.errors.pop(0) if self.errors else None
        for _ in range(self.blocks if error else 1):
            yield SPEECH
        if error:
            raise error


async def heard(voices: Voices, *texts: str, language: str = "kk", own: Voice | None = None) -> tuple[bytes, list[str]]:
    counted: list[str] = []
    chosen = {**load_voices(), language: own} if own else None
    speaker = Speaker(cast(Synthesiser, voices), chosen, count=counted.append)
    frames = [frame async for frame in speaker.render([line(text, language) for text in texts], Prosody(), 8000)]
    assert {len(frame) for frame in frames} == {320}
    return b"".join(frames), counted


@pytest.mark.parametrize("blocks", [0, 3])
async def test_a_failed_text_is_tried_plainly(blocks: int) -> None:
    voices = Voices(SynthesisFailed("no"), blocks=blocks)
    audio, counted = await heard(voices, "«Абай» — жолы")
    assert [text for text, _ in voices.spoken] == ["«Абай» — жолы", "Абай жолы"]
    assert audio.startswith(SPEECH * (blocks + 1)) and counted == [OTHER_VOICE]


@pytest.mark.parametrize(("language", "instead"), [("kk", RU), ("ru", KK), ("en", RU)])
async def test_a_missing_voice_is_replaced_by_one_that_knows_the_letters(language: str, instead: Voice) -> None:
    voices = Voices(NoVoice("no"))
    await heard(voices, "кітап", language=language)
    assert voices.spoken[1][1] == instead


async def test_an_installed_voice_that_fails_is_replaced_by_the_shipped_one() -> None:
    voices = Voices(RuntimeError("onnx"))
    await heard(voices, "кітап", own=Voice("piper_stream", "kk.onnx"))
    assert voices.spoken[1][1] == KK


@pytest.mark.parametrize("error", [NoVoice("no"), SynthesisFailed("no"), RuntimeError("no"), UnicodeError()])
async def test_what_no_voice_can_say_is_a_sound_and_the_next_line_follows(error: Exception) -> None:
    audio, counted = await heard(Voices(error, error), "бірінші", "екінші")
    assert audio.startswith(SORRY)
    assert SPEECH in audio[len(SORRY) :]
    assert counted == [OTHER_VOICE, EARCON]


async def test_when_nothing_can_be_said_one_sound_is_enough() -> None:
    voices = Voices(*[SynthesisFailed("no")] * 40)
    audio, counted = await heard(voices, *["жол"] * 10)
    assert audio.count(SORRY) == 1 and any(audio)
    assert len(voices.spoken) == 4, "the reader does not wait for ten lines in vain"
    assert counted == [OTHER_VOICE, EARCON, OTHER_VOICE]


async def test_the_log_names_the_cause_and_no_word_of_the_text(caplog: pytest.LogCaptureFixture) -> None:
    await heard(Voices(KeyError("100001"), KeyError("100001")), "100001")
    assert "KeyError" in caplog.text and "100001" not in caplog.text

"""`dauys converse --json` and `dauys ask`, by their contract: other programs drive them."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from voice.commands.ask import command as ask
from voice.commands.converse import command as converse

KEYS = [
    "heard",
    "language",
    "confidence",
    "intent",
    "slots",
    "state",
    "say",
    "braille",
    "records",
    "expects",
    "booking",
    "audio",
    "timing_ms",
]
EXPECTS = {"speech", "number", "ticket", "pin", "phone", "address", "slot", "letters", "confirmation", "nothing"}
NOON = ["--seed-time", "2026-11-24T12:00"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def held(home: Path, *inputs: Any) -> list[dict[str, Any]]:
    """The answers to the inputs; a str goes in as it is, everything else as JSON."""
    lines = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in inputs]
    result = CliRunner().invoke(
        converse, ["--json", *NOON], input="\n".join(lines) + "\n", env={"DAUYS_HOME": str(home)}
    )
    assert result.exit_code == 0, result.output
    assert "demonstration" in result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_answer_has_exactly_the_keys_of_the_contract(home: Path) -> None:
    for answer in held(home, {"text": "найди книгу абай жолы"}, {"key": "3"}, {"silence": True}, {"route": 0}):
        assert list(answer) == KEYS
        assert answer["language"] in ("kk", "ru", "en")
        assert answer["expects"] in EXPECTS
        assert list(answer["timing_ms"]) == ["recognise", "understand", "act", "first_audio", "braille"]
        assert answer["say"]
        assert answer["braille"]
        for row in answer["braille"]:
            assert 0 < len(row) <= 40
            assert all(0x2800 <= ord(cell) < 0x2900 for cell in row)


def test_records_have_their_fields_and_places(home: Path) -> None:
    (answer,) = held(home, {"text": "найди книгу абай жолы"})
    first = answer["records"][0]
    assert list(first) == ["id", "title", "author", "language", "year", "formats", "available"]
    assert first["title"] == "Абай жолы"
    assert first["available"]
    assert all(list(shelf) == ["place", "copies"] and shelf["copies"] > 0 for shelf in first["available"])


def test_a_delivery_is_booked_by_words_and_keys_and_only_after_yes(home: Path) -> None:
    answers = held(
        home,
        {"text": "маған ғарыш туралы кітап тауып беріңізші"},
        {"text": "екіншісі туралы айтыңыз"},
        {"text": "үйге жеткізіңіз"},
        {"key": "100001#"},
        {"key": "2580#"},
        {"text": "біріншісі"},
        {"text": "иә"},
    )
    assert [answer["expects"] for answer in answers[2:4]] == ["ticket", "pin"]
    assert all(answer["booking"] is None for answer in answers[:-1])
    booking = answers[-1]["booking"]
    assert booking["kind"] == "delivery"
    assert booking["records"] == [answers[0]["records"][1]["title"]]
    assert not any("2580" in line for answer in answers for line in answer["say"])


def test_braille_cells_are_words_like_any_other(home: Path) -> None:
    (answer,) = held(home, {"cells": "⠅⠕⠍⠑⠅"})  # көмек would be ⠅⠣⠍⠑⠅; ⠅⠕⠍⠑⠅ is комек
    assert answer["heard"] == "комек"
    assert answer["intent"] == "help"


NO_INPUTS = [
    "",
    "junk",
    "[]",
    "{}",
    '{"text": 1}',
    '{"text": "а", "key": "1"}',
    '{"key": "x"}',
    '{"cells": "abc"}',
    '{"route": -1}',
]


def test_a_line_that_is_no_input_gets_an_error_and_the_conversation_goes_on(home: Path) -> None:
    *errors, answer = held(home, *NO_INPUTS, {"text": "көмек"})
    for error in errors:
        assert list(error) == ["error"]
        assert error["error"]
    assert answer["intent"] == "help"


def test_a_missing_or_broken_sound_file_is_an_error_in_one_sentence(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\x00\x00")
    for answer in held(home, {"audio": str(tmp_path / "none.wav")}, {"audio": str(broken)}):
        assert list(answer) == ["error"]
        assert "wav" in answer["error"]


def test_a_recording_of_silence_is_silence_and_one_of_noise_is_not_understood(home: Path, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 4000, 48_000).astype("<i2").tobytes()
    for name, pcm in {"silence": bytes(96_000), "noise": noise}.items():
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes(pcm)
    silent, noisy, still = held(
        home, {"audio": str(tmp_path / "silence.wav")}, {"audio": str(tmp_path / "noise.wav")}, {"silence": True}
    )
    assert silent["heard"] is None and silent["say"] == still["say"]
    assert noisy["say"] != still["say"]


def test_ask_answers_once_in_words_and_braille(home: Path) -> None:
    result = CliRunner().invoke(ask, ["найди", "книгу", "абай", "жолы", *NOON], env={"DAUYS_HOME": str(home)})
    assert result.exit_code == 0
    assert "Абай жолы" in result.output
    assert "⠁⠃⠁⠯" in result.output


def test_ask_needs_something_to_ask(home: Path) -> None:
    result = CliRunner().invoke(ask, [], env={"DAUYS_HOME": str(home)})
    assert result.exit_code == 2
    assert "--audio" in result.output

"""`dauys converse --json` and `dauys ask`, by their contract: other programs drive them."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from voice.assistant.scripted_session import Reply, ScriptedSession
from voice.channels.audio_files import LONGEST_S, read_recording
from voice.cli.ask import command as ask
from voice.cli.catalogue import command as catalogue
from voice.cli.converse import command as converse
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Event, Pressed
from voice.dialogue.step import step
from voice.dialogue.turn import Turn

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


def test_the_catalogue_command_and_a_conversation_write_a_record_alike(home: Path) -> None:
    (answer,) = held(home, {"text": "найди книгу абай жолы"})
    found = CliRunner().invoke(catalogue, ["search", "--json", "абай жолы"], env={"DAUYS_HOME": str(home)})
    written = {record["id"]: record for record in json.loads(found.stdout)}
    same = [(record, written[record["id"]]) for record in answer["records"] if record["id"] in written]
    assert same
    assert all(list(said.items()) == list(listed.items()) for said, listed in same)


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


def wav(path: Path, samples: np.ndarray, form: int, rate: int = 16_000) -> Path:
    """A WAV file of whatever sample format: 1 for whole numbers, 3 for floats."""
    channels, width = samples.shape[1], samples.dtype.itemsize
    fmt = struct.pack("<HHIIHH", form, channels, rate, rate * channels * width, channels * width, 8 * width)
    data = samples.tobytes()
    head = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(head) + len(data)) + head + data)
    return path


TONE = 0.3 * np.sin(np.arange(16_000)[:, None] * 0.2)
BROKEN = np.where(np.arange(16_000)[:, None] == 8000, np.nan, TONE)


def test_a_sound_that_is_no_recording_is_an_error_and_the_conversation_goes_on(home: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    no_files = [tmp_path / "pipe.wav", Path("/dev/zero"), Path("/dev/tty"), tmp_path, Path("no\0name")]
    nan = [wav(tmp_path / f"nan{width}.wav", BROKEN.astype(width), 3) for width in ("<f4", "<f8")]
    no_channel = tmp_path / "no_channel.wav"
    no_channel.write_bytes(
        wav(tmp_path / "x.wav", TONE.astype("<f4"), 3).read_bytes().replace(b"\x03\0\x01\0", b"\x03\0\0\0")
    )
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{tmp_path}/x.wav\n")
    odd = [*no_files, *nan, no_channel, playlist]
    *errors, answer = held(home, *({"audio": str(path)} for path in odd), {"text": "көмек"})
    assert [list(error) for error in errors] == [["error"]] * len(odd)
    assert answer["intent"] == "help"


@pytest.mark.parametrize(
    ("samples", "form"),
    [(TONE, 3), (TONE.astype("<f4"), 3), ((TONE * 2**31).astype("<i4"), 1), (np.hstack([TONE, -TONE]), 3)],
    ids=["64-bit float", "32-bit float", "32-bit", "channels that cancel each other"],
)
def test_every_form_of_samples_is_the_same_sound(tmp_path: Path, samples: np.ndarray, form: int) -> None:
    heard = read_recording(wav(tmp_path / "x.wav", samples, form))
    assert heard.rate == 16_000
    assert np.abs(np.frombuffer(heard.pcm, "<i2") - TONE[:, 0] * 32768).max() < 3


def test_a_long_recording_is_cut(tmp_path: Path) -> None:
    hour = tmp_path / "hour.flac"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "3600", hour], check=True
    )
    assert len(read_recording(hour).pcm) == LONGEST_S * 8000 * 2


def test_a_fault_of_the_program_is_said_and_the_conversation_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(state: DialogueContext, event: Event, now: Any = None) -> Turn:
        if isinstance(event, Pressed):
            raise KeyError("100001")
        return step(state, event, now)

    monkeypatch.setattr("voice.assistant.dialogue_session.step", fragile)
    search = {"text": "найди книгу абай жолы"}
    _, first, second, last = held(home, search, {"key": "3"}, {"key": "3"}, search)
    assert "ошибка" in first["say"][0] and first["state"] == "results"
    assert "снова" in second["say"][0], "a librarian takes over"
    assert last["records"]


def test_an_answer_that_cannot_be_made_at_all_is_an_error_and_no_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = ScriptedSession.take

    async def breaks(conversation: ScriptedSession, kind: str, value: Any) -> Reply:
        if value == "сынады":
            raise RuntimeError
        return await taken(conversation, kind, value)

    monkeypatch.setattr(ScriptedSession, "take", breaks)
    error, answer = held(home, {"text": "сынады"}, {"text": "көмек"})
    assert list(error) == ["error"] and answer["intent"] == "help"


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


def on_channel(home: Path, channel: str, *inputs: dict[str, Any]) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps(item, ensure_ascii=False) for item in inputs) + "\n"
    arguments = ["--json", *NOON, "--channel", channel]
    result = CliRunner().invoke(converse, arguments, input=lines, env={"DAUYS_HOME": str(home)})
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_channel_keeps_its_own_rules(home: Path) -> None:
    silences = [{"silence": True}] * 3
    states = {
        channel: on_channel(home, channel, *silences)[-1]["state"] for channel in ("telephone", "station", "desk")
    }
    assert states == {"telephone": "goodbye", "station": "goodbye", "desk": "start"}
    ticket = ({"text": "мои книги"}, {"key": "100001#"})
    heard = {channel: " ".join(on_channel(home, channel, *ticket)[-1]["say"]) for channel in ("telephone", "station")}
    assert ": 01." in heard["telephone"] and "01" not in heard["station"]


def test_a_plain_line_of_keys_is_keyed(home: Path) -> None:
    result = CliRunner().invoke(
        converse, [*NOON, "--language", "ru"], input="мои книги\n100001#\n2580#\n", env={"DAUYS_HOME": str(home)}
    )
    assert result.exit_code == 0 and "билет принят" in result.stdout

import json
import wave

import pytest
from click.testing import CliRunner

from audio_models.synthetic_test_set import make_own_test
from audio_models.transcribed_recordings import read_recordings
from voice.cli import models
from voice.cli.models import ModelTrouble, command


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def few_words(monkeypatch):
    monkeypatch.setattr(models, "library_words", lambda: (("главное меню", "my books"), [("абай", 2.0)]))


def run(*arguments: str) -> str:
    outcome = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def test_the_list_names_everything_and_is_honest_about_checksums():
    rows = json.loads(run("list", "--json"))
    assert {row["name"] for row in rows} >= {"dauys-starter-kk-ru", "vosk-model-small-ru-0.22"}
    assert not any(row["installed"] for row in rows)
    assert "No checksum" in run("list")


def test_errors_are_sentences():
    for arguments in (("install", "whisper"), ("verify", "vosk-model-ru-0.42"), ("remove", "dauys-starter-en")):
        with pytest.raises(ModelTrouble, match=r"\.$"):
            run(*arguments)


def test_a_folder_is_measured_as_json(tmp_path, few_words):
    folder = make_own_test(tmp_path / "own")
    table = folder / "transcripts.tsv"
    table.write_text("\n".join(table.read_text(encoding="utf-8").splitlines()[::20]), encoding="utf-8")
    count = len(read_recordings(folder))
    report = json.loads(run("test", "--data", str(folder), "--json"))
    assert report["utterances"] == count
    assert set(report) == {"utterances", "wer_open", "accuracy_closed", "rtf", "by_language", "by_speaker"}
    assert sum(row["utterances"] for row in report["by_speaker"].values()) == count
    assert set(report["by_language"]) == {"kk", "ru", "en"}
    assert 0 <= report["accuracy_closed"] <= 1
    assert report["rtf"] > 0


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (None, "There is no"),
        ("a.wav\tkk\tx\n", "line 1"),
        ("a.wav\tde\tx\thallo\n", "line 1"),
        ("none.wav\tkk\tx\tбір\n", "no sound file"),
        ("", "no recording"),
        ("broken.wav\tkk\tx\tбір\n", "decoded"),
    ],
)
def test_bad_folders_are_explained(tmp_path, few_words, table, sentence):
    (tmp_path / "broken.wav").write_bytes(b"RIFF not really")
    if table is not None:
        (tmp_path / "transcripts.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(ModelTrouble, match=sentence):
        run("test", "--data", str(tmp_path))


def test_silence_is_heard_as_nothing(tmp_path, few_words):
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    (tmp_path / "transcripts.tsv").write_text("silence.wav\tru\tnobody\tглавное меню\n", encoding="utf-8")
    report = json.loads(run("test", "--data", str(tmp_path), "--json"))
    assert report["accuracy_closed"] == 0.0
    assert report["wer_open"] == 1.0

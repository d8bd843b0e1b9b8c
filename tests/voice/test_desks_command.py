"""`dauys desks`: list, show and set. The test line is tried with a real brltty in tests/devices."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from voice.commands.desks import command


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    return result.exit_code, result.output


def test_from_nothing_to_a_desk() -> None:
    assert "No desks yet" in run("list")[1]
    assert run("set", "abai-1", "driver=fs", "name=Abai branch") == (
        0,
        "Desk abai-1 is set. Try it: dauys desks test abai-1\n",
    )
    assert run("list")[1].split() == ["abai-1", "fs", "usb:", "Abai", "branch"]
    shown = run("show", "abai-1", "--files")[1]
    assert "driver = 'fs'" in shown
    assert "braille-driver fs" in shown
    assert "0f4e" in shown
    assert "Freedom Scientific" in run("drivers")[1]
    assert run("remove", "abai-1") == (0, "Desk abai-1 is forgotten.\n")
    assert "No desks yet" in run("list")[1]
    assert run("remove", "abai-1")[0] == 1


def test_mistakes_are_sentences() -> None:
    assert run("show", "abai-1") == (
        1,
        "Error: There is no desk 'abai-1'. Known desks: none yet; make one with `dauys desks set ID port=usb:`.\n",
    )
    assert run("test", "abai-1")[0] == 1
    assert "no KEY=VALUE" in run("set", "abai-1", "driver")[1]
    assert "cannot name a desk" in run("set", "Abai 1", "driver=fs")[1]
    assert "known codes are" in run("set", "abai-1", "driver=xx")[1]

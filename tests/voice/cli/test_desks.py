"""`dauys desks`: list, show and set. The test line is tried with a real brltty in tests/devices."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from voice.cli.desks import command


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


def test_two_desks_are_never_set_for_one_display() -> None:
    assert run("set", "abai-1", "port=usb:serialNumber=7", "driver=bm")[0] == 0
    for taken in ("port=usb:serialNumber=7", "port=usb:"):
        status, said = run("set", "abai-2", taken)
        assert status == 1
        assert "desk abai-1 has this display already" in said
        assert "serialNumber" in said
    assert run("set", "abai-2", "port=usb:serialNumber=8")[0] == 0
    assert run("set", "abai-3", "port=emulated:40")[0] == 0
    assert run("set", "abai-4", "port=emulated:40")[0] == 0


def test_a_key_is_bound_and_let_go() -> None:
    run("set", "abai-1", "port=emulated:40", "keys.BACK=cancel")
    assert "'BACK': 'cancel'" in run("show", "abai-1")[1]
    run("set", "abai-1", "keys.BACK=")
    assert "BACK" not in run("show", "abai-1")[1].split("keys =")[1].split("Changes")[0]


def test_rules_for_every_display_on_usb() -> None:
    status, rules = run("rules")
    assert status == 0
    assert 'ATTR{idVendor}=="0904"' in rules
    assert 'GROUP="dauys"' in rules

"""What every command owes: no traceback, a text in any terminal, one exit status for a name that nobody has."""

from __future__ import annotations

import pty
from pathlib import Path

import pytest

from devices.emulated_baum import EmulatedBaum
from devices.errors import DeviceError
from tests.voice.processes import dauys
from voice.checks.braille_checks import display_findings
from voice.cli.main import main


@pytest.mark.parametrize("encoding", ["koi8-r", "latin-1", "ascii"])
def test_a_terminal_that_lacks_letters_gets_the_others(tmp_path: Path, encoding: str) -> None:
    done = dauys(tmp_path, "braille", "Абай", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    shown = dauys(tmp_path, "settings", "explain", "voice.language", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert "Now:" in shown.stdout and not shown.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("recordings", "delete", "foo"),
        ("models", "remove", "foo"),
        ("models", "install", "foo"),
        ("desks", "remove", "foo"),
        ("desks", "show", "foo"),
        ("staff", "remove", "foo"),
        ("settings", "explain", "foo"),
        ("deliveries", "show", "999"),
        ("deliveries", "slip", "foo"),
    ],
)
def test_an_unknown_name_is_one_sentence_and_exit_status_1(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["dauys", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert words[-1] in said and len(said.splitlines()) == 1


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_of_ours_has_is_a_mistake(day: str, tmp_path: Path) -> None:
    for words in (("deliveries", "list", "--day", day), ("ask", "көмек", "--seed-time", f"{day}T23:30")):
        done = dauys(tmp_path, *words)
        assert done.returncode == 2 and "2199" in done.stderr and "Traceback" not in done.stderr


def no_more_ptys() -> tuple[int, int]:
    raise OSError("out of pty devices")


async def test_a_check_without_pseudo_terminals_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pty, "openpty", no_more_ptys)
    with pytest.raises(DeviceError, match="out of pty devices"), EmulatedBaum():
        pass
    found = {one.name: one async for one in display_findings(tmp_path, dauys_runs=False)}
    assert "desks" in found
    if brltty := found.get("brltty"):
        assert not brltty.works and "out of pty devices" in brltty.sentence

"""`dauys catalogue works` and `knowledge` at the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voice.cli.catalogue import command


@pytest.fixture
def dauys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def ids(done: Result) -> list[str]:
    return re.findall(r"\[(\w+)\]$", done.stdout, re.MULTILINE)


def test_works_are_joined_and_parted(dauys: Path) -> None:
    one = ids(run("search", "мастер и маргарита"))[0]
    other = ids(run("search", "собачье сердце"))[0]
    assert run("works", "join", one, other).exit_code == 0
    assert set(ids(run("works", "show", other))) >= {one, other}
    assert ids(run("works", "part", other)) == [other]
    assert other not in ids(run("works", "show", one))
    assert run("works", "forget", other).exit_code == 0
    assert run("works", "join", one).exit_code == 2
    assert "no record" in str(run("works", "part", "none").exception)


def test_knowledge_is_counted() -> None:
    done = run("knowledge")
    assert "plot" in done.stdout and "at least 80%" in done.stdout

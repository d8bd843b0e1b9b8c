"""`dauys catalogue` at the command line, on the catalogue that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voice.commands.catalogue import command


@pytest.fixture
def dauys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words)


def test_search_prints_record_objects(dauys: Path) -> None:
    done = run("search", "--json", "Абай", "жолы")
    assert done.exit_code == 0
    first = json.loads(done.stdout)[0]
    assert set(first) == {"id", "title", "author", "language", "year", "formats", "available"}
    assert (first["title"], first["author"], first["language"]) == ("Абай жолы", "Мұхтар Әуезов", "kk")
    assert all(set(shelf) == {"place", "copies"} for shelf in first["available"])
    assert "Әуезов" in run("search", "абай жолы").stdout
    assert json.loads(run("search", "--json", "фщхзцкт").stdout) == []


def test_stats_and_generate(dauys: Path) -> None:
    assert run("generate", "--titles", "300", "--copies", "900").exit_code == 0
    told = {line[:28].strip(): line[28:].strip() for line in run("stats").stdout.splitlines()}
    assert int(told["titles"].replace(" ", "")) >= 2300
    assert "another folder" in str(run("generate", "--titles", "300", "--copies", "900").exception)
    assert run("generate", "--titles", "9", "--copies", "1").exit_code == 2


def test_import_writes_down_what_it_refused(dauys: Path) -> None:
    broken = dauys / "broken.mrc"
    broken.write_bytes(b"this is no record\x1d")
    done = run("import", str(broken))
    assert done.exit_code == 0 and "0 records taken" in done.stdout
    assert "broken.mrc\t1\tdamaged" in (dauys / "import-refused.tsv").read_text(encoding="utf-8")

"""`dauys catalogue` at the command line, on the catalogue that ships."""

from __future__ import annotations

import json
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
    assert int(told["titles"].replace(" ", "")) == 300
    assert "another folder" in str(run("generate", "--titles", "300", "--copies", "900").exception)
    assert run("generate", "--titles", "9", "--copies", "1").exit_code == 2


def test_import_writes_down_what_it_refused(dauys: Path) -> None:
    broken = dauys / "broken.mrc"
    broken.write_bytes(b"this is no record\x1d")
    done = run("import", str(broken))
    assert done.exit_code == 1 and "0 new records" in done.stdout and "1 records were refused" in done.stdout
    assert "Nothing was taken from: broken.mrc." in str(done.exception)
    (first,) = dauys.glob("sync-import-*.tsv")
    assert "refused\tbroken.mrc\t1\tdamaged" in first.read_text(encoding="utf-8")
    missing = run("import", str(dauys / "missing.mrc"))
    assert missing.exit_code == 1
    second = next(path for path in dauys.glob("sync-import-*.tsv") if path != first)
    assert "missing.mrc\t0\tthe file cannot be read: No such file" in second.read_text(encoding="utf-8")
    assert str(second) in str(missing.exception) and "broken.mrc" in first.read_text(encoding="utf-8")


GOOD = (
    '<collection><record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">1</controlfield>'
    '<datafield tag="245"><subfield code="a">Жоғалған кітап</subfield></datafield>'
    '<datafield tag="952"><subfield code="b">KZ-9</subfield><subfield code="p">77</subfield></datafield>'
    "</record></collection>"
)


def test_import_takes_what_it_can_beside_a_missing_file(dauys: Path) -> None:
    good = dauys / "good.xml"
    good.write_text(GOOD, encoding="utf-8")
    done = run("import", str(dauys / "missing.mrc"), str(good))
    assert (
        done.exit_code == 1
        and "1 new records" in done.stdout
        and "Nothing was taken from: missing.mrc." in str(done.exception)
    )
    assert "Жоғалған кітап" in run("search", "жоғалған кітап").stdout
    again = run("import", str(good))
    assert again.exit_code == 0 and "1 as before" in again.stdout and not again.exception


def test_a_source_of_the_settings_is_followed_and_asks_before_it_deletes_much(dauys: Path) -> None:
    folder = dauys / "export"
    folder.mkdir()
    (dauys / "settings.toml").write_text(f'[catalogue]\nsources = ["main={folder}; at 03:30"]\n', encoding="utf-8")
    assert "holds no file of records" in report_of(dauys, run("sync"))
    (folder / "one.xml").write_text(GOOD, encoding="utf-8")
    tried = run("sync", "main", "--dry-run")
    assert "would be 1 new records" in tried.stdout and "Nothing" not in tried.stdout
    assert "1 copies stand at 1 places whose codes are unknown" in run("sync").stdout
    assert "1  KZ-9                    unknown" in run("places", "codes").stdout
    assert run("places", "map", "KZ-9", "nowhere").exit_code == 1
    assert "1 copies have come there" in run("places", "map", "KZ-9", "chekhov").stdout
    assert "1 × А. П. Чехов" in run("search", "жоғалған кітап").stdout
    assert "1 copies wait" in run("places", "unmap", "KZ-9").stdout
    (folder / "one.xml").write_text("<collection></collection>", encoding="utf-8")
    empty = run("sync", "main")
    assert empty.exit_code == 1 and "1 records were not deleted" in str(empty.exception)
    assert "1 deleted" in run("sync", "main", "--yes").stdout
    assert run("sync", "other").exit_code == 1 and run("sync", "other=").exit_code == 1


def report_of(home: Path, done: Result) -> str:
    """The newest report of a run that ended badly."""
    assert done.exit_code == 1
    return max(home.glob("sync-*.tsv")).read_text(encoding="utf-8")

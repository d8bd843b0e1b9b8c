"""Which command makes a home a demonstration, which one a library's own, and what `serve` refuses."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue_client.store.purpose import Purpose
from tests.voice.processes import dauys
from voice.assistant.app import open_app
from voice.checks.service_checks import whole_findings
from voice.cli.main import dauys as every_command

QUIET = "[telephone]\nenabled = false\n[staff_site]\nenabled = false\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text(QUIET)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(every_command, words)


def purpose(home: Path) -> Purpose | None:
    async def look() -> Purpose | None:
        async with open_app(home=home) as app:
            return await app.demonstration.purpose()

    return asyncio.run(look())


def finding(home: Path, name: str = "demonstration") -> tuple[bool, bool, str]:
    async def search() -> tuple[bool, bool, str]:
        async with aclosing(whole_findings(home)) as findings:  # type: ignore[type-var]
            async for one in findings:
                if one.name == name:
                    return one.works, one.needed, one.sentence
        raise AssertionError(f"nothing was found of {name}")

    return asyncio.run(search())


def test_ask_makes_a_home_a_demonstration_says_so_and_serve_refuses_it(home: Path) -> None:
    asked = run("ask", "--json", "найди книгу абай жолы")
    assert asked.exit_code == 0 and asked.stderr.startswith("This is a demonstration")
    assert "demonstration" not in asked.stdout
    assert run("talk").stderr.startswith("This is a demonstration")
    assert purpose(home) is Purpose.DEMONSTRATION
    refused = dauys(home, "serve")
    assert refused.returncode == 1
    assert "published PIN" in refused.stderr and "--demonstration" in refused.stderr
    removed = run("demonstration", "remove")
    assert removed.exit_code == 0 and "3 readers (100001, 100002, 100003)" in removed.stdout
    assert "the library's own" in run("demonstration", "show").stdout
    assert purpose(home) is Purpose.LIBRARY
    asked = run("ask", "мои книги")
    assert asked.exit_code == 0 and not asked.stderr
    refused = dauys(home, "serve", "--demonstration")
    assert refused.returncode == 1 and "no demonstration" in refused.stderr


def test_import_makes_it_the_librarys_own(home: Path) -> None:
    book = home / "book.xml"
    book.write_text(
        '<collection><record><datafield tag="245"><subfield code="a">Кітап</subfield></datafield></record></collection>'
    )
    assert run("catalogue", "import", str(book)).exit_code == 0
    assert purpose(home) is Purpose.LIBRARY
    assert "titles in" in run("catalogue", "stats").stdout
    assert int(run("catalogue", "stats").stdout.splitlines()[0].split()[-1]) == 1


def test_looking_decides_nothing(home: Path) -> None:
    for words in (("catalogue", "stats"), ("deliveries", "list"), ("demonstration", "show")):
        assert run(*words).exit_code == 0
    assert purpose(home) is None


def test_check_fails_while_a_published_account_is_open_to_callers(home: Path) -> None:
    assert finding(home)[:2] == (True, True)
    assert finding(home, "catalogue")[:2] == (False, False)  # nobody needs books where nothing is decided
    assert run("demonstration", "keep").exit_code == 0
    run("ask", "сәлем")
    works, needed, sentence = finding(home)
    assert works and "demonstration remove" in sentence

    async def as_if_it_were_a_library() -> None:
        async with open_app(home=home) as app, app.home_deliveries.books.database.writing() as connection:
            await connection.exec_driver_sql("UPDATE facts SET value = 'library' WHERE name = 'purpose'")

    asyncio.run(as_if_it_were_a_library())
    works, needed, sentence = finding(home)
    assert needed and not works and "100001, 100002, 100003" in sentence
    run("demonstration", "remove")
    assert finding(home)[0]


def test_check_names_a_lost_pepper_and_serve_refuses(home: Path) -> None:
    assert run("demonstration", "show").exit_code == 0
    kept = (home / "pepper").read_bytes()
    assert finding(home, "pepper")[0]
    (home / "pepper").unlink()
    works, needed, sentence = finding(home, "pepper")
    assert needed and not works and "missing" in sentence
    refused = dauys(home, "serve")
    assert refused.returncode == 1 and "pepper is missing" in refused.stderr and "Traceback" not in refused.stderr
    (home / "pepper").write_bytes(kept[::-1])
    assert "not the one of this store" in finding(home, "pepper")[2]
    assert dauys(home, "deliveries", "personal", "100001", "--yes").stderr.startswith("dauys: ")

"""`dauys braille`: unicode, BRF and PEF of a text, a file and standard input."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from braille import brf
from voice.cli.braille import command


def run(*arguments: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(command, list(arguments), input=text)


def test_a_text_in_unicode_braille() -> None:
    assert run("Абай жолы").output == "⠁⠃⠁⠯⠀⠚⠕⠇⠮\n"
    assert run("Абай жолы", "--capitals", "--width", "8").output == "⠘⠁⠃⠁⠯\n⠚⠕⠇⠮\n"
    assert run("War and Peace", "--grade", "2").output == "⠠⠺⠜⠀⠯⠀⠠⠏⠂⠉⠑\n"
    assert run("War and Peace", "--language", "kk").output == "⠨⠺⠁⠗⠀⠁⠝⠙⠀⠏⠑⠁⠉⠑\n"
    assert run("كىتاپ").output == "⠅⠽⠞⠁⠏\n"
    assert run("ğylym").output == "⠻⠮⠇⠮⠍\n"
    assert run("").output == ""


def test_a_file_line_by_line_and_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "книга.txt"
    file.write_text("\ufeffАбай\nThe end\n", encoding="utf-8")
    assert run(str(file)).output == "⠁⠃⠁⠯\n⠠⠞⠓⠑⠀⠑⠝⠙\n"
    assert run("-", text="Абай").output == "⠁⠃⠁⠯\n"


def test_files_for_embossers() -> None:
    data = run("Абай жолы " * 200, "--format", "brf", "--width", "30", "--height", "10").stdout_bytes
    pages = brf.read(data)
    assert len(pages) > 1
    assert all(len(page) == 10 and all(len(row) <= 30 for row in page) for page in pages)
    root = ET.fromstring(run("Абай жолы", "--format", "pef").stdout_bytes)
    rows = [row.text for row in root.iter("{http://www.daisy.org/ns/2008/pef}row")]
    assert rows == ["⠁⠃⠁⠯⠀⠚⠕⠇⠮"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("а", "--width", "1"), "at least 2"),
        (("а", "--format", "brf", "--width", "5"), "at least 8 cells"),
        (("а", "--format", "pef", "--height", "1"), "3 rows"),
        (("-",), "not UTF-8"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments, text=b"\xff\xfe")
    assert result.exit_code == 1
    assert sentence in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize("name", ["/missing.txt", "./нет", "../a b.txt", "missing.txt", "x/книга.md", "/tmp", "~/x"])
def test_a_file_that_is_not_there_is_no_text(name: str) -> None:
    result = run(name)
    assert result.exit_code == 1 and not result.stdout
    assert f"{name} cannot be read" in result.stderr


@pytest.mark.parametrize("text", ["и/или", "1/2", "т.б.", "3.14", "/", "а / б", "см. стр. 5", "км/ч"])
def test_a_text_with_a_slash_or_a_full_stop_is_a_text(text: str) -> None:
    result = run(text)
    assert result.exit_code == 0 and result.stdout


def test_a_file_that_may_not_be_read_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text("x")

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    result = run(str(file))
    assert result.exit_code == 1 and "Permission denied" in result.stderr


def test_a_book_has_contents_and_centred_headings() -> None:
    done = CliRunner().invoke(command, ["# Абай\n\nМәтін.", "--book", "--width", "20", "--height", "6"])
    rows = done.output.splitlines()
    assert rows[0].strip("⠀") == "⠍⠁⠵⠍⠬⠝⠮"
    assert rows[6] == "⠀" * 8 + "⠁⠃⠁⠯"


def test_ebraille_needs_an_author_and_a_year() -> None:
    done = CliRunner().invoke(command, ["Абай", "--format", "ebraille", "--author", "Абай"])
    assert done.exit_code == 1
    assert "--author" in done.output
    made = CliRunner().invoke(command, ["Абай", "--format", "ebraille", "--author", "Абай, 1909"])
    assert made.exit_code == 0
    assert made.stdout_bytes.startswith(b"PK")


def test_a_russian_text_has_the_brackets_of_russian() -> None:
    russian = CliRunner().invoke(command, ["Достоевский Ф. М. Преступление и наказание (роман в шести частях)"])
    assert "⠣⠗⠕⠍⠁⠝" in russian.output
    kazakh = CliRunner().invoke(command, ["Әуезов М. Абай жолы (роман төрт томда, екінші кітап)"])
    assert "⠶⠗⠕⠍⠁⠝" in kazakh.output

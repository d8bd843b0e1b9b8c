"""What liblouis does with the tables in use, so that a new version that changes a record is noticed."""

import threading
import tomllib
from importlib.resources import files

import pytest

from braille import liblouis, to_unicode
from braille.braille_codes import code
from braille.errors import LiblouisMissing

KK, DETAILED, G1, G2 = ("kk.utb",), ("kk.utb", "ru-litbrl-detailed.utb"), ("en-ueb-g1.ctb",), ("en-ueb-g2.ctb",)


@pytest.mark.parametrize(
    ("tables", "text", "cells"),
    [
        (KK, "Қазақ хандығы, XV–XVIII ғасырлар (1-том)", "⠹⠁⠵⠁⠹⠀⠓⠁⠝⠙⠮⠻⠮⠂⠨⠭⠧⠤⠭⠧⠊⠊⠊⠀⠻⠁⠎⠮⠗⠇⠁⠗⠀⠣⠼⠁⠤⠞⠕⠍⠜"),
        (KK, "Достоевский Ф. М. Преступление и наказание", "⠙⠕⠎⠞⠕⠑⠺⠎⠅⠊⠯⠀⠋⠲⠀⠍⠲⠀⠏⠗⠑⠎⠞⠥⠏⠇⠑⠝⠊⠑⠀⠊⠀⠝⠁⠅⠁⠵⠁⠝⠊⠑"),
        (KK, "Тел.: +7 (727) 267-28-11; e-mail: lib@mail.kz", "⠞⠑⠇⠲⠒⠀⠖⠼⠛⠀⠣⠼⠛⠃⠛⠜⠀⠼⠃⠋⠛⠤⠼⠃⠓⠤⠼⠁⠁⠠⠆⠠⠑⠤⠍⠁⠊⠇⠒⠀⠇⠊⠃⠩⠍⠁⠊⠇⠲⠅⠵"),
        (DETAILED, "Қан мен тер: Трилогия", "⠘⠹⠁⠝⠀⠍⠑⠝⠀⠞⠑⠗⠒⠀⠘⠞⠗⠊⠇⠕⠛⠊⠫"),
        (G1, "The Old Man and the Sea, 1952", "⠠⠞⠓⠑⠀⠠⠕⠇⠙⠀⠠⠍⠁⠝⠀⠁⠝⠙⠀⠞⠓⠑⠀⠠⠎⠑⠁⠂⠀⠼⠁⠊⠑⠃"),
        (G2, "The Old Man and the Sea, 1952", "⠠⠮⠀⠠⠕⠇⠙⠀⠠⠍⠁⠝⠀⠯⠀⠮⠀⠠⠎⠑⠁⠂⠀⠼⠁⠊⠑⠃"),
    ],
)
def test_records_come_out_as_they_did(tables: tuple[str, ...], text: str, cells: str) -> None:
    done, inputs, outputs = liblouis.forward(tables, text)
    assert to_unicode(done) == cells
    assert len(inputs) == len(done)
    assert len(outputs) == len(text)


def test_an_unknown_character_is_told_by_dot_seven() -> None:
    for tables in (KK, G1):
        done, inputs, _ = liblouis.forward(tables, "a中b")
        assert {inputs[at] for at, cell in enumerate(done) if cell > 0x3F} == {1}


def test_a_missing_table_is_named_with_what_to_install() -> None:
    with pytest.raises(LiblouisMissing, match=r"no-such-table\.utb.*liblouis-data"):
        liblouis.forward(("no-such-table.utb",), "а")


def test_the_version_is_known() -> None:
    assert int(liblouis.version().split(".")[0]) >= 3


def test_threads_take_turns() -> None:
    text = "Мұхтар Әуезов. Абай жолы. – Алматы: Жазушы, 1990."
    right = liblouis.forward(KK, text)
    wrong: list[object] = []

    def work() -> None:
        for _ in range(300):
            done = liblouis.forward(KK, text)
            if done != right:
                wrong.append(done)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("name", ["russian", "kazakh"])
def test_every_correction_is_still_needed_and_says_where_it_is_from(name: str) -> None:
    rules = tomllib.loads(files("braille").joinpath("russian.toml").read_text(encoding="utf-8"))
    assert rules["correction"]
    for rule in rules["correction"]:
        done, _, _ = liblouis.forward(code(name).tables, f"а {rule['text']}{rule['text']} а")
        assert rule["cells"] * 2 not in to_unicode(done), rule["text"]
        assert rule["source"]
        assert rule["liblouis"].startswith("3.")

"""The page about the package is true: its example runs, its table names every module, its public names exist."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import languages

ROOM = Path(languages.__file__).parent


def test_the_example_gives_what_the_page_says() -> None:
    found = doctest.testfile(str(ROOM / "README.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 5 and found.failed == 0


def test_the_table_names_every_module_and_no_other() -> None:
    rows = [line for line in (ROOM / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == {path.stem for path in ROOM.glob("*.py")} - {"__init__"}


def test_public_names_exist_and_are_in_order() -> None:
    assert all(hasattr(languages, name) for name in languages.__all__)
    assert len(set(languages.__all__)) == len(languages.__all__)

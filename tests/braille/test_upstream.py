"""What is offered to other projects passes their own tools."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UPSTREAM = ROOT / "docs" / "upstream"
LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@pytest.mark.parametrize("cases", ["kk-both.yaml", "hyph_kk.yaml"])
def test_liblouis_passes_the_cases_of_the_tables(cases: str) -> None:
    tables = f"{UPSTREAM / 'liblouis'},{ROOT / 'braille'},/usr/share/liblouis/tables"
    done = subprocess.run(
        ["lou_checkyaml", UPSTREAM / "liblouis" / cases],
        env=os.environ | {"LOUIS_TABLEPATH": tables},
        capture_output=True,
        text=True,
    )
    assert re.search(r"SUCCESS \(\d\d tests, 0 failures\)", done.stdout), done.stdout + done.stderr


def test_the_patterns_are_those_that_the_rules_make() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import runpy; m = runpy.run_path('scripts/make-hyphenation-kk');"
         "print(m['HEAD'] + '\\n'.join(m['patterns']()))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert made.stdout == (ROOT / "braille" / "hyph_kk.dic").read_text(encoding="utf-8")


def test_brltty_reads_the_kazakh_table_and_every_cell_is_one_character(tmp_path: Path) -> None:
    source, target = tmp_path / "kk.ttb", tmp_path / "read.ttb"
    source.write_bytes((UPSTREAM / "brltty" / "kk.ttb").read_bytes())
    done = subprocess.run(
        ["brltty-ttb", "-i", "ttb", "-o", "ttb", source, target], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    rows = re.findall(r"^char\t(\S+)\t\((.{8})\)", target.read_text(encoding="utf-8"), re.M)
    written = {re.sub(r"\\x(..)|\\u(....)", lambda n: chr(int(n[1] or n[2], 16)), sign): cell for sign, cell in rows}
    assert set(LETTERS) | set(LETTERS.upper()) | set("()?%/0123456789abcABC") <= set(written)
    cells = [cell for cell in written.values() if cell.strip()]
    assert len(cells) == len(set(cells))
    assert written["қ"] == "1  456  "
    assert written["Қ"] == "1  4567 "

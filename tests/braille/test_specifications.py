"""The script that holds the codes against liblouis's specifications, on a specification of our own."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SPECIFICATION = r"""
table: {language: ru, __assert-match: ru-litbrl.ctb}
tests:
  - - а
    - ⠁
  - [1., ⠼⠁⠲]
  - ['\x0020', ' ']
  - [x², ⠠⠭, {xfail: true}]
table: {language: en, __assert-match: en-ueb-g2.ctb}
flags: {testmode: bothDirections}
tests:
  - [his, '8']
table: {language: de, __assert-match: de-g1.ctb}
tests:
  - [a, ⠁]
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    file = Path(__file__).parents[2] / "scripts" / "braille_specifications.py"
    spec = importlib.util.spec_from_file_location("braille_specifications", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_cases_of_a_specification_are_found(script: ModuleType) -> None:
    found = list(script.cases("own", SPECIFICATION))
    assert [(case.table, case.given, case.expected, case.backward) for case in found] == [
        ("ru-litbrl.ctb", "а", "⠁", False),
        ("ru-litbrl.ctb", "1.", "⠼⠁⠲", False),
        ("ru-litbrl.ctb", " ", "⠀", False),
        ("en-ueb-g2.ctb", "his", "⠦", False),
        ("en-ueb-g2.ctb", "⠦", "his", True),
    ]
    assert all(case.is_right() for case in found)


def test_a_wrong_case_is_seen(script: ModuleType) -> None:
    wrong = script.Case("own", "ru-litbrl.ctb", "а", "⠃", False)
    assert not wrong.is_right()

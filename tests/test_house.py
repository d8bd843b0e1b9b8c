"""The rules of the house: who may import whom, and how long a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEAVES = ("audio_models", "braille", "catalogue_client", "devices")
ORDER = ("engines", "channels", "hearing", "understanding", "conversation", "turntaking", "speaking")
LONGEST = 300


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide who imports whom"
            yield node.module or ""


@pytest.mark.parametrize("leaf", LEAVES)
def test_leaves_import_neither_each_other_nor_the_trunk(leaf: str) -> None:
    foreign = {*LEAVES, "voice"} - {leaf}
    for path in modules(leaf):
        assert not {name.split(".")[0] for name in imported(path)} & foreign, path


@pytest.mark.parametrize("room", ORDER)
def test_inside_voice_imports_run_the_way_a_sentence_travels(room: str) -> None:
    later = ORDER[ORDER.index(room) + 1 :]
    for path in modules(f"voice/{room}"):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "voice" and len(parts) > 1:
                assert parts[1] not in later, f"{path} imports {name}"
                assert parts[1] in {*ORDER, "errors"}, f"{path} imports {name}"


def test_turn_taking_is_pure() -> None:
    """It sees no clock, no task and no device, and of other rooms only what is handed between them."""
    allowed = {"voice.conversation.expects", "voice.hearing.utterance"}
    ground = {"__future__", "collections.abc", "dataclasses", "enum", "functools", "importlib.resources", "tomllib"}
    for path in modules("voice/turntaking"):
        foreign = {name for name in imported(path) if not name.startswith("voice.turntaking.")}
        assert foreign <= allowed | ground, path


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for package in (*LEAVES, "voice", "scripts")
        for path in modules(package)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for package in (*LEAVES, "voice", "scripts")
        for path in modules(package)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent

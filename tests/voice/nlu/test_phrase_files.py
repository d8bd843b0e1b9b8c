"""The files of phrases are read and changed by people: lines that fit a screen, a long entry an alternative a line."""

from __future__ import annotations

from pathlib import Path

import pytest

PHRASES = Path(__file__).parents[3] / "voice" / "nlu" / "phrases"


@pytest.mark.parametrize("file", sorted(PHRASES.glob("*.toml")), ids=lambda file: file.stem)
def test_no_line_is_too_long_to_be_read(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []

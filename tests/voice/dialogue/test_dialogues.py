"""Whole dialogues, each held by voice, by keypad alone and by Braille alone, word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.voice.dialogue.playing import SCRIPTS, WAYS, play, player, read
from voice.nlu.phrasebook import Phrasebook

PATHS = sorted(SCRIPTS.glob("*.toml"))
CASES = [pytest.param(path, way, id=f"{path.stem}-{way}") for path in PATHS for way in read(path).get("ways", WAYS)]
"""No key says a day or a place: a script that needs one names the ways by which it is played."""


def test_there_are_dialogues_in_every_language() -> None:
    languages = [read(path)["language"] for path in PATHS]
    assert min(languages.count(language) for language in ("kk", "ru", "en")) >= 20


@pytest.mark.parametrize(("path", "way"), CASES)
def test_dialogue(path: Path, way: str, phrasebook: Phrasebook) -> None:
    script = read(path)
    playing = player(script, phrasebook)
    for number, turn in enumerate(script["turn"], 1):
        play(playing, turn, way)
        _check(turn, playing, f"turn {number} of {path.stem} by {way}")


def _check(turn: dict[str, Any], playing: Any, where: str) -> None:
    said = [line.text for line in playing.lines]
    assert playing.context.name == turn.get("state", playing.context.name), f"{where}: {said}"
    assert [line for line in turn.get("hears", []) if line not in said] == [], f"{where}: {said}"
    assert (playing.booking and playing.booking.kind) == turn.get("booking"), where
    if "expects" in turn:
        assert playing.context.state.expects == turn["expects"], where

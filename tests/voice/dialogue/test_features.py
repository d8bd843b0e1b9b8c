"""The features of the dialogue: none knows another, and no two claim the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import voice.dialogue
from voice.dialogue import registry
from voice.dialogue.registry import FEATURES, STATES
from voice.dialogue.states import Booked, Start
from voice.values.intents import IntentName

ROOM = Path(voice.dialogue.__file__).parent


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_registry_imports_features(path: Path) -> None:
    known = {name for name in imports(path) if name.startswith("voice.dialogue.features.")}
    if path.stem == "registry":
        assert known == {f"voice.dialogue.features.{module.stem}" for module in ROOM.glob("features/[a-z]*.py")}
    else:
        assert known == set()


def test_every_feature_is_registered_once() -> None:
    assert len(FEATURES) == len({id(feature) for feature in FEATURES}) == len(list(ROOM.glob("features/[a-z]*.py")))


def test_two_features_may_share_a_state_but_no_intent_of_it() -> None:
    assert (
        sum(Start in feature.states for feature in FEATURES) > 1 < sum(Booked in feature.states for feature in FEATURES)
    )
    with pytest.raises(ValueError, match="yes"):
        registry._joined([STATES[Start], {IntentName.YES: STATES[Start][IntentName.YES]}])


def test_step_knows_no_intents() -> None:
    assert "IntentName" not in (ROOM / "step.py").read_text(encoding="utf-8")

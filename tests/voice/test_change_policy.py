"""The policy of what changes the world: its values, and that nobody keeps one of their own beside it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from voice.nlu.deciding.decision_policy import load_policy
from voice.values import change_policy as policy
from voice.values.change_policy import LEAST_CONFIDENCE, WRONG_ACT_TURNS, Cost

VOICE = Path(policy.__file__).parents[1]


def test_the_values_are_those_that_were_measured() -> None:
    assert LEAST_CONFIDENCE == {
        Cost.HARMLESS: 0.05,
        Cost.CONFIRMING: 0.2,
        Cost.LEADS: 0.4,
        Cost.SETTING: 0.4,
        Cost.ENDING: 0.5,
    }
    assert (policy.MIN_BARGE_IN_CONFIDENCE, policy.MIN_HARMLESS_BARGE_IN_CONFIDENCE) == (0.6, 0.2)
    assert policy.MIN_LANGUAGE_CONFIDENCE == 0.5
    assert (policy.MIN_READ_BACK_SCORE, policy.MIN_ACT_PROBABILITY) == (0.8, 0.3)
    assert timedelta(minutes=10) == policy.UNDO_TIME
    assert list(WRONG_ACT_TURNS.values()) == [3.1, 3.6, 4.2, 9.0, 40.0]


def test_what_costs_more_is_done_less_easily() -> None:
    assert list(WRONG_ACT_TURNS) == list(Cost)
    assert sorted(WRONG_ACT_TURNS.values()) == list(WRONG_ACT_TURNS.values())
    ruled_by_sureness = [Cost.HARMLESS, Cost.LEADS, Cost.SETTING, Cost.ENDING]
    assert sorted(ruled_by_sureness, key=lambda cost: LEAST_CONFIDENCE[cost]) == ruled_by_sureness
    assert max(LEAST_CONFIDENCE.values()) < policy.MIN_BARGE_IN_CONFIDENCE


def test_every_wrong_act_costs_more_than_to_ask_or_to_refuse() -> None:
    assert min(WRONG_ACT_TURNS.values()) > max(load_policy().turns.values())


@pytest.mark.parametrize("room", ["dialogue", "assistant", "nlu/deciding", "turntaking"])
def test_no_confidence_is_compared_with_a_number_of_its_own(room: str) -> None:
    own = [
        f"{path.relative_to(VOICE)}:{node.lineno}"
        for path in sorted((VOICE / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for sides in [[node.left, *node.comparators]]
        if any("confidence" in ast.unparse(side) or "probability" in ast.unparse(side) for side in sides)
        and any(
            isinstance(side, ast.Constant) and isinstance(side.value, float) and 0 < side.value < 1 for side in sides
        )
    ]
    assert not own

"""The features of the dialogue: none knows another, and no two claim the same."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import voice.dialogue
from catalogue_client.values.accounts import Loan
from tests.voice.dialogue.exploring import beginning
from tests.voice.dialogue.small_library import HOLDS, LOANS
from voice.dialogue import registry
from voice.dialogue.commands import Answer
from voice.dialogue.context import DialogueContext
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.feature import each, each_if_any, for_state, nothing, one
from voice.dialogue.registry import FEATURES, STATES
from voice.dialogue.states import Booked, Start
from voice.dialogue.turn import Transition
from voice.values.intents import Intent, IntentName

ROOM = Path(voice.dialogue.__file__).parent


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def features() -> set[str]:
    """Return the dotted names of the modules that hold a feature."""
    found = (ROOM / "features").rglob("[a-z]*.py")
    return {"voice.dialogue." + ".".join(path.relative_to(ROOM).with_suffix("").parts) for path in found}


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_registry_imports_features(path: Path) -> None:
    known = {name for name in imports(path) if name.startswith("voice.dialogue.features.")}
    if path.stem == "registry":
        assert known == features()
    else:
        assert known == set()


def test_every_feature_is_registered_once() -> None:
    assert len(FEATURES) == len({id(feature) for feature in FEATURES}) == len(features())


def test_two_features_may_share_a_state_but_no_intent_of_it() -> None:
    for shared in (Start, Booked):
        assert sum(any(entry.state is shared for entry in feature.states) for feature in FEATURES) > 1
    with pytest.raises(ValueError, match="yes"):
        registry._joined([STATES[Start], {IntentName.YES: STATES[Start][IntentName.YES]}])


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_no_handler_asks_what_it_was_given(path: Path) -> None:
    asks = [
        node
        for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(statement, ast.Assert)
        for node in ast.walk(statement.test)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
    ]
    assert bool(asks) is (path.stem == "feature")


def test_a_handler_is_given_its_own_state_and_no_other() -> None:
    context = beginning()
    given: list[DialogueState] = []

    def keep(context: DialogueContext, state: Start, intent: Intent) -> Transition:
        given.append(state)
        return Transition(context)

    handler = for_state(Start, {IntentName.YES: keep}).handlers[IntentName.YES].handler
    handler(context, Start(), Intent(IntentName.YES))
    with pytest.raises(AssertionError, match="Start expected, not Booked"):
        handler(context, Booked(), Intent(IntentName.YES))
    assert given == [Start()]


@pytest.mark.parametrize(
    ("narrow", "right", "wrong"),
    [
        (one(Loan), LOANS[0], HOLDS[0]),
        (one(str), "", None),
        (each(Loan), LOANS, HOLDS),
        (each(Loan), (), LOANS[0]),
        (each_if_any(Loan), None, (*LOANS, *HOLDS)),
        (nothing, None, ()),
    ],
)  # fmt: skip
def test_an_answer_of_another_kind_is_refused(narrow: Callable[[Answer], object], right: Answer, wrong: Answer) -> None:
    assert narrow(right) == right
    with pytest.raises(AssertionError):
        narrow(wrong)


def test_step_knows_no_intents() -> None:
    assert "IntentName" not in (ROOM / "step.py").read_text(encoding="utf-8")

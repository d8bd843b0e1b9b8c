"""Every place of the dialogue has a name in the corpus, and every read-back its own."""

from __future__ import annotations

import inspect

import pytest

from voice.dialogue import commands, registry
from voice.nlu.corpus_states import STATES, state_name

DIALOGUE_STATES = sorted({state.name for state in registry.STATES})
NOT_WRITTEN_FOR = {"BarTicket", "ChangePhone", "ChangePin", "KeepHistory", "MoveDelivery", "SuspendHold"}
"""Read-backs that came after the corpus: people answer them as they answer any other question."""
UNSPOKEN = {"goodbye"}
"""After it a conversation begins again."""


@pytest.mark.parametrize("name", [name for name in DIALOGUE_STATES if name not in UNSPOKEN])
def test_a_dialogue_state_has_a_name_in_the_corpus(name: str) -> None:
    assert state_name(name) in STATES
    assert name == "start" or state_name(name) != "start"


def test_every_change_is_read_back_in_a_state_of_its_own() -> None:
    changes = [
        name
        for name, cls in inspect.getmembers(commands, inspect.isclass)
        if issubclass(cls, commands.ChangeCommand) and cls is not commands.ChangeCommand
    ]
    assert {state_name("confirm", change) for change in NOT_WRITTEN_FOR} == {"doubt"}
    named = [state_name("confirm", change) for change in changes if change not in NOT_WRITTEN_FOR]
    assert set(named) == {state for state in STATES if state.startswith("confirm_")}
    assert len(named) == len(set(named))


def test_a_read_back_of_anything_else_is_a_doubt() -> None:
    assert state_name("confirm", "HandOver") == "doubt"


def test_an_unknown_state_is_the_start() -> None:
    assert state_name("moon") == "start"

"""What holds at every place of the dialogue, whatever happens there."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.exploring import (
    BELOW,
    EVENTS,
    NO_ENDS_FROM,
    THRESHOLDS,
    explored,
    stages_reached,
    stale_answers,
)
from voice.dialogue import commands, step
from voice.dialogue.confirmation import AGREES
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed, Left, NotUnderstood, Pressed, Routed, Said, ServiceEnding
from voice.dialogue.registry import ANSWERS, STATES
from voice.dialogue.states import Confirm, DialogueState, Doubt
from voice.dialogue.turn import Control, Turn
from voice.values.intents import Intent

LEAST_HEARD, LEAST_YES, LEAST_ENDING = 0.05, 0.2, 0.5
"""As the policy was measured (voice/dialogue/confirmation.py), in numbers of the tests' own."""


COMMANDS = {
    kind
    for kind in vars(commands).values()
    if isinstance(kind, type)
    and issubclass(kind, commands.Command)
    and kind not in (commands.Command, commands.ChangeCommand)
}
CHANGES = {kind for kind in COMMANDS if issubclass(kind, commands.ChangeCommand)}


def test_every_place_can_be_reached_and_has_its_table() -> None:
    assert stages_reached() == set(STATES)
    assert {stage.name for stage in STATES} == {kind.name for kind in DialogueState.__subclasses__()}


def test_every_ask_is_asked_and_has_a_taker() -> None:
    asked = {type(turn.ask) for _, _, turn in explored()[1] if turn.ask}
    assert asked == set(ANSWERS) == COMMANDS


def is_yes(intent: Intent, stage: Confirm) -> bool:
    """Yes, or a yes with the very verb of the read-back and nothing beside it."""
    return intent.name == "yes" or (intent.agreed and intent.name in AGREES[type(stage.ask)] and not intent.slots)


def test_every_change_has_its_verb() -> None:
    assert set(AGREES) == {*CHANGES, commands.SavePreferences} and all(AGREES.values())


def test_a_yes_with_its_verb_is_enough_and_with_another_is_not() -> None:
    seen = set()
    for state, event, turn in explored()[1]:
        if isinstance(state.stage, Confirm) and isinstance(event, Said) and event.intent.agreed:
            assert (turn.ask == state.stage.ask) is is_yes(event.intent, state.stage)
            seen.add((type(state.stage.ask), is_yes(event.intent, state.stage)))
    assert {(ask, True) for ask in AGREES} <= seen and {(ask, False) for ask in AGREES} <= seen


def test_the_world_changes_only_from_a_read_back_and_yes_or_as_undo() -> None:
    changed = 0
    heard = set()
    for state, event, turn in explored()[1]:
        if isinstance(state.stage, Confirm) and isinstance(event, Said) and event.intent.name == "yes":
            heard.add((event.confidence, isinstance(turn.ask, commands.ChangeCommand)))
        if not isinstance(turn.ask, commands.ChangeCommand):
            continue
        changed += 1
        if isinstance(state.stage, Confirm):
            assert turn.ask == state.stage.ask
            assert event == Pressed("1") or (isinstance(event, Said) and is_yes(event.intent, state.stage))
            assert not (isinstance(event, Said) and event.confidence is not None and event.confidence < LEAST_YES)
        else:
            assert isinstance(turn.ask, commands.CancelHold | commands.CancelDelivery)
            assert state.undo and turn.ask == state.undo.ask
            assert turn.state.undo is None
            assert not (isinstance(event, Said) and event.confidence is not None and event.confidence < LEAST_ENDING)
    assert changed > 50
    assert {(LEAST_YES, True), (LEAST_YES - BELOW, False)} <= heard


def unsure(name: str, least: float) -> list[tuple[DialogueContext, Said, Turn]]:
    """Every step at which `name` was heard with less than `least`."""
    return [
        (state, event, turn)
        for state, event, turn in explored()[1]
        if isinstance(event, Said) and event.intent.name == name and (event.confidence or 1.0) < least
    ]


@pytest.mark.parametrize(("least", "name"), [(least, name) for least, names in THRESHOLDS.items() for name in names])
def test_an_unsure_intent_does_nothing_and_costs_no_place(least: float, name: str) -> None:
    steps = unsure(name, least)
    assert {least - BELOW, 0.05 - BELOW} <= {event.confidence for _, event, _ in steps}
    for state, event, turn in steps:
        if name == "yes" and least - BELOW <= (event.confidence or 0) and not isinstance(state.stage, Confirm | Doubt):
            continue  # nothing hangs on it
        assert turn.ask is None and not turn.controls, (state.name, event)
        after = turn.state
        assert (after.language, after.preferences, after.recording) == (
            state.language, state.preferences, state.recording,
        )  # fmt: skip
        assert after.undo == state.undo and after.basket == state.basket and after.reader == state.reader
        if isinstance(state.stage, Confirm) or (event.confidence or 0) < LEAST_HEARD:
            assert after.stage == state.stage or (
                isinstance(after.stage, Doubt) and after.stage.prompt == "offer_person"
            )


@pytest.mark.parametrize(("least", "name"), [(least, name) for least, names in THRESHOLDS.items() for name in names])
def test_at_its_threshold_an_intent_is_obeyed_as_if_it_were_typed(least: float, name: str) -> None:
    obeyed = 0
    for state, event, turn in explored()[1]:
        parts = name == "no" and state.name in ("start", "goodbye", "booked")
        if isinstance(event, Said) and event.intent.name == name and event.confidence == least and not parts:
            assert turn == step(state, Said(event.intent)), (state.name, event)
            obeyed += 1
    assert obeyed


def test_an_unsure_no_ends_no_call() -> None:
    steps = unsure("no", NO_ENDS_FROM)
    assert any(event.confidence == NO_ENDS_FROM - BELOW and state.name == "start" for state, event, _ in steps)
    assert not any(turn.controls & {Control.HANG_UP, Control.FORGET} for _, _, turn in steps)


def test_unsure_words_change_no_language_and_look_for_nothing() -> None:
    for state, event, turn in explored()[1]:
        if isinstance(event, NotUnderstood) and event.confidence == LEAST_HEARD - BELOW:
            assert turn.ask is None and turn.say, state.name
            assert turn.state.stage == state.stage or isinstance(turn.state.stage, Doubt)
    for state, _, turn in unsure("language", 0.4):
        assert turn.state.language == state.language and turn.state.preferences == state.preferences


def test_words_that_make_no_request_are_not_read_back() -> None:
    for state in explored()[0]:
        nonsense = Intent("deliver", {}, "ru", "order cancel list understand", score=0.5)
        turn = step(state, Said(nonsense, 0.3))
        assert not (isinstance(turn.state.stage, Doubt) and turn.state.stage.intent == nonsense), state.name
        assert not any(nonsense.text in line.text for line in turn.say)


def test_settings_are_kept_only_after_consent() -> None:
    for state, _, turn in explored()[1]:
        if isinstance(turn.ask, commands.SavePreferences):
            assert isinstance(state.stage, Confirm) and state.stage.ask == turn.ask


def test_a_confirmation_is_never_returned_to() -> None:
    for _, _, turn in explored()[1]:
        assert all(stage.kept or stage.resumed or stage.name == "goodbye" for stage in turn.state.trail)
        assert not any(isinstance(stage, Confirm) for stage in turn.state.trail)


def test_a_routing_key_over_a_line_of_nothing_does_nothing() -> None:
    seen = set()
    for state, event, turn in explored()[1]:
        if isinstance(event, Routed) and event.record in (None, -1):
            assert turn.state.stage == state.stage and turn.ask is None and turn.say, state.name
            seen.add(type(state.stage))
    assert seen == set(STATES)


def test_a_routing_key_chooses_only_what_is_on_the_table() -> None:
    for state, event, turn in explored()[1]:
        if isinstance(event, Routed) and event.record == 50:
            assert turn.state.stage == state.stage and turn.ask is None and turn.say, state.name


def test_a_second_yes_books_nothing() -> None:
    for state, event, turn in explored()[1]:
        if isinstance(turn.ask, commands.ChangeCommand):
            again = step(turn.state, Said(Intent("yes", {}, "kk", "иә")))
            assert not isinstance(again.ask, commands.ChangeCommand), (state.name, event)


def test_nothing_is_ever_answered_with_silence() -> None:
    for state, event, turn in explored()[1]:
        assert turn.say or turn.ask or turn.controls & {Control.TICK, Control.STOP}, (state.name, event)
        assert all(line.text.strip() for line in turn.say), (state.name, event)


def test_what_is_expected_belongs_to_the_place() -> None:
    for _, _, turn in explored()[1]:
        assert turn.expects is turn.state.stage.expects


def test_an_answer_that_comes_late_is_told_and_changes_nothing() -> None:
    for state in explored()[0]:
        for outcome in stale_answers():
            turn = step(state, outcome)
            assert turn.say or turn.ask, (state.name, outcome.ask)
            assert not isinstance(turn.ask, commands.ChangeCommand)


def test_every_error_at_every_place_has_a_sentence() -> None:
    ask = commands.BookDelivery("100001", ("1",), "s1")
    for state in explored()[0]:
        for prompt in ("library_error", "refused_courier_refused", "locked", "no such sentence"):
            turn = step(state, Failed(ask, prompt))
            assert turn.say, (state.name, prompt)


def reaches_a_person(state: DialogueContext, keys: str) -> bool:
    for key in keys:
        turn = step(state, Pressed(key))
        state = turn.state
        if isinstance(turn.ask, commands.HandOver):
            return True
    return False


def test_zero_reaches_a_person_from_anywhere() -> None:
    for state in explored()[0]:
        # While a number is keyed, 0 is a digit: cleared by the star, it brings a person when it stands alone.
        assert reaches_a_person(state, "0") or reaches_a_person(state, "*0#") or reaches_a_person(state, "0#"), (
            state.name
        )
        assert isinstance(step(state, Said(Intent("person", {}, "kk", "кітапханашы"))).ask, commands.HandOver)


def test_what_works_everywhere_does() -> None:
    for state in explored()[0]:
        for name in ("help", "repeat", "back", "where_am_i", "undo", "slower", "faster", "louder", "quieter", "wait"):
            turn = step(state, Said(Intent(name, {}, "kk", name)))
            assert turn.say or isinstance(turn.ask, commands.CancelHold | commands.CancelDelivery), (state.name, name)
        stop = step(state, Said(Intent("stop", {}, "kk", "тоқта")))
        assert Control.STOP in stop.controls and stop.state.stage == state.stage
        for language in ("kk", "ru", "en"):
            turn = step(state, Said(Intent("language", {"language": language}, "kk", "тіл")))
            assert turn.state.language == language and turn.say


def test_back_leads_home_in_the_end() -> None:
    for state in explored()[0]:
        for _ in range(40):
            state = step(state, Said(Intent("back", {}, "kk", "артқа"))).state
        assert state.name in ("start", "goodbye") or not state.trail


def test_repeat_says_the_same_again() -> None:
    for state in explored()[0]:
        if state.said:
            assert step(state, Said(Intent("repeat", {}, "kk", "қайтала"))).say == state.said


def test_a_reader_who_leaves_is_forgotten_everywhere() -> None:
    for state in explored()[0]:
        turn = step(state, Left())
        assert turn.state.reader is None and not turn.state.said and not turn.state.trail
        assert Control.FORGET in turn.controls


def test_that_the_service_ends_is_said_everywhere_and_changes_nothing() -> None:
    for state in explored()[0]:
        turn = step(state, ServiceEnding())
        assert len(turn.say) == 1 and turn.ask is None
        assert turn.state == state


def test_a_step_is_pure() -> None:
    for state in explored()[0][::7]:
        for event in EVENTS[::5]:
            assert step(state, event) == step(state, event)

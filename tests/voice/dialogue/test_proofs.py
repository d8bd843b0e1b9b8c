"""What holds at every place of the dialogue, whatever happens there."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.exploring import (
    BELOW,
    EVENTS,
    NO_ENDS_FROM,
    THRESHOLDS,
    explored,
    stale_answers,
    state_names,
    states_reached,
)
from voice.dialogue import commands, step
from voice.dialogue.confirmation import AGREES
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed, Left, NotUnderstood, Pressed, Routed, Said, ServiceEnding
from voice.dialogue.reading_room import reading_commands
from voice.dialogue.registry import ANSWERED, ANSWERS, COSTS, STATES, cost_of
from voice.dialogue.states import Confirm, Doubt
from voice.dialogue.turn import Control, Turn
from voice.values.intents import Intent

LEAST_HEARD, LEAST_YES, LEAST_ENDING = 0.05, 0.2, 0.5
"""As the policy was measured (voice/dialogue/confirmation.py), in numbers of the tests' own."""


COMMANDS = {
    kind
    for kind in (*vars(commands).values(), *vars(reading_commands).values())
    if isinstance(kind, type)
    and issubclass(kind, commands.Command)
    and kind not in (commands.Command, commands.ChangeCommand)
}
CHANGES = {kind for kind in COMMANDS if issubclass(kind, commands.ChangeCommand)}


def test_every_place_can_be_reached_and_has_its_table() -> None:
    assert states_reached() == set(STATES)
    assert {state.name for state in STATES} == state_names()


def test_every_ask_is_asked_and_has_a_taker() -> None:
    asked = {type(turn.command) for _, _, turn in explored()[1] if turn.command}
    assert asked == set(ANSWERS) == COMMANDS


def is_yes(intent: Intent, state: Confirm) -> bool:
    """Yes, or a yes with the very verb of the read-back and nothing beside it."""
    return intent.name == "yes" or (intent.agreed and intent.name in AGREES[type(state.command)] and not intent.slots)


def test_every_change_has_its_verb() -> None:
    assert set(AGREES) == {*CHANGES, commands.SavePreferences} and all(AGREES.values())


def test_a_yes_with_its_verb_is_enough_and_with_another_is_not() -> None:
    seen = set()
    for context, event, turn in explored()[1]:
        if isinstance(context.state, Confirm) and isinstance(event, Said) and event.intent.agreed:
            assert (turn.command == context.state.command) is is_yes(event.intent, context.state)
            seen.add((type(context.state.command), is_yes(event.intent, context.state)))
    assert {(ask, True) for ask in AGREES} <= seen and {(ask, False) for ask in AGREES} <= seen


def test_the_world_changes_only_from_a_read_back_and_yes_or_as_undo() -> None:
    changed = 0
    heard = set()
    for context, event, turn in explored()[1]:
        if isinstance(context.state, Confirm) and isinstance(event, Said) and event.intent.name == "yes":
            heard.add((event.confidence, isinstance(turn.command, commands.ChangeCommand)))
        if not isinstance(turn.command, commands.ChangeCommand):
            continue
        changed += 1
        if isinstance(context.state, Confirm):
            assert turn.command == context.state.command
            assert event == Pressed("1") or (isinstance(event, Said) and is_yes(event.intent, context.state))
            assert not (isinstance(event, Said) and event.confidence is not None and event.confidence < LEAST_YES)
        else:
            assert isinstance(turn.command, commands.CancelHold | commands.CancelDelivery)
            assert context.undo and turn.command == context.undo.command
            assert turn.context.undo is None
            assert not (isinstance(event, Said) and event.confidence is not None and event.confidence < LEAST_ENDING)
    assert changed > 50
    assert {(LEAST_YES, True), (LEAST_YES - BELOW, False)} <= heard


def unsure(name: str, least: float) -> list[tuple[DialogueContext, Said, Turn]]:
    """Every step at which `name` was heard with less than `least`."""
    return [
        (context, event, turn)
        for context, event, turn in explored()[1]
        if isinstance(event, Said) and event.intent.name == name and (event.confidence or 1.0) < least
    ]


@pytest.mark.parametrize(("least", "name"), [(least, name) for least, names in THRESHOLDS.items() for name in names])
def test_an_unsure_intent_does_nothing_and_costs_no_place(least: float, name: str) -> None:
    steps = unsure(name, least)
    assert {least - BELOW, 0.05 - BELOW} <= {event.confidence for _, event, _ in steps}
    for context, event, turn in steps:
        if (
            name == "yes"
            and least - BELOW <= (event.confidence or 0)
            and not isinstance(context.state, Confirm | Doubt)
        ):
            continue  # nothing hangs on it
        assert turn.command is None and not turn.controls, (context.name, event)
        after = turn.context
        assert (after.language, after.preferences, after.recording) == (
            context.language, context.preferences, context.recording,
        )  # fmt: skip
        assert after.undo == context.undo and after.basket == context.basket and after.reader == context.reader
        if isinstance(context.state, Confirm) or (event.confidence or 0) < LEAST_HEARD:
            assert after.state == context.state or (
                isinstance(after.state, Doubt) and after.state.prompt == "offer_person"
            )


def test_features_say_a_cost_only_of_what_is_answered() -> None:
    assert set(COSTS) <= ANSWERED and "confirming" not in COSTS.values()


def test_no_costs_a_call_only_where_it_ends_one_and_yes_confirms_only_what_waits() -> None:
    no, yes = ({(context.name, str(cost_of(context, name))) for context in explored()[0]} for name in ("no", "yes"))
    assert {place for place, cost in no if cost == "ending"} == {"start", "goodbye", "booked"}
    assert {cost for _, cost in no} == {"ending", "harmless"}
    assert {cost for _, cost in yes} == {"confirming", "harmless"}
    assert {place for place, cost in yes if cost == "confirming"} == {Confirm.name, Doubt.name}


@pytest.mark.parametrize(("least", "name"), [(least, name) for least, names in THRESHOLDS.items() for name in names])
def test_at_its_threshold_an_intent_is_obeyed_as_if_it_were_typed(least: float, name: str) -> None:
    obeyed = 0
    for context, event, turn in explored()[1]:
        parts = name == "no" and context.name in ("start", "goodbye", "booked")
        if isinstance(event, Said) and event.intent.name == name and event.confidence == least and not parts:
            assert turn == step(context, Said(event.intent)), (context.name, event)
            obeyed += 1
    assert obeyed


def test_an_unsure_no_ends_no_call() -> None:
    steps = unsure("no", NO_ENDS_FROM)
    assert any(event.confidence == NO_ENDS_FROM - BELOW and context.name == "start" for context, event, _ in steps)
    assert not any(turn.controls & {Control.HANG_UP, Control.FORGET} for _, _, turn in steps)


def test_unsure_words_change_no_language_and_look_for_nothing() -> None:
    for context, event, turn in explored()[1]:
        if isinstance(event, NotUnderstood) and event.confidence == LEAST_HEARD - BELOW:
            assert turn.command is None and turn.say, context.name
            assert turn.context.state == context.state or isinstance(turn.context.state, Doubt)
    for context, _, turn in unsure("language", 0.4):
        assert turn.context.language == context.language and turn.context.preferences == context.preferences


def test_words_that_make_no_request_are_not_read_back() -> None:
    for context in explored()[0]:
        nonsense = Intent("deliver", {}, "ru", "order cancel list understand", score=0.5)
        turn = step(context, Said(nonsense, 0.3))
        assert not (isinstance(turn.context.state, Doubt) and turn.context.state.intent == nonsense), context.name
        assert not any(nonsense.text in line.text for line in turn.say)


def test_settings_are_kept_only_after_consent() -> None:
    for context, _, turn in explored()[1]:
        if isinstance(turn.command, commands.SavePreferences):
            assert isinstance(context.state, Confirm) and context.state.command == turn.command


def test_a_confirmation_is_never_returned_to() -> None:
    for _, _, turn in explored()[1]:
        assert all(state.kept or state.resumed or state.name == "goodbye" for state in turn.context.trail)
        assert not any(isinstance(state, Confirm) for state in turn.context.trail)


def test_a_routing_key_over_a_line_of_nothing_does_nothing() -> None:
    seen = set()
    for context, event, turn in explored()[1]:
        if isinstance(event, Routed) and event.record in (None, -1):
            assert turn.context.state == context.state and turn.command is None and turn.say, context.name
            seen.add(type(context.state))
    assert seen == set(STATES)


def test_a_routing_key_chooses_only_what_is_on_the_table() -> None:
    for context, event, turn in explored()[1]:
        if isinstance(event, Routed) and event.record == 50:
            assert turn.context.state == context.state and turn.command is None and turn.say, context.name


def test_a_second_yes_books_nothing() -> None:
    for context, event, turn in explored()[1]:
        if isinstance(turn.command, commands.ChangeCommand):
            again = step(turn.context, Said(Intent("yes", {}, "kk", "иә")))
            assert not isinstance(again.command, commands.ChangeCommand), (context.name, event)


def test_nothing_is_ever_answered_with_silence() -> None:
    for context, event, turn in explored()[1]:
        assert turn.say or turn.command or turn.controls & {Control.TICK, Control.STOP}, (context.name, event)
        assert all(line.text.strip() for line in turn.say), (context.name, event)


def test_what_is_expected_belongs_to_the_place() -> None:
    for _, _, turn in explored()[1]:
        assert turn.expects is turn.context.state.expects


def test_an_answer_that_comes_late_is_told_and_changes_nothing() -> None:
    for context in explored()[0]:
        for outcome in stale_answers():
            turn = step(context, outcome)
            assert turn.say or turn.command, (context.name, outcome.command)
            assert not isinstance(turn.command, commands.ChangeCommand)


def test_every_error_at_every_place_has_a_sentence() -> None:
    ask = commands.BookDelivery("100001", ("1",), "s1")
    for context in explored()[0]:
        for prompt in ("library_error", "refused_courier_refused", "locked", "no such sentence"):
            turn = step(context, Failed(ask, prompt))
            assert turn.say, (context.name, prompt)


def reaches_a_person(context: DialogueContext, keys: str) -> bool:
    for key in keys:
        turn = step(context, Pressed(key))
        context = turn.context
        if isinstance(turn.command, commands.HandOver):
            return True
    return False


def test_zero_reaches_a_person_from_anywhere() -> None:
    for context in explored()[0]:
        # While a number is keyed, 0 is a digit: cleared by the star, it brings a person when it stands alone.
        assert reaches_a_person(context, "0") or reaches_a_person(context, "*0#") or reaches_a_person(context, "0#"), (
            context.name
        )
        assert isinstance(step(context, Said(Intent("person", {}, "kk", "кітапханашы"))).command, commands.HandOver)


def test_what_works_everywhere_does() -> None:
    for context in explored()[0]:
        for name in ("help", "repeat", "back", "where_am_i", "undo", "slower", "faster", "louder", "quieter", "wait"):
            turn = step(context, Said(Intent(name, {}, "kk", name)))
            assert turn.say or isinstance(turn.command, commands.CancelHold | commands.CancelDelivery), (
                context.name,
                name,
            )
        stop = step(context, Said(Intent("stop", {}, "kk", "тоқта")))
        assert Control.STOP in stop.controls and stop.context.state == context.state
        for language in ("kk", "ru", "en"):
            turn = step(context, Said(Intent("language", {"language": language}, "kk", "тіл")))
            assert turn.context.language == language and turn.say


def test_back_leads_home_in_the_end() -> None:
    for context in explored()[0]:
        for _ in range(40):
            context = step(context, Said(Intent("back", {}, "kk", "артқа"))).context
        assert context.name in ("start", "goodbye") or not context.trail


def test_repeat_says_the_same_again() -> None:
    for context in explored()[0]:
        if context.said and "repeat" not in context.state.answers_itself:
            assert step(context, Said(Intent("repeat", {}, "kk", "қайтала"))).say == context.said


def test_a_reader_who_leaves_is_forgotten_everywhere() -> None:
    for context in explored()[0]:
        turn = step(context, Left())
        assert turn.context.reader is None and not turn.context.said and not turn.context.trail
        assert Control.FORGET in turn.controls


def test_that_the_service_ends_is_said_everywhere_and_changes_nothing() -> None:
    for context in explored()[0]:
        turn = step(context, ServiceEnding())
        assert len(turn.say) == 1 and turn.command is None
        assert turn.context == context


def test_a_step_is_pure() -> None:
    for context in explored()[0][::7]:
        for event in EVENTS[::5]:
            assert step(context, event) == step(context, event)

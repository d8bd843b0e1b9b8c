"""What breaks into Dauys's speech, and what does not."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.small_library import NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.dialogue_session import Understood
from voice.assistant.interruption import meaning
from voice.dialogue import Profile, begin
from voice.dialogue.confirmation import breaks_in, doubt
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import NotUnderstood, Said
from voice.dialogue.states import Doubt, Ticket
from voice.operations.metrics import Metrics
from voice.turntaking.actions import ReaderInput, Submit
from voice.turntaking.machine import TurnTaking
from voice.turntaking.timing import load_timing
from voice.turntaking.turn_events import AnswerDone, AnswerStarted, Arrived, PlayoutStarted, SpeechEnded
from voice.values import change_policy as policy
from voice.values.audio import ChannelKind
from voice.values.change_policy import Cost
from voice.values.intents import Intent
from voice.values.lines import Line, line
from voice.values.utterances import Hypothesis, Utterance

LONG_MS = 900
COUGHED_WORD_MS = load_timing().coughed_word_ms
BELOW = 0.001
RULES = [
    ("undo", LONG_MS, policy.MIN_BARGE_IN_CONFIDENCE),
    ("goodbye", LONG_MS, policy.MIN_BARGE_IN_CONFIDENCE),
    ("louder", LONG_MS, policy.MIN_BARGE_IN_CONFIDENCE),
    ("deliver", LONG_MS, policy.MIN_BARGE_IN_CONFIDENCE),
    ("search", LONG_MS, policy.MIN_HARMLESS_BARGE_IN_CONFIDENCE),
    ("next", LONG_MS, policy.MIN_HARMLESS_BARGE_IN_CONFIDENCE),
    ("next", COUGHED_WORD_MS - 20, policy.MIN_BARGE_IN_CONFIDENCE),
]


def context() -> DialogueContext:
    return begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, "ru"))


def is_cough(
    utterance: Utterance,
    understood: Understood,
    context: DialogueContext,
    *,
    speaking: bool,
    spoken_over: tuple[Line, ...],
) -> bool:
    """What the machine makes of what the utterance means to it."""
    machine = TurnTaking(0, no_input=None, language=context.language)
    for event in (Arrived(), AnswerStarted(ReaderInput.ARRIVAL), AnswerDone(context.state.expects, context.language)):
        machine.on(event, 0)
    if speaking:
        machine.on(PlayoutStarted(), 0)
    ended = SpeechEnded(utterance.speech_ms, meaning(utterance, understood, context, spoken_over))
    return Submit(ReaderInput.ACT) not in machine.on(ended, 0)


def passed_over(
    name: str | None, text: str, confidence: float, speech_ms: int, lines: tuple[Line, ...] = (), speaking: bool = True
) -> bool:
    intent = Intent(name, {}, "ru", text) if name else None
    event = Said(intent, confidence, over_speech=speaking) if intent else NotUnderstood(text, confidence)
    utterance = Utterance((Hypothesis(text, "ru", confidence),), 0, 0, speech_ms)
    understood = Understood(event, text, "ru", confidence, intent)
    return is_cough(utterance, understood, context(), speaking=speaking, spoken_over=lines)


@pytest.mark.parametrize(("name", "speech_ms", "least"), RULES)
def test_over_its_own_speech_words_must_be_surer_the_more_they_cost(name: str, speech_ms: int, least: float) -> None:
    assert passed_over(name, "слово", least - BELOW, speech_ms)
    assert not passed_over(name, "слово", least, speech_ms)
    assert not passed_over(name, "слово", 0.0, speech_ms, speaking=False), "the dialogue's own thresholds decide"


def test_the_thresholds_are_what_the_measurement_chose() -> None:
    assert policy.MIN_BARGE_IN_CONFIDENCE == 0.6
    assert policy.MIN_HARMLESS_BARGE_IN_CONFIDENCE == 0.2


def test_its_own_words_are_not_obeyed_however_clear() -> None:
    greeting = (line("Сәлем! Это служба библиотек.", "ru"),)
    assert passed_over("greeting", "сәлем", 0.99, LONG_MS, greeting)
    assert not passed_over("greeting", "сәлем", 0.99, LONG_MS)


def test_words_without_sense_interrupt_when_they_are_long_and_heard() -> None:
    assert passed_over(None, "обломов", policy.MIN_HEARD_CONFIDENCE - BELOW, LONG_MS)
    assert not passed_over(None, "обломов", policy.MIN_HEARD_CONFIDENCE, LONG_MS)
    assert passed_over(None, "обломов", 0.9, COUGHED_WORD_MS - 20)


def test_a_sound_without_words_is_a_cough_unless_an_answer_is_awaited() -> None:
    for speaking, speech_ms, cough in ((True, LONG_MS, True), (False, LONG_MS, False), (False, 200, True)):
        heard = Utterance((), 0, 0, speech_ms)
        understood = Understood(NotUnderstood())
        assert is_cough(heard, understood, context(), speaking=speaking, spoken_over=()) is cough
    ticket = context().go(Ticket(Intent("my_loans", {}, "ru")))
    assert is_cough(Utterance((), 0, 0, 200), Understood(NotUnderstood()), ticket, speaking=False, spoken_over=())


def test_an_unsure_yes_over_a_read_back_is_asked_for_again_and_a_sure_one_counts() -> None:
    reading_back = context().go(Doubt(Intent("undo", {}, "ru", "отмени")))
    yes = Intent("yes", {}, "ru", "да")
    for confidence, over_speech, question in (
        (policy.MIN_BARGE_IN_CONFIDENCE - BELOW, True, True),
        (policy.MIN_BARGE_IN_CONFIDENCE, True, False),
        (policy.MIN_YES_CONFIDENCE, False, False),
        (policy.MIN_YES_CONFIDENCE - BELOW, False, True),
    ):
        said = Said(yes, confidence, over_speech=over_speech)
        assert (doubt(reading_back, said, Cost.CONFIRMING) is not None) is question
        assert breaks_in(said, Cost.CONFIRMING, short=True) is (confidence >= policy.MIN_YES_CONFIDENCE)


def test_false_interruptions_are_counted_for_each_channel() -> None:
    metrics = Metrics()
    metrics.interrupted_falsely("telephone")
    metrics.interrupted_falsely("telephone")
    counted = metrics._registry.get_sample_value("dauys_false_interruptions_total", {"channel": "telephone"})
    assert counted == 2

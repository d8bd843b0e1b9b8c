"""Each rule of turn-taking, on a clock that the test turns."""

from __future__ import annotations

import sys

import pytest

from voice.turntaking.actions import (
    Action,
    DropAnswer,
    EndCall,
    FeedSilence,
    FlushPlayout,
    PausePlayout,
    PlayEarcon,
    ReaderInput,
    ResumePlayout,
    Submit,
)
from voice.turntaking.machine import TurnTaking
from voice.turntaking.timing import NoInputTiming
from voice.turntaking.turn_events import (
    AnswerDone,
    AnswerPart,
    AnswerStarted,
    Arrived,
    CallEnded,
    FrameReceived,
    KeyPressed,
    Meaning,
    MeaningKind,
    PlayoutDrained,
    PlayoutStarted,
    RecognitionFailed,
    ServiceClosing,
    SpeechEnded,
    SpeechStarted,
    StopRequested,
    Tick,
    TurnEvent,
)
from voice.values.expected_input import ExpectedInput

FRAME_S = 0.02
ARRIVAL, ACT, HEARD, NO_INPUT, CLOSING = (Submit(submitted) for submitted in ReaderInput)
WAITING = PlayEarcon("waiting")
SUBMITTED, RESUMED = (FlushPlayout(), ACT), (ResumePlayout(),)
NOTHING = Meaning(MeaningKind.NOTHING)
TALK = Meaning(MeaningKind.WORDS, "ru")
INTENT = Meaning(MeaningKind.INTENT, "ru")
EIGHT = Meaning(MeaningKind.NUMBER, "en")
OWN_WORDS = Meaning(MeaningKind.OWN_WORDS, "ru")
DOUBTFUL = Meaning(MeaningKind.DOUBTFUL, "ru")
UNHEARD = Meaning(MeaningKind.UNHEARD, "ru")


class Talk:
    """A line, its reader and a clock."""

    def __init__(
        self, question_s: float = 8.0, repeat_s: float | None = 20.0, *, station: bool = False, private: bool = True
    ) -> None:
        self.now = 1000.0
        no_input = None if repeat_s is None else NoInputTiming(question_s, repeat_s)
        self.machine = TurnTaking(self.now, no_input=no_input, language="ru", station=station, private=private)
        if not station:
            assert self.on(Arrived()) == (ARRIVAL,)
            self.answer(ReaderInput.ARRIVAL)

    def on(self, *events: TurnEvent) -> tuple[Action, ...]:
        """What all the events lead to, one after the other at one moment."""
        return tuple(action for event in events for action in self.machine.on(event, self.now))

    def wait(self, seconds: float, *, mute: bool = False) -> list[tuple[float, Action]]:
        """What time alone brings, each with the seconds that have passed."""
        began, frame_at, brought = self.now, self.now, []
        while True:
            due = min(self.machine.deadline or float("inf"), began + seconds, frame_at if not mute else float("inf"))
            self.now = max(self.now, due)
            if not mute and frame_at <= self.now:
                assert self.on(FrameReceived()) == ()
                frame_at += FRAME_S
            brought += [(round(self.now - began, 2), action) for action in self.on(Tick())]
            assert len(brought) < 5000, "the deadline does not move"
            if due >= began + seconds:
                return brought

    def answer(
        self, to: ReaderInput = ReaderInput.ACT, *, expects: ExpectedInput = ExpectedInput.SPEECH, says: bool = True
    ) -> None:
        self.on(AnswerStarted(to), AnswerDone(expects, "ru"))
        if says:
            self.on(PlayoutStarted())

    def hear(self, speech_ms: int, meaning: Meaning) -> tuple[Action, ...]:
        """What an utterance leads to at its end."""
        assert self.on(SpeechStarted(self.now)) == (PausePlayout(),)
        return self.on(SpeechEnded(speech_ms, meaning))


# Each test of the session held by voice has its counterpart here.


def test_a_cough_while_nothing_is_said_does_not_silence_what_comes_next() -> None:
    talk = Talk()
    talk.on(PlayoutDrained())
    assert talk.hear(200, NOTHING) == RESUMED
    assert talk.wait(21) == [(8.0, WAITING), (20.0, NO_INPUT)]


def test_somebody_who_says_nothing_is_reminded_asked_again_and_parted_from() -> None:
    talk = Talk()
    for _ in range(3):
        talk.wait(5)
        talk.on(PlayoutDrained())
        assert talk.wait(8.1) == [(8.0, WAITING)]
        talk.on(PlayoutStarted())
        talk.wait(0.22)
        talk.on(PlayoutDrained())
        assert talk.wait(11.7) == [(11.68, NO_INPUT)], "20 s after the last word, whatever the soft sound took"
        talk.answer(ReaderInput.NO_INPUT)
    talk.on(AnswerStarted(ReaderInput.NO_INPUT), AnswerDone(ExpectedInput.NOTHING, "ru", hang_up=True, forget=True))
    assert talk.on(PlayoutDrained()) == (EndCall(),)


def test_a_cough_interrupts_a_sentence_only_for_its_own_length() -> None:
    talk = Talk()
    assert talk.on(SpeechStarted(talk.now)) == (PausePlayout(),)
    assert talk.wait(5) == []
    assert talk.on(SpeechEnded(200, NOTHING)) == (ResumePlayout(),)
    assert talk.on(SpeechEnded(200, NOTHING)) == (), "it goes on already"


@pytest.mark.parametrize("meaning", [TALK, EIGHT])
def test_a_cough_that_is_heard_as_a_word_is_a_cough_still(meaning: Meaning) -> None:
    assert Talk().hear(360, meaning) == RESUMED


@pytest.mark.parametrize("does", [[KeyPressed()], [SpeechStarted(0), SpeechEnded(600, INTENT)]])
def test_a_key_and_a_word_end_a_sentence_for_good(does: list[TurnEvent]) -> None:
    talk = Talk()
    assert talk.on(*does)[-2:] == SUBMITTED
    assert not talk.machine.is_playing
    assert talk.hear(200, NOTHING) == RESUMED, "there is nothing left to go on with"


def test_when_the_reader_has_hung_up_nothing_is_done_any_more() -> None:
    talk = Talk()
    talk.hear(600, INTENT)
    talk.on(AnswerStarted(ReaderInput.ACT))
    assert talk.on(CallEnded()) == ()
    assert talk.machine.deadline is None and talk.machine.is_closing
    assert (
        talk.on(AnswerDone(ExpectedInput.SPEECH, "ru"), PlayoutStarted(), KeyPressed(), PlayoutDrained(), Tick()) == ()
    )


def test_of_many_keys_only_the_last_is_answered_aloud() -> None:
    talk = Talk()
    assert talk.on(*[KeyPressed()] * 20) == SUBMITTED * 20
    for _ in range(20):
        assert talk.on(AnswerStarted(ReaderInput.ACT)) == (DropAnswer(),)
        assert not talk.machine.is_playing
        talk.on(AnswerDone(ExpectedInput.SPEECH, "ru"), PlayoutStarted())
    assert talk.machine.is_playing


def test_somebody_who_presses_keys_for_an_hour_is_answered_still() -> None:
    talk = Talk()
    size = sum(map(sys.getsizeof, vars(talk.machine).values()))
    for _ in range(12_000):
        assert talk.on(KeyPressed()) == SUBMITTED
        talk.answer()
        talk.now += 0.3
    assert talk.hear(600, INTENT) == SUBMITTED
    assert sum(map(sys.getsizeof, vars(talk.machine).values())) == size


def test_a_station_speaks_to_nobody_until_somebody_speaks_to_it() -> None:
    talk = Talk(station=True, private=False)
    for passing, answered in (
        (SpeechEnded(200, NOTHING), RESUMED),
        (SpeechEnded(3000, NOTHING), (FlushPlayout(),)),
        (SpeechEnded(3000, TALK), (FlushPlayout(),)),
    ):
        assert talk.on(SpeechStarted(0), passing) == (PausePlayout(), *answered)
        assert talk.wait(300) == []
    assert talk.hear(900, Meaning(MeaningKind.INTENT, "en")) == (FlushPlayout(), ARRIVAL, ACT)
    assert talk.on(AnswerStarted(ReaderInput.ARRIVAL), AnswerDone(ExpectedInput.SPEECH, "en"), PlayoutStarted()) == ()
    assert talk.on(AnswerStarted(ReaderInput.ACT)) == (), "the greeting is heard to its end"
    assert (
        talk.on(AnswerDone(ExpectedInput.SPEECH, "en"), KeyPressed(), AnswerStarted(ReaderInput.ACT))[-1]
        == DropAnswer()
    )


def test_a_station_wakes_by_a_key_and_with_headphones_by_any_word() -> None:
    assert Talk(station=True, private=False).on(KeyPressed()) == (FlushPlayout(), ARRIVAL)
    headphones = Talk(station=True, private=True)
    assert headphones.hear(3000, NOTHING) == (FlushPlayout(),)
    assert headphones.hear(300, TALK) == (FlushPlayout(), ARRIVAL)


def test_a_greeting_at_a_station_is_answered_by_the_greeting() -> None:
    assert Talk(station=True).hear(500, Meaning(MeaningKind.GREETING, "kk")) == (FlushPlayout(), ARRIVAL)


def test_a_station_forgets_a_reader_who_says_nothing_when_all_is_said() -> None:
    talk = Talk(2, 5, station=True, private=False)
    talk.on(KeyPressed())
    talk.answer(ReaderInput.ARRIVAL, says=False)
    assert talk.wait(5) == [(2.0, WAITING), (5.0, NO_INPUT)]
    talk.on(AnswerStarted(ReaderInput.NO_INPUT), AnswerDone(ExpectedInput.NOTHING, "ru", forget=True), PlayoutStarted())
    assert talk.wait(60) == []
    assert talk.on(PlayoutDrained(more=True)) == (), "the rest is still being made"
    assert talk.on(PlayoutStarted(), PlayoutDrained()) == (EndCall(),)


# The rules, one by one.


@pytest.mark.parametrize(
    ("speech_ms", "meaning", "while_playing", "while_silent"),
    [
        (499, NOTHING, RESUMED, RESUMED),
        (500, NOTHING, RESUMED, SUBMITTED),
        (9000, NOTHING, RESUMED, SUBMITTED),
        (399, TALK, RESUMED, SUBMITTED),
        (400, TALK, SUBMITTED, SUBMITTED),
        (399, EIGHT, RESUMED, SUBMITTED),
        (400, EIGHT, SUBMITTED, SUBMITTED),
        (399, Meaning(MeaningKind.NUMBER, "ru"), SUBMITTED, SUBMITTED),
        (200, INTENT, SUBMITTED, SUBMITTED),
        (200, Meaning(MeaningKind.INTENT, "en"), SUBMITTED, SUBMITTED),
        (2000, OWN_WORDS, RESUMED, SUBMITTED),
        (2000, DOUBTFUL, RESUMED, SUBMITTED),
    ],
)
def test_what_an_utterance_is_taken_for(
    speech_ms: int, meaning: Meaning, while_playing: tuple[Action, ...], while_silent: tuple[Action, ...]
) -> None:
    assert Talk().hear(speech_ms, meaning) == while_playing
    silent = Talk()
    silent.on(PlayoutDrained())
    assert silent.hear(speech_ms, meaning) == while_silent


def test_where_yes_or_no_is_expected_a_short_sound_in_a_silence_was_an_answer() -> None:
    talk = Talk()
    talk.answer(expects=ExpectedInput.CONFIRMATION)
    assert talk.hear(200, NOTHING) == RESUMED
    talk.on(PlayoutDrained())
    assert talk.hear(200, NOTHING) == SUBMITTED


def test_where_letters_are_expected_a_short_word_is_a_letter() -> None:
    talk = Talk()
    talk.answer(expects=ExpectedInput.LETTERS)
    assert talk.hear(200, TALK) == SUBMITTED


@pytest.mark.parametrize("turn", [AnswerPart(ExpectedInput.SPEECH, "en"), AnswerDone(ExpectedInput.SPEECH, "en")])
def test_where_english_is_spoken_a_short_english_number_is_one(turn: TurnEvent) -> None:
    talk = Talk()
    talk.on(AnswerStarted(ReaderInput.ACT), turn, PlayoutStarted())
    assert talk.hear(200, EIGHT) == SUBMITTED


def test_who_wakes_a_station_in_english_speaks_english() -> None:
    talk = Talk(station=True, private=False)
    talk.hear(900, Meaning(MeaningKind.GREETING, "en"))
    talk.on(PlayoutStarted())
    assert talk.hear(200, EIGHT) == SUBMITTED


def test_a_part_of_an_answer_says_what_is_expected_before_the_rest_is_there() -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT), AnswerPart(ExpectedInput.LETTERS, "ru"), PlayoutStarted())
    assert talk.hear(200, TALK) == SUBMITTED


def test_a_word_too_short_to_be_announced_is_an_utterance_like_others() -> None:
    talk = Talk()
    assert talk.on(SpeechEnded(80, INTENT)) == SUBMITTED
    assert talk.on(SpeechEnded(80, NOTHING)) == (), "nothing was paused"


def test_a_stop_silences_at_once_though_the_reader_speaks() -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT), PlayoutStarted(), SpeechStarted(0))
    assert talk.on(StopRequested()) == (FlushPlayout(),)
    assert not talk.machine.is_playing


def test_a_silence_drops_no_answer() -> None:
    talk = Talk()
    assert talk.on(AnswerStarted(ReaderInput.NO_INPUT)) == ()
    assert talk.machine.is_playing


def test_the_clock_of_silence_stands_while_something_is_played_or_the_reader_speaks() -> None:
    talk = Talk()
    assert talk.wait(600) == []
    talk.on(PlayoutDrained())
    talk.on(SpeechStarted(talk.now))
    assert talk.wait(600) == []
    talk.on(SpeechEnded(9000, INTENT))
    assert talk.wait(8) == [(8.0, WAITING)]


def test_while_the_library_is_slow_a_soft_sound_tells_that_the_line_lives() -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT))
    assert talk.wait(29) == [(8.0, WAITING), (20.0, NO_INPUT), (28.0, WAITING)]


def test_what_is_said_within_the_second_of_the_soft_sound_puts_the_question_off_only_when_it_lasts() -> None:
    for said_s, asked_s in ((0.9, 20.0), (1.1, 29.1)):
        talk = Talk()
        talk.on(PlayoutDrained())
        assert talk.wait(8.0) == [(8.0, WAITING)]
        talk.on(PlayoutStarted())
        talk.wait(said_s)
        talk.on(PlayoutDrained())
        rest = [(round(8.0 + said_s + at, 2), action) for at, action in talk.wait(asked_s)]
        assert (asked_s, NO_INPUT) in rest


def test_the_question_does_not_wait_for_the_soft_sound() -> None:
    talk = Talk(question_s=8, repeat_s=8.1)
    talk.on(PlayoutDrained())
    assert talk.wait(8.0) == [(8.0, WAITING)]
    talk.on(PlayoutStarted())
    assert talk.wait(0.5) == [(0.1, NO_INPUT)]


def test_where_the_question_comes_first_there_is_no_soft_sound() -> None:
    talk = Talk(question_s=10, repeat_s=5)
    talk.on(PlayoutDrained())
    assert talk.wait(11) == [(5.0, NO_INPUT), (10.0, NO_INPUT)]


def test_a_line_without_a_limit_has_none() -> None:
    talk = Talk(repeat_s=None)
    talk.on(PlayoutDrained())
    assert talk.wait(3600) == []


def test_a_mute_line_is_fed_silence_at_the_pace_of_frames() -> None:
    talk = Talk(repeat_s=None)
    talk.on(FrameReceived())
    fed = talk.wait(0.17, mute=True)
    assert fed == [(at, FeedSilence()) for at in (0.1, 0.12, 0.14, 0.16)]
    talk.on(FrameReceived())
    assert talk.wait(0.11, mute=True) == [(0.1, FeedSilence())]


def test_a_late_timer_feeds_one_frame_and_no_burst() -> None:
    talk = Talk(repeat_s=None)
    talk.now += 5
    assert talk.on(Tick(), Tick()) == (FeedSilence(),)


def test_a_station_is_fed_silence_before_its_reader_is_there() -> None:
    assert Talk(station=True).wait(0.11, mute=True) == [(0.1, FeedSilence())]


def test_a_held_call_is_a_mute_one_and_its_silence_counts() -> None:
    talk = Talk()
    talk.on(PlayoutDrained())
    brought = talk.wait(20.01, mute=True)
    assert len([at for at, action in brought if action == FeedSilence()]) == pytest.approx(995, abs=2)
    assert [(at, action) for at, action in brought if action != FeedSilence()] == [(8.0, WAITING), (20.0, NO_INPUT)]


def test_last_words_are_played_to_their_end_and_a_cough_only_pauses_them() -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.NOTHING, "ru", hang_up=True))
    talk.on(PlayoutStarted())
    assert talk.wait(3) == []
    assert talk.hear(200, NOTHING) == RESUMED
    assert talk.on(PlayoutDrained()) == (EndCall(),)
    assert talk.machine.deadline is None


@pytest.mark.parametrize("does", [KeyPressed(), SpeechEnded(900, INTENT)])
def test_who_cuts_the_last_words_short_ends_the_call(does: TurnEvent) -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.NOTHING, "ru", hang_up=True))
    talk.on(PlayoutStarted())
    assert talk.on(does) == (FlushPlayout(), EndCall())


def test_last_words_that_never_become_speech_do_not_keep_the_line() -> None:
    talk = Talk()
    talk.on(KeyPressed())
    talk.wait(19)
    talk.on(AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.NOTHING, "ru", hang_up=True))
    assert talk.wait(21) == [(20.0, EndCall())]


def test_a_telephone_is_not_hung_up_because_its_reader_is_forgotten() -> None:
    talk = Talk()
    talk.on(KeyPressed(), AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.SPEECH, "ru", forget=True))
    assert talk.on(PlayoutStarted(), PlayoutDrained()) == ()
    assert talk.on(KeyPressed()) == SUBMITTED


def test_what_could_not_be_decoded_is_asked_for_again_once() -> None:
    talk = Talk()
    talk.on(SpeechStarted(talk.now))
    assert talk.on(RecognitionFailed()) == SUBMITTED
    talk.answer()
    talk.on(SpeechStarted(talk.now))
    assert talk.on(RecognitionFailed(again=True)) == RESUMED
    assert talk.on(RecognitionFailed(again=True)) == ()
    talk.on(PlayoutDrained())
    assert talk.wait(8) == [(8.0, WAITING)], "nobody is believed to speak for ever"


def test_a_decoder_that_fails_wakes_no_station() -> None:
    talk = Talk(station=True)
    assert talk.on(RecognitionFailed()) == (FlushPlayout(),)
    assert talk.wait(300) == []


def test_who_talks_to_a_service_that_is_about_to_stop_is_asked_to_end_after_what_is_being_said() -> None:
    talk = Talk()
    assert talk.on(ServiceClosing()) == (CLOSING,)
    assert talk.on(AnswerStarted(ReaderInput.CLOSING)) == () and talk.machine.is_playing
    assert Talk(station=True).on(ServiceClosing()) == (), "nobody is there"


def test_words_that_were_hardly_heard_wake_headphones_and_interrupt_nothing() -> None:
    assert Talk().hear(900, UNHEARD) == RESUMED
    assert Talk(station=True).hear(900, UNHEARD)[-1] == ARRIVAL
    assert Talk(station=True, private=False).hear(900, UNHEARD) == (FlushPlayout(),)


def test_what_goes_on_by_itself_is_followed_by_its_next_part_and_by_no_silence() -> None:
    talk = Talk()
    for _ in range(3):
        talk.on(AnswerStarted(ReaderInput.HEARD), AnswerDone(ExpectedInput.SPEECH, "ru", goes_on=True))
        assert talk.on(PlayoutDrained(more=True)) == (), "the first words are still being made"
        talk.on(PlayoutStarted())
        assert talk.wait(60) == []
        assert talk.on(PlayoutDrained()) == (HEARD,)
    talk.answer(ReaderInput.HEARD)
    talk.on(PlayoutDrained())
    assert talk.wait(21) == [(8.0, WAITING), (20.0, NO_INPUT)]


def test_who_interrupts_a_book_ends_it_until_the_dialogue_goes_on() -> None:
    talk = Talk()
    talk.on(AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.SPEECH, "ru", goes_on=True), PlayoutStarted())
    assert talk.hear(200, NOTHING) == RESUMED
    assert talk.machine.awaits_end
    assert talk.hear(600, INTENT) == SUBMITTED
    assert talk.on(PlayoutDrained()) == ()
    talk.on(AnswerStarted(ReaderInput.ACT), AnswerDone(ExpectedInput.SPEECH, "ru", goes_on=True), PlayoutStarted())
    assert talk.on(KeyPressed()) == SUBMITTED and talk.on(PlayoutDrained()) == ()

"""What happens when nothing, too little, the unclear or the hostile is said."""

from __future__ import annotations

from dataclasses import replace

from catalogue_client.values.accounts import RenewOutcome
from tests.voice.dialogue.callers import calling, known, press, said
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import LOANS, NOW, READERS, REQUESTS
from voice.dialogue import commands, step
from voice.dialogue.events import Answered, NotUnderstood, Routed, Said, Silence
from voice.dialogue.turn import Control
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.change_policy import MIN_READ_BACK_SCORE
from voice.values.intents import Intent

# Misses and silence


def test_misses_are_helped_further_each_time_and_end_with_a_person(caller: Player) -> None:
    heard = []
    for _ in range(4):
        caller.happens(NotUnderstood("бүгін ауа райы қандай"))
        heard.append(said(caller))
    assert len(set(heard)) == 4
    assert caller.context.name == "doubt"
    press(caller, "1")
    assert isinstance(caller.library.asked[-1], commands.HandOver)


def test_understanding_something_begins_the_count_anew(caller: Player) -> None:
    caller.happens(NotUnderstood("хм"))
    first = said(caller)
    caller.hears("көмек")
    caller.happens(NotUnderstood("хм"))
    assert said(caller) == first


def test_silence_and_not_understood_are_told_apart(caller: Player) -> None:
    caller.happens(Silence())
    silent = said(caller)
    caller.happens(NotUnderstood("хм"))
    assert said(caller) != silent


def test_the_reader_can_ask_for_time(caller: Player) -> None:
    caller.hears("күте тұрыңыз")
    for _ in range(6):
        caller.happens(Silence())
        assert caller.controls == {Control.TICK} and not caller.lines
    caller.happens(Silence())
    assert caller.lines


def test_a_telephone_ends_after_the_third_silence_but_a_braille_desk_never(phrasebook: Phrasebook) -> None:
    telephone, desk = calling(phrasebook), calling(phrasebook, ChannelKind.DESK)
    for _ in range(3):
        telephone.happens(Silence())
        desk.happens(Silence())
    assert Control.HANG_UP in telephone.controls and telephone.context.name == "goodbye"
    for _ in range(20):
        desk.happens(Silence())
        assert desk.context.name == "start" and desk.lines


# Unclear speech


def test_an_unclear_yes_books_nothing(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші"):
        caller.hears(words)
    caller.hears("иә", confidence=0.02)
    assert caller.context.name == "confirm" and caller.booking is None
    caller.hears("иә", confidence=0.9)
    assert caller.booking


def test_an_unclear_request_is_asked_about_and_a_search_never(caller: Player) -> None:
    caller.hears("менің кітаптарым", confidence=0.2)
    assert caller.context.name == "doubt" and "менің кітаптарым" in said(caller)
    press(caller, "2")
    caller.hears("абай туралы кітап тап", confidence=0.2)
    assert caller.context.name == "results"


def test_a_question_about_unclear_words_begins_the_counts_of_misses_and_silences_afresh(caller: Player) -> None:
    for _ in range(2):
        caller.happens(NotUnderstood("хм"))
        caller.happens(Silence())
    caller.hears("күте тұрыңыз")
    assert caller.context.misses or caller.context.silences or caller.context.grace
    caller.hears("менің кітаптарым", confidence=0.2)
    assert caller.context.name == "doubt"
    assert (caller.context.misses, caller.context.silences, caller.context.grace) == (0, 0, 0)


def test_an_unclear_answer_at_a_read_back_hears_the_question_again_and_nothing_else(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші"):
        caller.hears(words)
    asked = caller.lines[-1]
    caller.hears("иә", confidence=0.1)
    assert caller.context.name == "confirm" and len(caller.lines) == 2 and caller.lines[-1] == asked


def test_words_are_read_back_from_the_share_on_that_makes_a_request(caller: Player) -> None:
    for score, name in ((MIN_READ_BACK_SCORE - 0.01, "start"), (MIN_READ_BACK_SCORE, "doubt")):
        caller.happens(Said(Intent("my_loans", {}, "kk", "менің кітаптарым", score), 0.2))
        assert caller.context.name == name


def test_a_no_to_what_was_heard_leads_back_to_the_question_there(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    asked = caller.lines[-1]
    caller.hears("менің кітаптарым", confidence=0.2)
    caller.hears("жоқ")
    assert caller.context.name == "results" and caller.lines == [asked]


def test_other_hypotheses_go_with_the_search(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "абай"}, "kk", "абай"), 0.7, ("абат", "обой")))
    assert caller.library.asked[-1].query.alternatives == ("абат", "обой")


# Hostile input


def test_five_hundred_words_are_cut_not_refused(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "кітап " * 500}, "kk", "кітап " * 500)))
    assert len(caller.library.asked[-1].query.words) <= 200 and caller.lines


def test_a_place_that_does_not_exist(caller: Player) -> None:
    caller.happens(Said(Intent("hours", {"place": "атлантида"}, "kk", "атлантида қашан ашық")))
    assert "атлантида" in said(caller)


def test_a_routing_key_beside_the_results(caller: Player) -> None:
    caller.hears("абай туралы кітап тап")
    caller.happens(Routed(77))
    assert caller.context.name == "results" and caller.lines


def test_one_answer_for_an_unknown_ticket_and_a_wrong_pin(phrasebook: Phrasebook) -> None:
    answers = set()
    for ticket, pin in (("999999", "2580"), ("100001", "0000")):
        assert (ticket, pin) not in READERS
        player = calling(phrasebook)
        for words in ("менің кітаптарым", ticket, pin):
            player.hears(words)
        answers.add(said(player))
    assert len(answers) == 1


def test_the_only_result_is_asked_about_and_no_begins_a_new_search(caller: Player) -> None:
    caller.happens(Said(Intent("search", {"words": "абай", "format": "audio"}, "kk", "абай аудио")))
    assert len(caller.context.state.items) == 1
    press(caller, "2")
    assert caller.context.name == "start" and caller.lines


def test_what_became_of_requests_is_told_once_at_the_next_contact(caller: Player) -> None:
    caller.library.requests = REQUESTS
    caller.hears("менің кітаптарым")
    caller.hears("100001")
    caller.hears("2580")
    told = " ".join(line.text for turn in caller.turns for line in turn.say)
    for title, end in (
        ("Абай жолы", "кітап сізге сақтап қойылды"), ("Қара сөздер", "мерзімі ұзартылды"), ("Cosmos", "Қайта сұраңыз")
    ):  # fmt: skip
        assert title in told and end in told
    assert caller.library.requests == () and caller.context.name == "loans"


def test_a_renewal_that_must_wait_is_told_as_noted_and_not_as_done(caller: Player) -> None:
    known(caller)
    ask = commands.Renew("100001", "l1")
    loan = replace(LOANS[0], accepted=True)
    turn = step(caller.context, Answered(ask, loan), NOW)
    text = " ".join(line.text for line in turn.say)
    assert "өтініш қабылданды" in text and "ұзартылды" not in text
    everything = tuple(RenewOutcome(replace(loan, id=str(n)), False) for n in range(2))
    turn = step(caller.context, Answered(commands.RenewAll("100001"), everything), NOW)
    assert "өтініш қабылданды" in " ".join(line.text for line in turn.say)

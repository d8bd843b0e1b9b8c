"""One decision from all readings to one act: exact readers first, then the least expected cost."""

from __future__ import annotations

import logging

import pytest

from tests.voice.nlu.decided import READ_BACK, decide, heard, names
from tests.voice.nlu.fake_model import FakeModel, likely, several
from voice.nlu.deciding.acts import AskWhich, Do, OfferLibrarian, Refuse, Situation
from voice.nlu.deciding.decision import Decider
from voice.nlu.deciding.decision_policy import load_policy
from voice.nlu.intent_model import Reading, ReadPart
from voice.nlu.phrasebook import Phrasebook
from voice.values.change_policy import Cost
from voice.values.intents import Intent, IntentName
from voice.values.refusals import RefusalReason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("иә", "yes"),
        ("да", "yes"),
        ("no", "no"),
        ("жоқ", "no"),
        ("two five eight zero", "digits"),
        ("екі бес", "digits"),
    ],
)
def test_an_exact_reader_comes_before_the_model(phrasebook: Phrasebook, text: str, name: str) -> None:
    assert names(decide(phrasebook, text, likely(("other", 0.999)))) == [name]


@pytest.mark.parametrize("text", ["бәрін ұзарт", "продли все", "renew all"])
def test_a_phrase_that_makes_full_sense_outweighs_a_model_that_doubts_it(phrasebook: Phrasebook, text: str) -> None:
    assert names(decide(phrasebook, text, likely(("other", 0.8), ("renew_all", 0.15)))) == ["renew_all"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("кешігу үшін төлем бар ма", "fines"),
        ("есть ли наказание за опоздание", "fines"),
        ("do you have any charges for books", "fines"),
        ("сколько книг вы даете пенсионеру", "loan_limit"),
    ],
)
def test_a_question_is_no_book_where_the_model_knows_it(phrasebook: Phrasebook, text: str, topic: str) -> None:
    exact = phrasebook.understand(text)
    assert exact is not None and exact.name == "search"
    decision = decide(phrasebook, text, likely((f"library_question.{topic}", 0.9), ("search", 0.04)))
    assert names(decision) == ["library_question"]
    assert isinstance(decision.act, Do) and decision.act.intents[0].slots["topic"] == topic


def test_words_that_the_catalogue_knows_as_a_title_are_one_whatever_the_model_says(phrasebook: Phrasebook) -> None:
    reading = likely(("unanswerable", 0.75), ("search", 0.1))
    found = decide(phrasebook, "кто виноват", reading, title=1.0)
    assert found.act == Refuse(RefusalReason.NOT_UNDERSTOOD, True)  # the catalogue looks it up
    assert decide(phrasebook, "кто виноват", reading).act == Refuse(RefusalReason.UNANSWERABLE, False)


@pytest.mark.parametrize(
    ("text", "learnt"),
    [
        ("мынау келмей қалды ғой уақытынан бұрын", "delivery_missing"),
        ("мне бы недельки две её ещё помусолить", "renew"),
        ("i would hang on to it a while longer", "renew"),
    ],
)
def test_where_the_phrasebook_fails_the_model_counts(phrasebook: Phrasebook, text: str, learnt: str) -> None:
    decision = decide(phrasebook, text, likely((learnt, 0.93), slots={"n": 2}))
    assert names(decision) == [learnt]
    assert isinstance(decision.act, Do) and decision.act.intents[0].slots == {"n": 2}


def test_two_likely_meanings_are_asked_about_and_one_is_done(phrasebook: Phrasebook) -> None:
    even = decide(phrasebook, "с этой сделай как тогда", likely(("renew", 0.46), ("deliver", 0.44)))
    assert isinstance(even.act, AskWhich)
    assert [intent.name for intent in even.act.intents] == ["renew", "deliver"]
    assert names(decide(phrasebook, "с этой сделай как тогда", likely(("renew", 0.9), ("deliver", 0.08)))) == ["renew"]


@pytest.mark.parametrize("reason", ["other", "unanswerable"])
def test_talk_is_refused_and_looked_up_only_to_the_letter(phrasebook: Phrasebook, reason: str) -> None:
    decision = decide(phrasebook, "купи по дороге хлеб", likely((reason, 0.9)))
    assert decision.act == Refuse(RefusalReason(reason), False)


def test_what_needs_a_person_is_offered_one(phrasebook: Phrasebook) -> None:
    assert decide(phrasebook, "хочу отдать вам библиотеку деда", likely(("librarian", 0.9))).act == OfferLibrarian()


FORGOTTEN = {"kk": "есімде жоқ", "ru": "не помню", "en": "i don't remember"}


@pytest.mark.parametrize("language", tuple(FORGOTTEN))
def test_a_whole_phrase_of_an_intent_that_the_model_has_never_seen_is_believed(
    phrasebook: Phrasebook, language: str
) -> None:
    situation = Situation("pin", language=language)
    act = decide(phrasebook, FORGOTTEN[language], likely(("no", 0.97), ("other", 0.03)), situation).act
    assert isinstance(act, Do) and [intent.name for intent in act.intents] == [IntentName.FORGOTTEN]


NEXT_MONDAY = {"kk": "келесі дүйсенбі", "ru": "в любой вечер", "en": "next monday"}


@pytest.mark.parametrize("language", tuple(NEXT_MONDAY))
def test_words_that_say_a_day_are_one_where_a_day_is_awaited(phrasebook: Phrasebook, language: str) -> None:
    text = NEXT_MONDAY[language]
    read = likely(("next", 0.9), ("new_books", 0.1))
    awaited = Situation("slots", "slot", language=language, says_when=lambda words: words == text)
    assert decide(phrasebook, text, read, awaited).act == Do((Intent(IntentName.WHEN, {"when": text}, language, text),))


def test_an_act_needs_to_be_the_surer_the_more_it_costs(phrasebook: Phrasebook) -> None:
    def done(name: str, probability: float, cost: Cost) -> bool:
        situation = Situation(language="ru", cost_of=lambda _: cost)
        return isinstance(decide(phrasebook, "бу бу бу", likely((name, probability)), situation).act, Do)

    costs = tuple(Cost)
    least = [next(n for n in range(101) if done("goodbye", n / 100, cost)) for cost in costs]
    assert least == sorted(least) and len(set(least)) == len(costs)
    assert least[0] >= 30 and least[-1] > 80  # nothing is done for nothing, and a yes is not guessed


def test_the_surer_reading_of_two_outweighs_the_other(phrasebook: Phrasebook) -> None:
    model = FakeModel({"бу му": likely(("hours", 0.95)), "бу ну": likely(("my_holds", 0.95))})
    decision = Decider(phrasebook, model).decide(heard(("бу ну", 0.8), ("бу му", 0.3)), Situation(language="ru"))
    assert decision is not None and names(decision) == ["my_holds"]
    assert decision.hypothesis.text == "бу ну"


SEVERAL = [
    ("менің броньдарымды айт және бәрін ұзарт", ["my_holds", "renew_all"]),
    ("продли все и скажи когда работает библиотека чехова", ["renew_all", "hours"]),
    ("renew all and tell me my holds", ["renew_all", "my_holds"]),
    ("покажи мои книги и потом мои доставки", ["my_loans", "my_deliveries"]),
]


@pytest.mark.parametrize(("text", "wanted"), SEVERAL)
def test_two_requests_of_one_sentence_are_found_without_a_model(
    phrasebook: Phrasebook, text: str, wanted: list[str]
) -> None:
    assert names(decide(phrasebook, text, None)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "найди войну и мир",
        "find harry potter and the order of the phoenix",
        "отложи первую и третью",
        "бірінші мен екіншісін сақтап қой",
        "renew the first and the third",
    ],
)
def test_a_title_or_a_list_of_numbers_is_one_request(phrasebook: Phrasebook, text: str) -> None:
    assert len(names(decide(phrasebook, text, None))) == 1


def test_several_requests_of_the_model_are_done_in_their_order(phrasebook: Phrasebook) -> None:
    text = "как там с моими бумажками и ещё насчёт дозакрытия"
    parts = (("my_holds", "как там с моими бумажками", 0.9), ("hours", "ещё насчёт дозакрытия", 0.9))
    assert names(decide(phrasebook, text, several(*parts))) == ["my_holds", "hours"]


def test_thanks_and_greetings_beside_a_request_say_nothing(phrasebook: Phrasebook) -> None:
    text = "дай бог вам здоровья и напомните что за мной числится"
    parts = (("thanks", "дай бог вам здоровья", 0.9), ("my_loans", "и напомните что за мной числится", 0.9))
    assert names(decide(phrasebook, text, several(*parts))) == ["my_loans"]


def test_after_a_correction_what_is_meant_instead_counts(phrasebook: Phrasebook) -> None:
    text = "ай перепутала мне про ту что под конец"
    parts = (("correction", "ай перепутала", 0.9), ("more", "мне про ту что под конец", 0.9))
    assert names(decide(phrasebook, text, several(*parts))) == ["more"]
    assert names(decide(phrasebook, "no not the first the second", None)) == ["select"]


def test_a_no_with_a_request_declines_only_where_something_is_asked(phrasebook: Phrasebook) -> None:
    text = "нет скажи что у меня на руках"
    reading = several(("no", "нет", 0.9), ("my_loans", "скажи что у меня на руках", 0.9))
    assert names(decide(phrasebook, text, reading, READ_BACK)) == ["no", "my_loans"]
    assert names(decide(phrasebook, text, reading)) == ["my_loans"]


@pytest.mark.parametrize(
    "text", ["громче и тише", "make it louder and quieter", "қаттырақ және бәсеңірек", "отложи её и отмени её"]
)
def test_of_two_requests_that_exclude_each_other_it_is_asked_which(phrasebook: Phrasebook, text: str) -> None:
    assert isinstance(decide(phrasebook, text, None).act, AskWhich)


def test_five_hundred_words_are_too_many_but_a_note_may_be_long(phrasebook: Phrasebook) -> None:
    text = " ".join(f"слово{chr(1072 + n % 32)}{chr(1072 + n // 32)}" for n in range(500))
    assert decide(phrasebook, text, likely(("renew", 1.0))).act == Refuse(RefusalReason.TOO_LONG)
    free = Situation("notes", "number", "ru", takes_words=True)
    assert decide(phrasebook, text, None, free).act == Refuse(RefusalReason.NOT_UNDERSTOOD, True)


@pytest.mark.parametrize("text", ["ну вот э как его", "сол енді ғой", "um you know well"])
def test_nothing_but_fillers_is_no_request(phrasebook: Phrasebook, text: str) -> None:
    decision = decide(phrasebook, text, likely(("other", 0.9)))
    assert decision.act == Refuse(RefusalReason.OTHER, False)


def test_three_languages_and_digits_in_one_have_a_defined_act(phrasebook: Phrasebook) -> None:
    text = "алло please екінші книгу 47 renew or whatever жеткіз 2580"
    for reading in (None, likely(("renew", 0.4), ("deliver", 0.35)), likely(("other", 0.9))):
        assert isinstance(decide(phrasebook, text, reading).act, Do | AskWhich | Refuse)


def test_a_model_that_raises_costs_one_line_of_the_log(
    phrasebook: Phrasebook, caplog: pytest.LogCaptureFixture
) -> None:
    decider = Decider(phrasebook, FakeModel(raises=True))
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            decision = decider.decide(heard(("мои тайные слова", 1.0)), Situation(language="ru"))
            assert decision is not None and decision.act == Refuse(RefusalReason.NOT_UNDERSTOOD, True)
    assert len(caplog.records) == 1 and "тайные" not in caplog.text


@pytest.mark.parametrize("reading", [likely(("renew", 7.0)), Reading((ReadPart("", (), {}),)), Reading(())])
def test_a_model_that_gives_no_probabilities_is_not_believed(phrasebook: Phrasebook, reading: Reading) -> None:
    assert names(decide(phrasebook, "найди абай жолы", reading)) == ["search"]


def test_a_model_that_is_too_slow_is_asked_no_more(phrasebook: Phrasebook, caplog: pytest.LogCaptureFixture) -> None:
    policy = load_policy()
    model = FakeModel(takes_s=policy.slow_ms / 1000 + 0.01)
    decider = Decider(phrasebook, model, clock=model.clock)
    for _ in range(policy.slow_in_a_row + 5):
        assert decider.decide(heard(("бу бу", 1.0)), Situation(language="ru"))
    assert len(model.asked) == policy.slow_in_a_row and len(caplog.records) == 1


def test_a_slow_reading_now_and_then_sets_no_model_aside(phrasebook: Phrasebook) -> None:
    policy = load_policy()
    model = FakeModel()
    decider = Decider(phrasebook, model, clock=model.clock)
    for n in range(10):
        model.takes_s = policy.slow_ms / 1000 + 0.01 if n % policy.slow_in_a_row else 0.0
        decider.decide(heard(("бу бу", 1.0)), Situation(language="ru"))
    assert len(model.asked) == 10


def test_the_model_hears_of_the_place_and_reads_two_readings_at_most(phrasebook: Phrasebook) -> None:
    model = FakeModel()
    readings = heard(("бу", 0.9), ("му", 0.8), ("ну", 0.7), ("ту", 0.6))
    Decider(phrasebook, model).decide(readings, Situation("confirm_renew", "confirmation", "ru", confirms=True))
    assert len(model.asked) <= load_policy().readings
    assert {(state, awaited) for _, state, awaited in model.asked} == {("confirm_renew", "confirmation")}


def test_no_words_are_no_decision(phrasebook: Phrasebook) -> None:
    assert Decider(phrasebook, FakeModel()).decide((), Situation()) is None
    assert Decider(phrasebook, FakeModel()).decide(heard(("", 0.9)), Situation()) is None


def test_where_digits_are_asked_for_other_words_are_read_by_the_model(phrasebook: Phrasebook) -> None:
    place = Situation("ticket", "ticket", "ru", takes_digits=True)
    assert names(decide(phrasebook, "карточку посеяла где то", likely(("lost_ticket", 0.9)), place)) == ["lost_ticket"]
    stumbled = decide(phrasebook, "номер там 2580 кажись такой", likely(("other", 0.9)), place)
    assert not isinstance(stumbled.act, Refuse) or stumbled.act.may_be_title


def test_among_places_an_unknown_name_is_looked_up_and_another_request_is_done(phrasebook: Phrasebook) -> None:
    place = Situation("places", "speech", "ru", takes_words=False, takes_names=True)
    assert decide(phrasebook, "атлантида", likely(("other", 0.9)), place).act == Refuse(
        RefusalReason.NOT_UNDERSTOOD, True
    )
    assert names(decide(phrasebook, "звякните мне попозже сами", likely(("call_back", 0.95)), place)) == ["call_back"]


def test_a_request_said_in_two_halves_is_done_once(phrasebook: Phrasebook) -> None:
    text = "туда мою и ту туда же мою"
    parts = (("keep_for_later", "туда мою", 0.9), ("keep_for_later", "ту туда же мою", 0.8))
    assert names(decide(phrasebook, text, several(*parts))) == ["keep_for_later"]


def test_a_no_alone_of_the_model_is_no_empty_act(phrasebook: Phrasebook) -> None:
    parts = (("correction", "ай", 0.9), ("no", "бу бу", 0.99))
    assert names(decide(phrasebook, "ай бу бу", several(*parts))) == ["no"]


@pytest.mark.parametrize(
    ("text", "learnt", "slots"),
    [
        ("найди войну и мир", {"author": "найди", "title": "войну и мир"}, {"words": "войну и мир"}),
        ("найди каштанку", {"words": "найди каштанку"}, {"words": "каштанку"}),
        ("тек аудио", {"of_these": True}, {"format": "audio", "narrow": True, "of_these": True}),
    ],
)
def test_what_is_looked_for_holds_no_word_of_the_carrier_and_loses_no_format(
    phrasebook: Phrasebook, text: str, learnt: dict[str, str | int | bool], slots: dict[str, str | bool]
) -> None:
    decision = decide(phrasebook, text, likely(("search", 0.9), slots=learnt))
    assert isinstance(decision.act, Do) and decision.act.intents[0].slots == slots


@pytest.mark.parametrize("name", ["when", "select", "no", "change", "take_out"])
@pytest.mark.parametrize(
    ("yes", "but"), [("иә", "бірақ кешке болсын"), ("да", "но к вечеру"), ("yes", "but in the evening")]
)
def test_a_yes_with_a_but_books_nothing(phrasebook: Phrasebook, yes: str, but: str, name: str) -> None:
    reading = several(("yes", yes, 0.95), (name, but, 0.95))
    decision = decide(phrasebook, f"{yes} {but}", reading, READ_BACK)
    assert not isinstance(decision.act, Do) or decision.act.intents[0].name in ("change", "no", "when")


def test_a_person_is_offered_and_never_called_by_half_a_sentence(phrasebook: Phrasebook) -> None:
    reading = several(("delivery_missing", "вчера должны были", 0.9), ("librarian", "и тишина", 0.95))
    assert decide(phrasebook, "вчера должны были и тишина", reading).act == OfferLibrarian()

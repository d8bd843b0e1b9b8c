"""What a reader says shall not be done, or leaves out, is never done, whatever the model says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.voice.nlu.decided import READ_BACK, decide, heard, names
from tests.voice.nlu.fake_model import FakeModel, likely
from voice.nlu.deciding.acts import Do, Refuse, Situation
from voice.nlu.deciding.decision import Decider
from voice.nlu.phrasebook import Phrasebook
from voice.values.refusals import RefusalReason

DENIED = [
    "don't renew them", "please do not renew the second", "не продлевайте", "не надо продлевать", "ұзартпаңыз",
    "бәрін ұзартпаңызшы", "please don't deliver it home", "не надо доставлять", "жеткізбеңіз",
    "не откладывайте эту книгу", "сақтап қоймаңыз",
]  # fmt: skip

DENIED_BESIDE = [
    "библиотекаря не надо", "кітапханашы керек емес", "кітапханашымен қоспаңыз", "до свидания не надо",
    "don't call me back", "маған қоңырау шалмаңыз", "не начинайте сначала", "don't start over", "не говорите медленнее",
    "баяу сөйлемеңіз", "don't speak slower", "не говори по-русски", "орысша сөйлемеңіз", "don't speak russian",
]  # fmt: skip

LEFT_OUT = [
    ("отложи все кроме первой", "reserve"), ("продли все кроме второй", "renew_all"),
    ("renew all except the first", "renew"),
    ("reserve all but the second", "reserve"), ("біріншіден басқасын ұзарт", "renew"),
    ("бәрін ұзарт біріншісінен басқа", "renew_all"),
]  # fmt: skip


@pytest.mark.parametrize("text", DENIED)
@pytest.mark.parametrize("learnt", [None, "renew", "deliver", "reserve"])
def test_what_shall_not_be_done_is_not_done_whatever_the_model_says(
    phrasebook: Phrasebook, text: str, learnt: str | None
) -> None:
    lying = likely((learnt, 0.99)) if learnt else None
    assert decide(phrasebook, text, lying).act == Refuse(RefusalReason.DECLINED)
    assert names(decide(phrasebook, text, lying, READ_BACK)) == ["no"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("не могли бы вы продлить вторую", "renew"),
        ("couldn't you renew the second", "renew"),
        ("мне это не нужно", "no"),
        ("найди книгу не отпускай меня", "search"),
    ],
)
def test_a_polite_question_or_another_negation_denies_nothing(phrasebook: Phrasebook, text: str, name: str) -> None:
    assert names(decide(phrasebook, text, None)) == [name]


def test_a_reason_with_a_negation_denies_nothing(phrasebook: Phrasebook) -> None:
    text = "я не успеваю прочитать продлите пожалуйста"
    assert names(decide(phrasebook, text, likely(("renew", 0.95)))) == ["renew"]


@pytest.mark.parametrize("text", ["да но не вторую", "yes but not the second", "иә бірақ екіншісі емес"])
def test_a_yes_with_an_exception_is_no_yes(phrasebook: Phrasebook, text: str) -> None:
    decision = decide(phrasebook, text, likely(("change", 0.6), ("yes", 0.4)), READ_BACK)
    assert not isinstance(decision.act, Do) or names(decision) != ["yes"]


@pytest.mark.parametrize(
    "text", ["мне не нужно отмените", "мынау маған енді керек емес алып тастаңыз", "i don't need it cancel it"]
)
def test_what_is_not_needed_any_more_is_cancelled_and_not_denied(phrasebook: Phrasebook, text: str) -> None:
    decision = decide(phrasebook, text, likely(("cancel", 0.95)))
    assert decision.act != Refuse(RefusalReason.DECLINED)


@pytest.mark.parametrize("text", ["не отменяйте", "don't cancel it"])
def test_an_order_that_shall_not_be_cancelled_is_left(phrasebook: Phrasebook, text: str) -> None:
    assert decide(phrasebook, text, likely(("cancel", 0.99))).act == Refuse(RefusalReason.DECLINED)


@pytest.mark.parametrize("text", DENIED_BESIDE)
def test_what_shall_not_be_done_beside_a_read_back_is_no_answer_to_it(phrasebook: Phrasebook, text: str) -> None:
    assert decide(phrasebook, text, likely(("person", 0.99))).act == Refuse(RefusalReason.DECLINED)
    place = replace(READ_BACK, agrees=frozenset({"renew"}))
    assert decide(phrasebook, text, likely(("yes", 0.99)), place).act == Refuse(RefusalReason.NO_PLAIN_YES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("не так быстро", "slower"),
        ("не говорите так быстро", "slower"),
        ("not so fast", "slower"),
        ("не слышу говорите громче", "louder"),
        ("я не понимаю по-русски", "language"),
    ],
)
def test_a_setting_is_denied_only_where_nothing_else_is_wished(phrasebook: Phrasebook, text: str, name: str) -> None:
    assert names(decide(phrasebook, text, likely((name, 0.95)))) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [("отложи письма", "reserve"), ("отложи книгу судьба", "reserve"), ("доставьте мне поэма", "deliver")],
)
def test_a_russian_word_that_ends_like_a_kazakh_denial_denies_nothing(
    phrasebook: Phrasebook, text: str, name: str
) -> None:
    assert names(decide(phrasebook, text, likely((name, 0.97)))) == [name]


def test_what_the_model_finds_only_by_the_denied_word_is_denied(phrasebook: Phrasebook) -> None:
    model = FakeModel(
        {
            "не перезванивайте мне": likely(("call_back", 0.95)),
            "не успеваю дочитать дайте мне ещё неделю": likely(("renew", 0.95)),
            "дочитать дайте мне ещё неделю": likely(("renew", 0.9)),
        }
    )
    requests = {
        text: Decider(phrasebook, model).decide(heard((text, 1.0)), Situation(language="ru")) for text in model.knows
    }
    acts = [request.act for request in requests.values() if request]
    assert acts[0] == Refuse(RefusalReason.DECLINED)
    assert isinstance(acts[1], Do) and acts[1].intents[0].name == "renew"


@pytest.mark.parametrize(("text", "learnt"), LEFT_OUT)
def test_what_is_left_out_is_not_taken_for_what_is_meant(phrasebook: Phrasebook, text: str, learnt: str) -> None:
    assert not isinstance(decide(phrasebook, text, likely((learnt, 0.99), slots={"n": 1})).act, Do)


@pytest.mark.parametrize("text", ["anything but morning", "в любой день кроме пятницы", "жұмадан басқа күні"])
def test_of_a_day_that_is_left_out_it_is_asked_which_other(phrasebook: Phrasebook, text: str) -> None:
    place = Situation("slots", "slot", "ru")
    act = decide(phrasebook, text, likely(("when", 0.99), slots={"when": "пятница"}), place).act
    assert isinstance(act, Do) and not act.intents[0].slots

"""Requests as people say them, decided by the phrasebook and the model that ships together."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.small_library import NOW
from voice.assistant.model_selection import learnt_model
from voice.dialogue.library_facts.opening_times import says_when
from voice.nlu.deciding.acts import Do, Situation
from voice.nlu.deciding.decision import Decider
from voice.nlu.phrasebook import Phrasebook
from voice.values.utterances import Hypothesis

SAID = [
    ("ru", "start", "я потерял билет", ["lost_ticket"]), ("kk", "start", "билетімді жоғалтып алдым", ["lost_ticket"]),
    ("en", "start", "i lost my ticket", ["lost_ticket"]), ("ru", "start", "хочу сменить пин", ["change_pin"]),
    ("kk", "start", "пин кодты өзгерткім келеді", ["change_pin"]), ("en", "start", "change my pin", ["change_pin"]),
    ("ru", "start", "у меня новый телефон", ["change_phone"]),
    ("kk", "start", "телефон нөмірім өзгерді", ["change_phone"]),
    ("en", "start", "i have a new phone number", ["change_phone"]), ("ru", "start", "у меня жалоба", ["complaint"]),
    ("kk", "start", "шағымым бар", ["complaint"]), ("en", "start", "i want to complain", ["complaint"]),
    ("ru", "pin", "не помню", ["forgotten"]), ("kk", "pin", "есімде жоқ", ["forgotten"]),
    ("en", "pin", "i don't remember it", ["forgotten"]), ("ru", "ticket", "не помню", ["forgotten"]),
    ("ru", "start", "у меня новый адрес", ["address"]), ("en", "results", "who is the author", ["more"]),
    ("ru", "results", "кто автор", ["more"]), ("kk", "results", "авторы кім", ["more"]),
    ("kk", "slots", "келесі дүйсенбі", ["when"]), ("en", "slots", "any evening", ["when"]),
    ("ru", "slots", "в любой вечер", ["when"]), ("kk", "slots", "осы аптада бар ма", ["when"]),
    ("kk", "slots", "осы аптада не бар", ["when"]), ("ru", "slots", "вчера", ["when"]),
    ("en", "start", "war and peace at chekhov and the hours of jambyl", ["search", "hours"]),
    ("ru", "start", "отложи войну и мир в чехова и часы работы жамбыла", ["search", "reserve", "hours"]),
    ("en", "record", "keep it for later", ["keep_for_later"]), ("ru", "record", "отложи на потом", ["keep_for_later"]),
    ("kk", "record", "сөреме қой", ["keep_for_later"]), ("ru", "hold", "приостановите бронь", ["suspend"]),
    ("en", "hold", "suspend my hold until 20 december", ["suspend"]),
    ("kk", "hold", "броньды кідірте тұрыңыз", ["suspend"]),
    ("ru", "start", "забудьте что я читала", ["forget_history"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def decider(phrasebook: Phrasebook) -> Decider:
    return Decider(phrasebook, learnt_model())


@pytest.mark.parametrize(("language", "state", "text", "names"), SAID)
def test_what_was_said_is_done(decider: Decider, language: str, state: str, text: str, names: list[str]) -> None:
    awaited = {"pin": "pin", "ticket": "ticket", "slots": "slot"}.get(state, "")
    situation = Situation(
        state,
        awaited,
        language,
        takes_digits=state in ("pin", "ticket"),
        says_when=lambda words: state == "slots" and says_when(words, NOW),
    )
    decision = decider.decide((Hypothesis(text, language, 1.0),), situation)
    assert decision is not None
    act = decider.named_book_first(decision, situation).act
    assert isinstance(act, Do) and [intent.name for intent in act.intents] == names

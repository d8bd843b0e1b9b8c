"""What a hostile or absent-minded reader says where a change waits for a yes: with the phrasebook and the learnt model
as they ship, and with a model that is sure of the opposite."""

from __future__ import annotations

import pytest

from tests.voice.assistant.test_decided_turns import FOUND, LANGUAGES, PIN, TICKET, YES, Talk, at_a_read_back
from tests.voice.nlu.fake_model import FakeModel, likely
from voice.dialogue import commands
from voice.dialogue.commands import ChangeCommand
from voice.dialogue.states import Confirm
from voice.nlu.deciding.guarded_model import LearntReader
from voice.nlu.intent_model import IntentModel
from voice.nlu.phrasebook import Phrasebook


@pytest.fixture(scope="module")
def learnt() -> LearntReader:
    return IntentModel.load()


def changes(talk: Talk) -> list[commands.AnyCommand]:
    """What was asked of the library that changes it."""
    return [each for each in talk.errands.library.asked if isinstance(each, ChangeCommand)]


async def holding(phrasebook: Phrasebook, language: str, words: str, learnt: LearntReader, lie: str = "") -> Talk:
    """A hold waits for yes or no; `lie` is what a sure model makes of `words` instead of the shipped one."""
    model = FakeModel({words: likely((lie, 0.999))}, likely(("other", 0.3), ("search", 0.2))) if lie else learnt
    return await at_a_read_back(Talk(phrasebook, language, model))


HEDGED = [
    *(
        ("kk", each)
        for each in ("дұрыс па", "солай ма", "болады ма", "жақсы ма", "иә мүмкін", "дұрыс шығар", "иә кейін")
    ),
    *(("ru", each) for each in ("да ну", "верно ли", "правильно ли это", "точно ли", "да может быть", "да потом")),
    *(("en", each) for each in ("yes maybe", "is that correct", "is this right", "yes perhaps", "yes later")),
]
"""A question, a doubt or a put-off, with a yes in it."""
NOT_TO_CANCEL = [("kk", "бас тартпаңыз"), ("ru", "не отменяйте"), ("en", "don't cancel it")]
OTHERWISE = [
    *(("kk", each) for each in ("қарсымын", "иә тек біріншісін", "иә алып тастамаңыз")),
    *(("ru", each) for each in ("окей гугл", "согласна но позже", "да только первую", "да отбой", "да бросьте")),
    *(("en", each) for each in ("yes mistake", "yes go away", "is that all right", "yes what was it")),
]
"""What the learnt model took for a yes when it was asked first."""


@pytest.mark.parametrize("lie", ["", "yes"])
@pytest.mark.parametrize(("language", "words"), [*HEDGED, *NOT_TO_CANCEL])
async def test_words_that_are_neither_change_nothing_and_lose_nothing(
    phrasebook: Phrasebook, learnt: LearntReader, language: str, words: str, lie: str
) -> None:
    caller = await holding(phrasebook, language, words, learnt, lie)
    await caller.says(words)
    assert not changes(caller)
    assert isinstance(caller.state, Confirm)
    await caller.says(YES[language])
    assert changes(caller)


@pytest.mark.parametrize(("language", "words"), OTHERWISE)
async def test_what_the_model_takes_for_a_yes_is_none(
    phrasebook: Phrasebook, learnt: LearntReader, language: str, words: str
) -> None:
    caller = await holding(phrasebook, language, words, learnt)
    await caller.says(words)
    assert not changes(caller)


RENEW_ALL = {"kk": "бәрін ұзарт", "ru": "продли все", "en": "renew all"}
BOTH = [("kk", "иә екеуін де"), ("ru", "да обе"), ("ru", "да продлите обе"), ("en", "yes both")]
GOODBYE = {"kk": "сау болыңыз", "ru": "до свидания", "en": "goodbye"}
YES_GOODBYE = {"kk": "иә сау болыңыз", "ru": "да до свидания", "en": "yes bye"}
CANCEL = {"kk": "бас тартамын", "ru": "отмена", "en": "cancel"}
HOLD_AND_GO = {"kk": "сақтап қой және сау бол", "ru": "отложи и до свидания", "en": "reserve and goodbye"}
SECOND = {"kk": "екіншісі", "ru": "вторую", "en": "the second"}


async def renewing(phrasebook: Phrasebook, language: str, learnt: LearntReader) -> Talk:
    """All loans that can be, three of four, wait for a yes to be renewed."""
    caller = Talk(phrasebook, language, learnt)
    await caller.says(RENEW_ALL[language], TICKET, PIN)
    assert isinstance(caller.state, Confirm) and len(caller.state.titles) == 3
    return caller


@pytest.mark.parametrize(("language", "words"), BOTH)
async def test_both_is_no_yes_to_three(phrasebook: Phrasebook, learnt: LearntReader, language: str, words: str) -> None:
    caller = await renewing(phrasebook, language, learnt)
    await caller.says(words)
    assert not changes(caller) and isinstance(caller.state, Confirm)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_to_part_at_a_read_back_says_that_nothing_is_done(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = await renewing(phrasebook, language, learnt)
    await caller.says(YES_GOODBYE[language])
    assert isinstance(caller.state, Confirm) and not changes(caller)  # asked again: the call does not end on a yes
    await caller.says(GOODBYE[language])
    assert caller.prompt("confirm.nothing_booked") in caller.said and caller.session.context.name == "goodbye"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_to_cancel_what_is_only_to_be_renewed_is_a_no(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = await renewing(phrasebook, language, learnt)
    await caller.says(CANCEL[language])
    assert caller.prompt("confirm.nothing_booked") in caller.said and not changes(caller)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_call_does_not_end_before_it_is_said_which_book_is_meant(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = Talk(phrasebook, language, learnt)
    await caller.says(FOUND[language], HOLD_AND_GO[language])
    assert caller.prompt("searching.which_number") in caller.said and caller.session.context.name == "results"
    await caller.says(SECOND[language], TICKET, PIN, YES[language])
    (hold,) = changes(caller)
    assert isinstance(hold, commands.PlaceHold) and hold.record_id == "2"
    assert caller.session.context.name == "goodbye"


FIRST_AND_LAST = {
    "kk": "біріншісін және төртіншісін ұзарт",
    "ru": "продли первую и четвёртую",
    "en": "renew the first and the fourth",
}
RENEW_SECOND = {"kk": "екіншісін ұзарт", "ru": "продли вторую", "en": "renew the second"}
BACK = {"kk": "артқа", "ru": "назад", "en": "back"}
CANCEL_DELIVERY = {"kk": "жеткізуден бас тартамын", "ru": "отмени доставку", "en": "cancel the delivery"}
CANCEL_HOLD = {"kk": "иә броннан бас тартамын", "ru": "да сними бронь", "en": "yes cancel the hold"}
MY_HOLDS = {"kk": "менің броньдарым", "ru": "мои брони", "en": "my holds"}
CANCEL_BOTH = {"kk": "екеуін алып таста", "ru": "сними обе", "en": "cancel both"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_of_several_loans_named_all_are_read_back_and_renewed(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = Talk(phrasebook, language, learnt)
    await caller.says(FIRST_AND_LAST[language], TICKET, PIN, YES[language])
    assert changes(caller) == [commands.RenewAll(TICKET, ("l1", "l4"))]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_renewed_with_all_is_not_offered_again_as_something_begun(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = Talk(phrasebook, language, learnt)
    await caller.says(RENEW_SECOND[language], TICKET, PIN, RENEW_ALL[language], YES[language])
    assert caller.prompt("confirm.kept") not in caller.said
    await caller.says(BACK[language], YES[language])
    assert [type(each) for each in changes(caller)] == [commands.RenewAll]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_says_delivery_cancels_no_hold(phrasebook: Phrasebook, learnt: LearntReader, language: str) -> None:
    caller = await at_a_read_back(Talk(phrasebook, language, learnt))
    await caller.says(YES[language], CANCEL_DELIVERY[language], YES[language])
    assert [type(each) for each in changes(caller)] == [commands.PlaceHold]
    assert not isinstance(caller.state, Confirm)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_to_cancel_both_of_two_asks_which_first(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = Talk(phrasebook, language, learnt)
    await caller.says(MY_HOLDS[language], TICKET, PIN, CANCEL_BOTH[language])
    assert caller.prompt("searching.which_number") in caller.said
    await caller.says(SECOND[language], CANCEL[language])
    assert isinstance(caller.state, Confirm)  # the opened one is meant, and is not asked about in two ways
    await caller.says(CANCEL_HOLD[language])
    assert changes(caller) == [commands.CancelHold(TICKET, "h2")]


ANOTHER = {"kk": "каштанканы сақтап қойыңыз", "ru": "отложи каштанку", "en": "reserve kashtanka"}
FIRST = {"kk": "бірінші туралы толығырақ", "ru": "подробнее о первой", "en": "more about the first"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_book_called_by_its_name_is_looked_for_and_not_taken_for_the_opened_one(
    phrasebook: Phrasebook, learnt: LearntReader, language: str
) -> None:
    caller = Talk(phrasebook, language, learnt)
    await caller.says(FOUND[language], FIRST[language], ANOTHER[language])
    *_, search = caller.asked(commands.Search)
    assert isinstance(search, commands.Search) and len(caller.asked(commands.Search)) == 2
    assert not isinstance(caller.state, Confirm)


async def test_what_waits_for_a_book_that_could_not_be_looked_for_takes_no_other(
    phrasebook: Phrasebook, learnt: LearntReader
) -> None:
    caller = Talk(phrasebook, "ru", learnt)
    await caller.says(FOUND["ru"], FIRST["ru"], "мои брони", TICKET, PIN, "назад")
    caller.errands.library.fails |= {"Search": "library_error"}
    await caller.says("отложи каштанку")
    assert not isinstance(caller.state, Confirm) and not caller.session.context.queued

"""What a hostile or absent-minded reader says where a change waits for a yes: with the phrasebook and the learnt model
as they ship, and with a model that is sure of the opposite."""

from __future__ import annotations

import pytest

from tests.voice.assistant.test_decided_turns import YES, Talk, at_a_read_back
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

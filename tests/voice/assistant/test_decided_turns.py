"""From words to what is said and done, with the decision in between, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.voice.assistant.test_understood_speech import AtOnce
from tests.voice.dialogue.small_library import BOOKS, NOW
from tests.voice.nlu.fake_model import FakeModel, likely, several
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.model_selection import learnt_model
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Pressed
from voice.dialogue.prompts import text_of
from voice.dialogue.registry import ANSWERED
from voice.dialogue.states import Confirm, Doubt, LoanList, RecordDetail, ResultList, Which
from voice.dialogue.turn import Control
from voice.nlu.deciding.decision import Decider
from voice.nlu.errors import IntentModelDamaged, IntentModelError, IntentModelMissing, IntentModelOutdated
from voice.nlu.intent_model import IntentModel, Reading
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.utterances import Hypothesis

LANGUAGES = ("kk", "ru", "en")
TICKET, PIN = "100001", "2580"
FOUND = {"kk": "абай туралы кітап тап", "ru": "найди книги про абая", "en": "find books about abai"}
FIRST = {"kk": "бірінші туралы толығырақ", "ru": "подробнее о первой", "en": "more about the first"}
YES = {"kk": "иә", "ru": "да", "en": "yes"}
NO = {"kk": "жоқ", "ru": "нет", "en": "no"}
STOP = {"kk": "тоқта", "ru": "стоп", "en": "stop"}
HELP = {"kk": "көмек", "ru": "помощь", "en": "help"}
RENEW_ALL_AND_HOLDS = {
    "kk": "бәрін ұзарт және менің броньдарым қандай",
    "ru": "продли все и скажи мои брони",
    "en": "renew all and tell me my holds",
}
ODD = {"kk": "анау бар ғой сол", "ru": "эту вот того", "en": "you know the thing"}
"""Words of which the phrasebook knows nothing: the model says what they are."""


class Talk:
    """A conversation by typed or spoken words."""

    def __init__(self, phrasebook: Phrasebook, language: str, model: FakeModel | None = None) -> None:
        state = begin(Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, language))
        self.errands = AtOnce()
        decider = Decider(phrasebook, model)
        executor = cast(CommandExecutor, self.errands)
        self.session = DialogueSession(state, executor, phrasebook, lambda: NOW, decider=decider)
        self.language = language
        self.last: Exchange | None = None

    async def says(self, *texts: str) -> Talk:
        for text in texts:
            self.last = await self.session.exchange(self.session.understand_text(text))
        return self

    async def mumbles(self, text: str, confidence: float) -> Talk:
        understood = self.session.understand((Hypothesis(text, self.language, confidence),))
        self.last = await self.session.exchange(understood)
        return self

    async def keys(self, keys: str) -> Talk:
        for key in keys:
            self.last = await self.session.exchange(Understood(Pressed(key)))
        return self

    @property
    def said(self) -> str:
        assert self.last
        return " ".join(line.text for line in self.last.lines)

    @property
    def state(self) -> object:
        return self.session.context.state

    def asked(self, kind: type[commands.AnyCommand]) -> list[commands.AnyCommand]:
        return [command for command in self.errands.library.asked if isinstance(command, kind)]

    def prompt(self, key: str, **values: str | int) -> str:
        return text_of(self.language, key, **values)


Maker = Callable[..., Talk]


@pytest.fixture
def talk(phrasebook: Phrasebook) -> Maker:
    def make(language: str, *readings: tuple[str, Reading], lies: Reading | None = None) -> Talk:
        model = FakeModel(dict(readings), lies or likely(("other", 0.3), ("search", 0.2)))
        return Talk(phrasebook, language, model if readings or lies else None)

    return make


async def at_a_read_back(talk: Talk) -> Talk:
    """A hold waits for yes or no."""
    reserve = {"kk": "сақтап қой", "ru": "отложи", "en": "keep it for me"}[talk.language]
    await talk.says(FOUND[talk.language], FIRST[talk.language], reserve, TICKET, PIN)
    assert isinstance(talk.state, Confirm)
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_second_request_waits_for_sign_in_read_back_and_yes(talk: Maker, language: str) -> None:
    caller = await talk(language).says(RENEW_ALL_AND_HOLDS[language])
    first = caller.prompt(
        "queued.first", first=caller.prompt("request.renew_all"), then=caller.prompt("request.my_holds")
    )
    assert first in caller.said and not caller.asked(commands.ListHolds)
    await caller.says(TICKET, PIN)
    assert isinstance(caller.state, Confirm)
    await caller.says(HELP[language])
    assert isinstance(caller.state, Confirm) and not caller.asked(commands.ListHolds)
    await caller.says(YES[language])
    assert caller.asked(commands.RenewAll) and caller.asked(commands.ListHolds)
    assert caller.prompt("queued.now", what=caller.prompt("request.my_holds")) in caller.said
    assert caller.last and caller.last.booking and caller.session.context.name == "holds"
    assert caller.session.context.queued == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", [NO, STOP, FOUND])
async def test_no_stop_and_another_request_drop_what_waits(talk: Maker, language: str, word: dict[str, str]) -> None:
    caller = await talk(language).says(RENEW_ALL_AND_HOLDS[language], TICKET, PIN, word[language])
    assert caller.session.context.queued == ()
    await caller.says(YES[language])
    assert not caller.asked(commands.ListHolds)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_no_by_key_drops_what_waits_and_keyed_digits_do_not(talk: Maker, language: str) -> None:
    caller = await talk(language).says(RENEW_ALL_AND_HOLDS[language])
    await caller.keys(f"{TICKET}#{PIN}#")
    assert isinstance(caller.state, Confirm) and caller.session.context.queued
    await caller.keys("2")
    assert caller.session.context.queued == () and not caller.asked(commands.RenewAll)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_questions_are_answered_in_one_turn(talk: Maker, language: str) -> None:
    text = {
        "kk": "менің кітаптарым қандай және броньдарымды айт",
        "ru": "какие у меня книги и какие у меня брони",
        "en": "what are my loans and tell me my holds",
    }[language]
    parts = several(
        ("my_loans", text.split(" және ")[0].split(" и ")[0].split(" and ")[0], 0.9), ("my_holds", "x", 0.9)
    )
    caller = await talk(language, (text, parts)).says(
        {"kk": "менің кітаптарым", "ru": "мои книги", "en": "my loans"}[language], TICKET, PIN
    )
    await caller.says(text)
    assert caller.session.context.name == "holds"
    assert caller.prompt("account.loans", count=4) in caller.said
    assert caller.prompt("account.holds", count=2) in caller.said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_book_that_has_to_be_chosen_first_is_what_the_second_request_is_about(
    talk: Maker, language: str
) -> None:
    text = {
        "kk": "абай туралы кітап тап және сақтап қой",
        "ru": "найди книги про абая и отложи",
        "en": "find books about abai and keep it for me",
    }[language]
    caller = await talk(language).says(text)
    assert isinstance(caller.state, ResultList) and caller.session.context.queued
    await caller.says({"kk": "екіншісі", "ru": "вторая", "en": "the second one"}[language])
    assert caller.session.context.name == "ticket"
    await caller.says(TICKET, PIN)
    assert isinstance(caller.state, Confirm) and caller.state.titles == (BOOKS[1].title,)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_which_of_two_is_chosen_by_key_by_number_and_by_name(talk: Maker, language: str) -> None:
    unsure = likely(("my_loans", 0.46), ("hours", 0.45))
    for how in ("key", "number", "name"):
        caller = await talk(language, (ODD[language], unsure)).says(ODD[language])
        assert isinstance(caller.state, Which)
        assert caller.prompt("ask.which") in caller.said
        if how == "key":
            await caller.keys("2")
        else:
            second = {"kk": "екінші", "ru": "второе", "en": "the second"}[language]
            own = caller.prompt("request.hours")
            await caller.says(second if how == "number" else own)
        assert caller.session.context.name == "places", how


@pytest.mark.parametrize("language", LANGUAGES)
async def test_neither_of_two_leads_back_and_loses_nothing(talk: Maker, language: str) -> None:
    unsure = likely(("my_loans", 0.46), ("hours", 0.45))
    for neither in (NO[language], "4"):
        caller = await talk(language, (ODD[language], unsure)).says(FOUND[language])
        before = caller.state
        await caller.says(ODD[language])
        assert isinstance(caller.state, Which)
        await (caller.keys(neither) if neither == "4" else caller.says(neither))
        assert caller.state == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "reading",
    [
        likely(("my_loans", 0.46), ("hours", 0.45)),
        likely(("other", 0.95)),
        likely(("unanswerable", 0.95)),
        likely(("librarian", 0.95)),
        likely(("alert", 0.95)),
    ],
)
async def test_no_refusal_or_question_loses_a_read_back(talk: Maker, language: str, reading: Reading) -> None:
    caller = await at_a_read_back(talk(language, (ODD[language], reading)))
    before = caller.state
    await caller.says(ODD[language])
    assert caller.state == before and caller.prompt("ask.confirm") in caller.said
    await caller.says(YES[language])
    assert caller.asked(commands.PlaceHold)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_other_talk_is_answered_with_what_can_be_said_here_and_never_loops(talk: Maker, language: str) -> None:
    caller = await talk(language, lies=likely(("other", 0.97))).says(ODD[language])
    assert caller.prompt("talk.other") in caller.said and caller.prompt("help.start") in caller.said
    heard = set()
    for _ in range(12):
        await caller.says(ODD[language])
        heard.add(caller.said)
    assert len(heard) > 2  # the keys, and a librarian, are offered in between


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_title_that_seems_talk_is_found_to_the_letter_and_only_so(talk: Maker, language: str) -> None:
    caller = talk(language, lies=likely(("other", 0.97)))
    await caller.says("Путь Абая")
    assert caller.session.context.name == "results"
    caller = await talk(language, lies=likely(("other", 0.97))).says("абаймен ғой")
    assert caller.session.context.name == "start" and caller.prompt("talk.other") in caller.said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_no_feature_answers_is_admitted_and_a_librarian_offered(talk: Maker, language: str) -> None:
    assert "weather" not in ANSWERED
    caller = await talk(language, (ODD[language], likely(("weather", 0.95)))).says(ODD[language])
    assert caller.prompt("talk.not_yet") in caller.said and caller.prompt("ask.offer_person") in caller.said
    await caller.says(NO[language])
    assert caller.session.context.name == "start" and not caller.asked(commands.HandOver)


async def test_a_feature_that_comes_later_takes_over_by_itself(talk: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    from voice.dialogue import registry
    from voice.dialogue.feature import On
    from voice.dialogue.turn import Transition

    answering = On(lambda context, state, intent: Transition(context, quiet=True, controls=frozenset({Control.TICK})))
    monkeypatch.setattr(registry, "ANYWHERE", {**registry.ANYWHERE, "weather": answering})
    monkeypatch.setattr(registry, "ANSWERED", registry.ANSWERED | {"weather"})
    caller = await talk("ru", (ODD["ru"], likely(("weather", 0.95)))).says(ODD["ru"])
    assert caller.last and caller.last.controls == {Control.TICK}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_needs_a_librarian_is_passed_on_in_the_readers_words_if_she_agrees(
    talk: Maker, language: str
) -> None:
    caller = await talk(language, (ODD[language], likely(("librarian", 0.95)))).says(ODD[language])
    assert caller.prompt("ask.offer_librarian") in caller.said and not caller.asked(commands.HandOver)
    await caller.says(YES[language])
    (command,) = caller.asked(commands.HandOver)
    assert isinstance(command, commands.HandOver) and ODD[language] in command.context
    assert not isinstance(caller.state, Doubt)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_offer_of_a_librarian_ends_with_thanks_and_when_one_is_asked_for(talk: Maker, language: str) -> None:
    thanks = {"kk": "рахмет", "ru": "спасибо", "en": "thank you"}[language]
    person = {"kk": "кітапханашымен сөйлесейін", "ru": "соедините с библиотекарем", "en": "a librarian please"}[
        language
    ]
    for word in (thanks, person):
        caller = await talk(language, (ODD[language], likely(("weather", 0.95)))).says(ODD[language])
        assert isinstance(caller.state, Doubt)
        await caller.says(word)
        assert not isinstance(caller.state, Doubt)
        assert bool(caller.asked(commands.HandOver)) is (word == person)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_shall_not_be_renewed_is_left(talk: Maker, language: str) -> None:
    text = {"kk": "ұзартпаңыз", "ru": "не продлевайте их", "en": "don't renew them"}[language]
    caller = await talk(language, lies=likely(("renew_all", 0.99))).says(text)
    assert caller.prompt("talk.declined") in caller.said and caller.session.context.name == "start"
    all_of_them = {"kk": "бәрін ұзарт", "ru": "продли все", "en": "renew all"}[language]
    await caller.says(all_of_them, TICKET, PIN)
    assert isinstance(caller.state, Confirm)
    await caller.says(text)
    assert not isinstance(caller.state, Confirm) and not caller.asked(commands.RenewAll)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_not_a_word_is_done_below_the_floor_whatever_the_model_says(talk: Maker, language: str) -> None:
    for name in ("goodbye", "undo", "louder", "other", "librarian", "weather", "search"):
        caller = talk(language, lies=likely((name, 0.99)))
        before = caller.session.context.state
        await caller.mumbles(ODD[language], 0.003)
        assert caller.state == before and caller.last and not caller.last.controls
        assert caller.prompt("talk.not_heard") in caller.said and not caller.errands.library.asked


@pytest.mark.parametrize("language", LANGUAGES)
async def test_other_books_of_the_author_of_the_opened_book(talk: Maker, language: str) -> None:
    text = {"kk": "осы автордың басқа кітаптары", "ru": "другие книги этого автора", "en": "other books by this author"}
    caller = await talk(language).says(text[language])
    assert caller.prompt("searching.which_book") in caller.said
    await caller.says(FOUND[language], FIRST[language])
    assert isinstance(caller.state, RecordDetail)
    await caller.says(text[language])
    (*_, last) = caller.asked(commands.Search)
    assert isinstance(last, commands.Search) and last.query.author == BOOKS[0].author
    assert isinstance(caller.state, ResultList)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_too_many_words_are_answered_with_a_sentence(talk: Maker, language: str) -> None:
    caller = await talk(language, lies=likely(("goodbye", 0.99))).says(f"{FOUND[language]} " * 200)
    assert caller.prompt("talk.too_long") in caller.said and caller.session.context.name == "start"


async def test_loans_that_come_when_their_reader_has_left_are_shown_to_nobody(talk: Maker) -> None:
    caller = await talk("ru").says("мои книги", TICKET, PIN)
    assert isinstance(caller.state, LoanList)
    (command,) = caller.asked(commands.ListLoans)
    answer = await caller.errands.do(command)
    stranger = talk("ru")
    exchange = await stranger.session.exchange(Understood(answer))
    assert exchange.context.name == "start" and "Көшпенділер" not in " ".join(line.text for line in exchange.lines)


@pytest.mark.parametrize("error", [IntentModelMissing, IntentModelOutdated, IntentModelDamaged])
def test_without_a_usable_model_the_phrasebook_goes_on_alone_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[IntentModelError]
) -> None:
    def load(path: Path | None = None) -> IntentModel:
        raise error("the file cannot be used")

    monkeypatch.setattr(IntentModel, "load", load)
    assert learnt_model() is None
    assert len(caplog.records) == 1 and "the file cannot be used" in caplog.text


async def test_a_model_that_fails_in_mid_conversation_ends_nothing(phrasebook: Phrasebook) -> None:
    model = FakeModel(raises=True)
    caller = Talk(phrasebook, "ru", model)
    await caller.says(ODD["ru"], "мои книги", TICKET, PIN)
    assert isinstance(caller.state, LoanList) and model.asked


CONTRARY = {"kk": "бас тартыңыз енді сөзсіз", "ru": "отменяйте без разговоров", "en": "cancel that and no arguing"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_word_that_takes_back_keeps_a_sure_model_from_saying_yes(talk: Maker, language: str) -> None:
    words = CONTRARY[language]
    caller = await at_a_read_back(talk(language, (words, likely(("yes", 0.999)))))
    await caller.says(words)
    assert not caller.asked(commands.PlaceHold)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_change_rests_on_an_exact_yes_and_on_no_model_however_sure(talk: Maker, language: str) -> None:
    caller = await at_a_read_back(talk(language, (ODD[language], likely(("yes", 0.999)))))
    await caller.says(ODD[language])
    assert not caller.asked(commands.PlaceHold)
    assert caller.prompt("confirm.only_yes") in caller.said and isinstance(caller.state, Confirm)
    await caller.says(YES[language])
    assert caller.asked(commands.PlaceHold)

"""Cells typed at a desk: understood in every alphabet, digits where the whole line can be digits, never raw dots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from braille import from_unicode, translate
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession, Understood
from voice.assistant.typed_cells import understood
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Answered, Began, Failed, NotUnderstood, Said
from voice.dialogue.turn import ExpectedInput
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

NAMES = ("person", "help", "back", "language", "yes", "no")
CONTROL = {
    "kk": dict(zip(("кітапханашы", "көмек", "артқа", "қазақша", "иә", "жоқ"), NAMES, strict=True)),
    "ru": dict(zip(("библиотекарь", "помощь", "назад", "по-русски", "да", "нет"), NAMES, strict=True)),
    "en": dict(zip(("librarian", "help", "go back", "in english", "yes", "no"), NAMES, strict=True)),
}


class Doing(CommandExecutor):
    """Errands done by a small library."""

    def __init__(self) -> None:
        self._small = SmallLibrary()

    async def do(self, ask: commands.Command) -> Answered | Failed:
        return self._small.do(ask)

    async def finish(self) -> None: ...


def at_desk(phrasebook: Phrasebook, language: str, grade: int = 1) -> DialogueSession:
    context = begin(Profile(CAPABILITIES[ChannelKind.DESK], True, NOW, language))
    session = DialogueSession(context, Doing(), phrasebook, lambda: NOW)
    session.prefer(lambda own: replace(own, grade=grade))
    return session


def name(heard: Understood) -> str | None:
    return heard.event.intent.name if isinstance(heard.event, Said) else None


@pytest.mark.parametrize("running", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["kk", "ru", "en"])
@pytest.mark.parametrize("grade", [1, 2])
async def test_control_words_of_every_language_work_in_every_other(
    phrasebook: Phrasebook, running: str, typed: str, grade: int
) -> None:
    session = at_desk(phrasebook, running, grade)
    heard = {
        words: name(understood(session, translate(words, typed).cells, ExpectedInput.SPEECH))
        for words in CONTROL[typed]
    }
    assert heard == CONTROL[typed]


@pytest.mark.parametrize("words", ["кітапханашы", "тіркелу", "библиотекарь", "помощь", "артқа"])
@pytest.mark.parametrize("expects", [ExpectedInput.TICKET, ExpectedInput.PIN, ExpectedInput.PHONE])
async def test_words_can_be_typed_where_a_number_is_asked(
    phrasebook: Phrasebook, words: str, expects: ExpectedInput
) -> None:
    heard = understood(at_desk(phrasebook, "kk"), translate(words, "kk").cells, expects)
    assert name(heard) in ("person", "register", "help", "back")


@pytest.mark.parametrize("cells", ["⠼⠁⠚⠚⠚⠚⠁", "⠁⠚⠚⠚⠚⠁", "⠼⠁⠚⠚⠀⠼⠚⠚⠁"])
async def test_a_number_needs_no_number_sign(phrasebook: Phrasebook, cells: str) -> None:
    heard = understood(at_desk(phrasebook, "kk"), from_unicode(cells), ExpectedInput.TICKET)
    assert heard.text == "100001"


async def test_a_grade_two_desk_reads_contractions(phrasebook: Phrasebook) -> None:
    session = at_desk(phrasebook, "en", 2)
    heard = understood(session, from_unicode("⠋⠔⠙⠀⠮⠀⠐⠎"), ExpectedInput.SPEECH)  # find the some
    assert heard.text.startswith("find the")


async def test_the_running_language_is_kept_where_nothing_is_asked_for(phrasebook: Phrasebook) -> None:
    for language, title in (("kk", "абай жолы"), ("ru", "белый пароход"), ("en", "the great gatsby")):
        heard = understood(at_desk(phrasebook, language), translate(title, language).cells, ExpectedInput.SPEECH)
        assert heard.text.lower().removeprefix("the ") == title.removeprefix("the ")


@pytest.mark.parametrize("cells", ["⠨", "⠨⠆⠞⠑⠎⠞", "⠸⠸", "⠘⠨⠸"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_raw_dots_never_reach_understanding(phrasebook: Phrasebook, cells: str, language: str) -> None:
    heard = understood(at_desk(phrasebook, language, 2), from_unicode(cells), ExpectedInput.SPEECH)
    assert "\\" not in heard.text and "/" not in heard.text
    if isinstance(heard.event, NotUnderstood):
        assert "\\" not in heard.event.text


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_who_strays_into_english_finds_the_way_back(phrasebook: Phrasebook, language: str) -> None:
    stray = {"kk": ("ағылшынша", "қазақша"), "ru": ("по-английски", "по-русски")}[language]
    session = at_desk(phrasebook, language)
    for words, now in zip(stray, ("en", language), strict=True):
        await session.exchange(understood(session, translate(words, language).cells, ExpectedInput.SPEECH))
        assert session.context.language == now


async def test_the_first_line_after_a_change_is_read_in_the_new_language(phrasebook: Phrasebook) -> None:
    session = at_desk(phrasebook, "kk")
    await session.exchange(Understood(Began()))
    await session.exchange(understood(session, translate("ағылшынша", "kk").cells, ExpectedInput.SPEECH))
    heard = understood(session, translate("my books", "en").cells, ExpectedInput.SPEECH)
    assert name(heard) == "my_loans"

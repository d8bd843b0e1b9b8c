"""While the library's database is away: what is said of changes nobody knows of, of places, and of call-backs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue_client.values.accounts import PendingRequest
from tests.voice.dialogue.small_library import BOOKS, NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.context import DialogueContext
from voice.dialogue.events import Failed
from voice.dialogue.features.authentication import on_request_outcomes
from voice.dialogue.record_phrasing import entry
from voice.dialogue.registry import failed, sentence_for
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

LISTS = {
    "kk": ("брондарым", "менің кітаптарым", "тапсырыстарым"),
    "ru": ("мои брони", "мои книги", "мои доставки"),
    "en": ("my holds", "my books", "my deliveries"),
}
HOLD = commands.PlaceHold("100001", "r", "p")


@pytest.fixture(params=LISTS)
def context(request: pytest.FixtureRequest) -> DialogueContext:
    profile = Profile(CAPABILITIES[ChannelKind.TELEPHONE], True, NOW, language=request.param)
    return begin(profile)


def test_an_unknown_outcome_is_looked_up_in_the_right_list(context: DialogueContext) -> None:
    book, cancel = commands.BookDelivery("100001", ("r",), "s"), commands.CancelHold("100001", "7")
    renew, register = commands.Renew("100001", "9"), commands.SetAddress("100001", "x")
    holds, loans, deliveries = LISTS[context.language]
    for ask, named in ((HOLD, holds), (cancel, holds), (renew, loans), (book, deliveries), (register, "")):
        text = sentence_for(context, Failed(ask, "outcome_unknown")).text
        assert [one for one in (holds, loans, deliveries) if one in text] == ([named] if named else [])


def test_the_lists_that_are_named_are_understood(context: DialogueContext) -> None:
    book = Phrasebook.load()
    meant = [
        intent and intent.name for one in LISTS[context.language] if (intent := book.understand(one, context.language))
    ]
    assert meant == ["my_holds", "my_loans", "my_deliveries"]


def test_what_became_of_a_booking_is_told(context: DialogueContext) -> None:
    made = PendingRequest("k", "100001", "delivery", "", "1001", "", "", "", NOW, state="done")
    lost = replace(made, key="l", title="", state="refused", rule="unavailable")
    first, second = on_request_outcomes(context, commands.ListRequestOutcomes("100001"), (made, lost)).say
    assert "1001" in first.text and first.text != second.text


def test_a_place_that_is_not_known_is_not_called_empty(context: DialogueContext) -> None:
    out = entry(context, replace(BOOKS[0], available=()), 0).text
    unknown = entry(context, replace(BOOKS[0], available=(), standing_known=False), 0).text
    assert out != unknown


def test_who_cannot_be_called_back_is_told_so(context: DialogueContext) -> None:
    event = Failed(commands.HandOver("holds", ""), "refused_no_number")
    (line,) = failed(context, event).say
    other = failed(context, Failed(commands.HandOver("holds", ""), "unavailable")).say[0]
    assert line.text != other.text and "0" in line.text

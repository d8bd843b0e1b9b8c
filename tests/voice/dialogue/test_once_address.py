"""One delivery to another address: said, read back, and forgotten with it; what is on file stays."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from tests.voice.dialogue.test_natural_yes import FOUND, LEADS
from tests.voice.dialogue.test_taking_back import caller, says
from tests.voice.dialogue.test_windows import fortnight
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Began
from voice.dialogue.prompts import text_of
from voice.dialogue.states import Confirm
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind

LANGUAGES = ("kk", "ru", "en")
YES = {"kk": "иә", "ru": "да", "en": "yes"}
NO = {"kk": "жоқ", "ru": "нет", "en": "no"}
ELSEWHERE = {
    "kk": "басқа мекенжайға жеткізіңіз", "ru": "доставьте на другой адрес", "en": "deliver it to another address",
}  # fmt: skip
STREET = {"kk": "сәтбаев көшесі", "ru": "улица сатпаева", "en": "satpaev street"}


def at_the_read_back(phrasebook: Phrasebook, language: str) -> Player:
    player = caller(phrasebook, language, slots=fortnight())
    says(player, FOUND[language], *LEADS["delivery"][language])
    assert isinstance(player.context.state, Confirm)
    return player


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_is_read_back_and_booked_for_this_delivery_alone(phrasebook: Phrasebook, language: str) -> None:
    player = at_the_read_back(phrasebook, language)
    assert text_of(language, "address.once") in says(player, ELSEWHERE[language])
    says(player, STREET[language])
    says(player, YES[language])
    heard = says(player, "12", NO[language])
    assert "12" in heard and isinstance(player.context.state, Confirm)
    assert [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)] == []
    says(player, {"kk": "жұмада таңертең", "ru": "лучше в пятницу утром", "en": "on friday morning"}[language])
    says(player, YES[language])
    (booked,) = [ask for ask in player.library.asked if isinstance(ask, commands.ChangeCommand)]
    assert isinstance(booked, commands.BookDelivery)
    assert booked.address.casefold().endswith(f"{STREET[language]}, 12") and booked.slot_id == "27-10"


@pytest.mark.parametrize("language", LANGUAGES)
def test_back_from_the_address_leads_to_the_read_back(phrasebook: Phrasebook, language: str) -> None:
    player = at_the_read_back(phrasebook, language)
    before = player.context.state
    heard = says(player, ELSEWHERE[language])
    assert text_of(language, "confirm.kept") not in heard
    says(player, {"kk": "артқа", "ru": "назад", "en": "back"}[language])
    assert player.context.state == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_a_delivery_it_is_said_when_it_can_be_given(phrasebook: Phrasebook, language: str) -> None:
    player = caller(phrasebook, language)
    assert text_of(language, "address.once_how") in says(player, ELSEWHERE[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_address_is_said_where_others_hear_it(phrasebook: Phrasebook, language: str) -> None:
    profile = Profile(CAPABILITIES[ChannelKind.STATION], False, NOW, language)
    player = Player(begin(profile), SmallLibrary(slots=fortnight()), phrasebook)
    player.happens(Began())
    says(player, FOUND[language], *LEADS["delivery"][language])
    before = player.context.state
    assert text_of(language, "address.not_here") in says(player, ELSEWHERE[language])
    assert player.context.state == before

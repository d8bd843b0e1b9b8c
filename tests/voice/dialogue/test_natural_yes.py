"""Yes with the verb that the question asks about is yes; with another verb, or without the yes, it is asked again."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.test_taking_back import TICKET, caller, says
from voice.dialogue import commands
from voice.dialogue.states import Confirm
from voice.nlu.phrasebook import Phrasebook

FOUND = {"kk": "абай туралы кітап тап", "ru": "найди книги про абая", "en": "find books about abai"}
LEADS = {
    "hold": {
        "kk": ("бірінші туралы толығырақ", "сақтап қой", TICKET, "2580"),
        "ru": ("подробнее о первой", "отложи", TICKET, "2580"),
        "en": ("more about the first", "keep it for me", TICKET, "2580"),
    },
    "delivery": {
        "kk": ("бірінші туралы толығырақ", "үйге жеткіз", TICKET, "2580", "бірінші"),
        "ru": ("подробнее о первой", "доставь домой", TICKET, "2580", "первое"),
        "en": ("more about the first", "bring it home", TICKET, "2580", "the first"),
    },
    "renew": {
        "kk": ("менің кітаптарым", TICKET, "2580", "екіншісін ұзарт"),
        "ru": ("мои книги", TICKET, "2580", "продли вторую"),
        "en": ("my loans", TICKET, "2580", "renew the second"),
    },
    "renew_all": {
        "kk": ("бәрін ұзарт", TICKET, "2580"),
        "ru": ("продли все", TICKET, "2580"),
        "en": ("renew all", TICKET, "2580"),
    },
    "cancel": {
        "kk": ("менің броньдарым", TICKET, "2580", "бірінші", "бас тартамын"),
        "ru": ("мои брони", TICKET, "2580", "первая", "отмените"),
        "en": ("my holds", TICKET, "2580", "the first", "cancel it"),
    },
}
AGREED = [
    ("renew_all", "ru", "да продлите", commands.RenewAll),
    ("renew_all", "ru", "да продлите все", commands.RenewAll),
    ("renew_all", "kk", "иә ұзарта беріңіз", commands.RenewAll),
    ("renew_all", "en", "yes renew them", commands.RenewAll),
    ("renew", "ru", "да продлите её", commands.Renew),
    ("renew", "kk", "иә ұзартыңыз", commands.Renew),
    ("renew", "en", "yes please renew it", commands.Renew),
    ("hold", "ru", "да отложите пожалуйста", commands.PlaceHold),
    ("hold", "ru", "да оставьте за мной", commands.PlaceHold),
    ("hold", "kk", "иә сақтап қойыңыз", commands.PlaceHold),
    ("hold", "en", "yes reserve it", commands.PlaceHold),
    ("delivery", "ru", "да привезите", commands.BookDelivery),
    ("delivery", "kk", "иә жеткізіңіз", commands.BookDelivery),
    ("delivery", "en", "yes bring it", commands.BookDelivery),
    ("cancel", "ru", "ну да снимайте её", commands.CancelHold),
    ("cancel", "kk", "иә бас тартамын", commands.CancelHold),
    ("cancel", "en", "yes cancel it", commands.CancelHold),
]
NOT_AGREED = [
    ("renew", "ru", "да продлите все"),
    ("renew", "ru", "да отмените"),
    ("hold", "ru", "да доставьте"),
    ("hold", "kk", "иә жеткізіңіз"),
    ("hold", "en", "yes deliver it"),
    ("hold", "ru", "отложите"),
    ("delivery", "ru", "да отмените"),
    ("delivery", "kk", "иә бас тартамын"),
    ("delivery", "en", "yes cancel it"),
    ("renew_all", "ru", "продлите"),
    ("cancel", "ru", "снимайте"),
    ("cancel", "kk", "бас тартамын"),
    ("cancel", "en", "cancel it"),
]


def read_back(phrasebook: Phrasebook, way: str, language: str) -> Player:
    player = caller(phrasebook, language)
    if way in ("hold", "delivery"):
        says(player, FOUND[language])
    says(player, *LEADS[way][language])
    assert isinstance(player.context.state, Confirm), [line.text for line in player.lines]
    return player


@pytest.mark.parametrize(("way", "language", "words", "ask"), AGREED)
def test_yes_with_the_verb_of_the_question(
    phrasebook: Phrasebook, way: str, language: str, words: str, ask: type[commands.Command]
) -> None:
    player = read_back(phrasebook, way, language)
    says(player, words)
    assert isinstance(player.library.asked[-1], ask)


@pytest.mark.parametrize(("way", "language", "words"), NOT_AGREED)
def test_another_verb_or_no_yes_is_asked_again(phrasebook: Phrasebook, way: str, language: str, words: str) -> None:
    player = read_back(phrasebook, way, language)
    before = player.context.state
    says(player, words)
    assert player.context.state == before and player.lines
    assert not any(isinstance(ask, commands.ChangeCommand) for ask in player.library.asked)


@pytest.mark.parametrize(("words", "name"), [("ну хорошо повторите", "confirm"), ("да не надо", "record")])
def test_what_is_always_meant_is_meant_after_a_yes(phrasebook: Phrasebook, words: str, name: str) -> None:
    player = read_back(phrasebook, "hold", "ru")
    says(player, words)
    assert player.context.name == name
    assert not any(isinstance(ask, commands.ChangeCommand) for ask in player.library.asked)

"""Callers for the tests of manners: by any channel, known to the library or not."""

from __future__ import annotations

from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin
from voice.dialogue.events import Began, Pressed
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind


def calling(phrasebook: Phrasebook, kind: ChannelKind = ChannelKind.TELEPHONE, private: bool = True) -> Player:
    player = Player(begin(Profile(CAPABILITIES[kind], private, NOW)), SmallLibrary(), phrasebook)
    player.happens(Began())
    return player


def known(player: Player, ticket: str = "100001", pin: str = "2580") -> Player:
    for words in ("менің кітаптарым", ticket, pin):
        player.hears(words)
    assert player.context.reader
    return player


def press(player: Player, keys: str) -> Player:
    for key in keys:
        player.happens(Pressed(key))
    return player


def said(player: Player) -> str:
    return " ".join(line.text for line in player.lines)

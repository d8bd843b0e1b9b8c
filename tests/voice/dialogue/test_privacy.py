"""What is never spoken, kept or passed on without consent."""

from __future__ import annotations

from tests.voice.dialogue.callers import calling, known, press, said
from tests.voice.dialogue.playing import Player
from tests.voice.dialogue.small_library import NOW
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import Profile, begin, commands
from voice.dialogue.events import Left, Pressed, Said
from voice.dialogue.turn import Control
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.intents import Intent


def test_keyed_digits_are_never_spoken(phrasebook: Phrasebook) -> None:
    for kind, private in ((ChannelKind.TELEPHONE, True), (ChannelKind.STATION, False)):
        player = press(calling(phrasebook, kind, private), "33")
        for digit in "100001":
            player.happens(Pressed(digit))
            assert not player.lines and player.controls == {Control.TICK}
        press(player, "#")
        spoken = [line.text for line in player.lines if private or not line.private]
        assert not any("100001" in text for text in spoken)
        for digit in "2580#":
            player.happens(Pressed(digit))
            assert "2580" not in said(player)


def test_what_is_personal_is_marked_private(caller: Player) -> None:
    for words in ("абай туралы кітап тап", "бірінші туралы толығырақ", "үйге жеткіз", "100001", "2580", "бірінші"):
        caller.hears(words)
    address = [line for line in caller.lines if "даңғылы" in line.text]
    assert address and all(line.private for line in address)
    caller.hears("иә")
    assert all(line.private for line in caller.lines if "42" in line.text)


def test_a_station_warns_that_others_may_hear(phrasebook: Phrasebook) -> None:
    station = calling(phrasebook, ChannelKind.STATION, private=False)
    assert len(station.lines) == len(calling(phrasebook, ChannelKind.STATION).lines) + 1


def test_a_station_forgets_the_reader_and_the_settings(phrasebook: Phrasebook) -> None:
    station = known(calling(phrasebook, ChannelKind.STATION, private=False))
    press(station, "9")
    station.happens(Left())
    fresh = begin(Profile(CAPABILITIES[ChannelKind.STATION], False, NOW))
    assert station.context == fresh and station.controls == {Control.FORGET}


def test_settings_are_kept_only_with_consent(phrasebook: Phrasebook) -> None:
    for answer, kept in (("1", True), ("2", False)):
        player = press(known(calling(phrasebook)), "9")
        player.hears("сау болыңыз")
        assert player.context.name == "confirm"
        press(player, answer)
        assert any(isinstance(ask, commands.SavePreferences) for ask in player.library.asked) is kept
        assert player.context.name == "goodbye" and player.context.reader is None


def test_recording_needs_consent_and_ends_at_a_word(caller: Player) -> None:
    assert not caller.context.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    press(caller, "2")
    assert not caller.context.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    press(caller, "1")
    assert caller.context.recording
    caller.happens(Said(Intent("recording", {}, "kk", "жазба")))
    assert not caller.context.recording

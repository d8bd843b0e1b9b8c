"""What a reader keys or says while Dauys is busy, a recogniser that hangs, and sounds while an answer takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.voice.assistant.test_faults_in_calls import Held, held
from voice.assistant import spoken_session
from voice.dialogue.commands import PlaceHold, Renew
from voice.dialogue.confirmation import is_too_early
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.events import Event, Pressed, Said, Silence
from voice.dialogue.states import Booked, Confirm, Doubt, Pin, Start, Ticket
from voice.nlu.phrasebook import Phrasebook
from voice.synthesis.earcons import earcon
from voice.values.intents import Intent
from voice.values.utterances import HearingEvent

PIN = Pin(Intent("my_loans", {}, "ru"), "100001")
ASKED = Confirm(PlaceHold("100001", "31", "abai"))


def said(name: str, *, agreed: bool = False) -> Said:
    return Said(Intent(name, {}, "ru", agreed=agreed))


@pytest.mark.parametrize(
    ("event", "meant_at", "taken_at", "early"),
    [
        (Pressed("1"), PIN, ASKED, True),
        (Pressed("0"), PIN, Start(), True),
        (Pressed("1"), Ticket(Intent("my_loans", {}, "ru")), PIN, False),
        (Pressed("1"), Start(), ASKED, True),
        (Pressed("1"), ASKED, ASKED, False),
        (Pressed("1"), ASKED, Confirm(Renew("100001", "7")), True),
        (Pressed("2"), Start(), ASKED, False),
        (Pressed("1"), Start(), Doubt(Intent("goodbye", {}, "ru")), True),
        (said("yes"), Start(), ASKED, True),
        (said("reserve"), Start(), ASKED, True),
        (said("renew", agreed=True), Start(), ASKED, True),
        (said("no"), Start(), ASKED, False),
        (Pressed("2"), ASKED, Booked(undoable=True), True),
        (said("undo"), ASKED, Booked(undoable=True), False),
        (Pressed("3"), ASKED, Booked(undoable=True), False),
        (Silence(), Start(), ASKED, False),
    ],
)
def test_what_was_meant_for_another_place(
    event: Event, meant_at: DialogueState, taken_at: DialogueState, early: bool
) -> None:
    assert is_too_early(event, meant_at, taken_at) == early


async def at_the_pin(talk: Held) -> None:
    await talk.exchange()
    talk.session.context = talk.session.context.go(PIN)


async def test_a_pin_keyed_again_while_it_is_checked_does_nothing_else(phrasebook: Phrasebook) -> None:
    """Its 0 calls no librarian: seen by the simulator as a hold that nobody had agreed to."""
    async with held(phrasebook) as talk:
        await at_the_pin(talk)
        talk.errands.open.clear()
        for key in "2580#":
            talk.press(key)
        await talk.errands.asked.wait()
        for key in "2580#":
            talk.press(key)
        await talk.speech(20)
        talk.errands.open.set()
        exchanges = [await talk.exchange() for _ in "2580#"]
        place = exchanges[-1].exchange.context.state
        await talk.speech(20)
        assert talk.session.context.state == place
        assert talk.exchanges.qsize() <= 1, "the hash alone may mean something where the loans are read"


class HangingEar:
    """Hears nothing and never comes back."""

    language = "ru"

    def expect(self, expectation: object) -> None:
        pass

    async def feed(self, pcm: bytes) -> Sequence[HearingEvent]:
        await asyncio.Event().wait()
        return ()

    async def close(self) -> None:
        pass


async def test_keys_are_taken_while_the_recogniser_hangs_and_the_reader_is_asked_again(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken_session, "HEARD_S", 0.3)
    async with held(phrasebook) as talk:
        await talk.exchange()
        talk.spoken._ear = HangingEar()  # type: ignore[assignment]
        talk.hear(())
        talk.press("3")
        assert (await talk.exchange()).exchange.context.name == "menu"
        while talk.faults.counts["decoding"] == 0:
            await talk.speech(5)


async def test_while_an_answer_takes_long_a_soft_sound_is_heard(
    phrasebook: Phrasebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken_session, "WORKING_S", 0.05)
    async with held(phrasebook) as talk:
        await at_the_pin(talk)
        await talk.heard_out()
        played: list[str] = []
        original = talk.spoken._player.earcon

        def heard(name: str) -> None:
            played.append(name)
            original(name)

        monkeypatch.setattr(talk.spoken._player, "earcon", heard)
        talk.errands.open.clear()
        for key in "2580#":
            talk.press(key)
        await talk.errands.asked.wait()
        while played.count("working") < 2:
            await talk.speech(20)
        talk.errands.open.set()
    assert any(earcon("working", 8000))

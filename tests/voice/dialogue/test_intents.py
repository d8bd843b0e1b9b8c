"""The names of intents: one list, held equal to the phrases, the keys and the menu."""

from __future__ import annotations

from voice.dialogue.key_bindings import menu_items, tables
from voice.nlu.phrase_files import PhraseFiles
from voice.values.intents import IntentName

RAISED_BY_THE_DIALOGUE = {
    "choose_phone",
    "choose_pin",
    "entered",
    "half_yes",
    "letters_done",
    "new_address",
    "note_question",
    "read_further",
    "recording_agreed",
    "words",
}
"""Nobody says these: an intent goes on by them, or words become one of them where they are asked for."""


def test_every_intent_is_said_keyed_or_raised_by_the_dialogue() -> None:
    keyed = {name.partition(":")[0] for places in tables()["places"].values() for name in places.values()}
    keyed |= set(tables()["keys"].values())
    said = set(PhraseFiles.load().intents)
    assert said | keyed | set(menu_items()) | RAISED_BY_THE_DIALOGUE == set(IntentName)
    assert not said & RAISED_BY_THE_DIALOGUE

"""The sentences that `scripts/bench understanding` asks: writers whom nobody looked at, and older corpora."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from languages import language_identification
from voice.nlu.corpus_states import START
from voice.nlu.deciding.learnt_intents import is_correction, is_refused, is_social, learnt_intent
from voice.nlu.learnt.corpus import CorpusLine
from voice.nlu.learnt.corpus_parts import DEVELOPMENT, read_part
from voice.nlu.learnt.slot_tags import slots_of_marks
from voice.values.intents import SlotValue

TESTS = Path(__file__).parents[3] / "tests" / "voice" / "nlu"
OLDER_PARTS = ("", "fresh", "unseen")
PERSON = "person"
LATER = "in the middle of a conversation"
BARE = "at the start"
TWO = "two things in one sentence"
OTHER = "other talk"

_STATE_OF = {
    "results": "select more next previous read_on similar same_author next_volume",
    "record": "reserve deliver availability later",
    "loans": "renew renew_all",
    "holds": "cancel",
    "confirm_hold": "yes no",
    "slots": "when",
    "notes": "note",
    "booked": "undo",
    "ticket": "digits",
}
"""The older corpora do not say where something is said: the state in which the intent mostly is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a sentence asks for, in the dialogue's names."""

    intent: str
    slots: Mapping[str, SlotValue]


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence and what is right."""

    text: str
    state: str
    language: str
    """kk, ru, en or mixed."""
    kind: str
    wanted: tuple[Wanted, ...]
    """Nothing: it must be refused. One "person": a librarian is offered."""


def written(development: bool = False) -> list[Question]:
    """Return the questions of the test part, or of the development part."""
    return [_of_line(line) for line in read_part(DEVELOPMENT if development else TESTS / "written")]


def older() -> list[Question]:
    """Return the questions of the corpora that were there before."""
    return list(_older())


def _of_line(line: CorpusLine) -> Question:
    intents = line.intents[-len(line.parts) :]
    wanted = []
    for at, name in enumerate(intents):
        slots = slots_of_marks(mark for mark in line.slots if line.part_of(mark.start) == at)
        found = learnt_intent(name, slots, "", line.text, 1.0)
        if found.name == "librarian":
            wanted.append(Wanted(PERSON, {}))
        elif not is_refused(name) and not (is_correction(found.name) and len(intents) > 1):
            wanted.append(Wanted("digits" if found.name == "number" else found.name, found.slots))
    if len(wanted) > 1:
        wanted = [each for each in wanted if not is_social(each.intent)] or wanted[:1]
    kind = OTHER if not wanted else TWO if len(wanted) > 1 else BARE if line.state == START else LATER
    return Question(line.text, line.state, language_of(line.text), kind, tuple(wanted))


def _older() -> Iterator[Question]:
    states = {intent: state for state, intents in _STATE_OF.items() for intent in intents.split()}
    for part in OLDER_PARTS:
        for language in ("kk", "ru", "en", "mixed"):
            path = TESTS / "corpus" / part / f"{language}.toml"
            for intent, utterances in tomllib.loads(path.read_text(encoding="utf-8")).items():
                state = states.get(intent, START)
                kind = BARE if state == START else LATER
                for text, slots in utterances.items():
                    yield Question(text, state, language, kind, (Wanted(intent, slots),))
        path = TESTS / "corpus" / part / "outside.toml"
        if path.exists():
            for talk in tomllib.loads(path.read_text(encoding="utf-8")).values():
                for text in talk["utterances"]:
                    yield Question(text, START, language_of(text), OTHER, ())


def language_of(text: str) -> str:
    """Return kk, ru, en, or mixed when words that can only be of one language stand beside those of another."""
    words = [word for word in text.lower().split() if not language_identification.is_borrowed(word)]
    found = {next(iter(known)) for word in words if len(known := language_identification.of_word(word)) == 1}
    return "mixed" if len(found) > 1 else next(iter(found), "ru")  # Kazakh sentences have letters of their own

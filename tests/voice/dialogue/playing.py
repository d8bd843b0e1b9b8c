"""Plays a dialogue script: the reader's side by voice, by keypad alone or by Braille alone, on a fixed clock."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from braille import back, translate
from tests.voice.dialogue.small_library import ASKED, BOOKS, HOLDS, LOANS, NOW, ON_THE_WAY, SmallLibrary
from voice.assistant.channel_capabilities import CAPABILITIES
from voice.dialogue import DialogueContext, Profile, begin, step
from voice.dialogue.events import Began, Event, Left, NotUnderstood, Pressed, Routed, Said, Silence
from voice.dialogue.turn import Booking, Control, Turn
from voice.nlu.phrasebook import Phrasebook
from voice.values.audio import ChannelKind
from voice.values.lines import Line

SCRIPTS = Path(__file__).parents[2] / "dialogues"
WAYS = ("voice", "keys", "braille")
DELIVERIES = {"": (), "on_the_way": (ON_THE_WAY,), "asked": (ASKED,), "both": (ON_THE_WAY, ASKED)}


@dataclass
class Player:
    """One reader and the assistant."""

    context: DialogueContext
    library: SmallLibrary
    phrasebook: Phrasebook
    now: datetime = NOW
    turns: list[Turn] = field(default_factory=list)
    """Of the last event."""

    def happens(self, event: Event) -> None:
        self.turns = []
        while True:
            turn = step(self.context, event, self.now)
            self.turns.append(turn)
            self.context = turn.context
            if turn.command is None:
                return
            event = self.library.do(turn.command, self.now)

    def hears(self, text: str, confidence: float | None = None) -> None:
        intent = self.phrasebook.understand(text)
        self.happens(NotUnderstood(text) if intent is None else Said(intent, confidence))

    @property
    def lines(self) -> list[Line]:
        return [line for turn in self.turns for line in turn.say]

    @property
    def booking(self) -> Booking | None:
        return next((turn.booking for turn in self.turns if turn.booking), None)

    @property
    def controls(self) -> set[Control]:
        return {control for turn in self.turns for control in turn.controls}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def player(script: dict[str, Any], phrasebook: Phrasebook) -> Player:
    """The beginning of a script: who calls from where, and how the library stands."""
    kind = ChannelKind(script.get("kind", "telephone"))
    profile = Profile(
        CAPABILITIES[kind], script.get("private", True), NOW, script["language"], script.get("brief", False)
    )
    loans = tuple(replace(loan, renewed=NOW.date()) if loan.id in script.get("renewed", ()) else loan for loan in LOANS)
    library = SmallLibrary(
        deliveries=DELIVERIES[script.get("deliveries", "")],
        loans=loans[: script.get("loans", len(LOANS))],
        shelf=BOOKS[: script.get("shelf", 2)],
        author_news=BOOKS[: script.get("author_news", 0)],
        holds=HOLDS[: script.get("holds", len(HOLDS))],
        person=script.get("person", False),
    )
    playing = Player(begin(profile), library, phrasebook)
    playing.happens(Began())
    return playing


def play(playing: Player, turn: dict[str, Any], way: str) -> None:
    """The reader's side of one turn."""
    playing.library.fails |= turn.get("fails", {})
    playing.now += timedelta(minutes=turn.get("later", 0))
    if turn.get("silence"):
        playing.happens(Silence())
    elif turn.get("leaves"):
        playing.happens(Left())
    elif way == "keys":
        for key in turn["keys"].replace(" ", ""):
            playing.happens(Pressed(key))
    elif way == "braille" and "route" in turn:
        playing.happens(Routed(turn["route"]))
    elif way == "braille":
        language = playing.context.language
        playing.hears(back(translate(turn["says"], language).cells, language))
    else:
        playing.hears(turn["says"], turn.get("confidence"))

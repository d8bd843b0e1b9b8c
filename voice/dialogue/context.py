"""Everything a conversation remembers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from catalogue_client.values.accounts import Preferences, Reader
from catalogue_client.values.bibliographic import Query, Record
from catalogue_client.values.opening_hours import Hours, Place
from voice.dialogue.commands import CancelDelivery, CancelHold
from voice.dialogue.dialogue_state import DialogueState
from voice.dialogue.states import Start
from voice.values.expected_input import ExpectedInput
from voice.values.intents import Intent
from voice.values.lines import Line

LONGEST_TRAIL = 20
"""Places that `back` can return through."""
FULL_TIMES = 2
"""How often a question is heard in full before its short wording is enough."""


@dataclass(frozen=True, slots=True)
class LineCapabilities:
    """What the line that the reader came by can do, whatever kind it is."""

    channel: str
    """What it is called in counts; the dialogue decides nothing by it."""
    shared_device: bool = False
    """Others use it afterwards: nothing of a reader may stay on it, and no call is hung up."""
    patience: int | None = None
    """Silences in a row that end the conversation; None where there is no time limit."""
    reads_back_ticket: bool = False
    """The end of a ticket's number is said back, where only the reader hears it."""
    at_library: bool = False
    """A device of the library's own: what may only be read there is read on it."""
    follows_speech: bool = False
    """It is known which sentence is being heard."""
    by_fingers: bool = False
    """What is said is felt on a display and answered on its keys: sentences speak of those."""
    can_call_back: bool = False
    """A reader without a ticket can be called back on it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the reader's surroundings before a word is said."""

    line: LineCapabilities
    private: bool
    """Only the reader hears what is said: a handset or headphones."""
    now: datetime
    """With its offset; `step` keeps it up to date."""
    language: str = "kk"
    """Language of the greeting."""
    brief: bool = False
    """Short wordings unless the reader says otherwise."""
    place_id: str | None = None
    """The branch or station where the reader is."""
    staffed: tuple[Hours, ...] = ()
    """When librarians take calls; empty when it is not known."""
    places: tuple[Place, ...] = ()
    """The library's places, for their names in the reader's language."""
    windows: int = 2
    """Delivery windows that are said at a time."""


@dataclass(frozen=True, slots=True)
class Undo:
    """How what was just done is taken back, and until when."""

    command: CancelHold | CancelDelivery
    until: datetime
    titles: tuple[str, ...] = ()
    """The books it is about, for the read-back."""
    used_holds: tuple[str, ...] = ()
    """Titles of holds that a delivery used up and that are open again when it is taken back."""
    position: int = 0
    """Place in the queue that is lost when a hold is taken back; 0 when there is none."""

    @property
    def costs(self) -> bool:
        """Whether to take it back loses what cannot be had again."""
        return self.position > 0


@dataclass(frozen=True, slots=True)
class DialogueContext:
    """One conversation with one reader. A value: every step makes a new one."""

    profile: Profile
    language: str
    now: datetime
    state: DialogueState = field(default_factory=Start)
    trail: tuple[DialogueState, ...] = ()
    """Where `back` leads, the nearest last."""
    reader: Reader | None = None
    preferences: Preferences = field(default_factory=Preferences)
    """How this reader wants to be answered now."""
    asked_to_remember: bool = False
    """The reader has been asked whether the preferences may be kept."""
    recording: bool = False
    """The reader has agreed that this conversation is recorded, to better the recogniser."""
    spoke: bool = False
    """The language was chosen by the reader's own words."""
    said: tuple[Line, ...] = ()
    """The last answer, for repeating."""
    searched: Query | None = None
    basket: tuple[Record, ...] = ()
    """Books gathered for one delivery."""
    undo: Undo | None = None
    begun: DialogueState | None = None
    """A read-back or windows that something else came between; `back` leads there."""
    queued: tuple[Intent, ...] = ()
    """What was asked for in one sentence with what is being done: it follows when that has come to its end."""
    misses: int = 0
    """Utterances in a row that were not understood."""
    silences: int = 0
    """Silences in a row."""
    grace: int = 0
    """Silences that the reader has asked for."""
    faults: int = 0
    """How often Dauys itself has failed in this conversation."""
    renewed: frozenset[str] = frozenset()
    """Loans that were renewed in this conversation: another renewal is asked about by name."""
    heard: tuple[str, ...] = ()
    """Questions that were asked in full, once for each time up to FULL_TIMES."""
    declined: bool = False
    """The reader has just said no where nothing was offered: a second no is a goodbye."""
    last_intent: str = ""
    """For the librarian who takes over: its name, nothing personal."""

    @property
    def name(self) -> str:
        """The place of the dialogue, as JSON calls it."""
        return self.state.name

    @property
    def brief(self) -> bool:
        return self.profile.brief if self.preferences.brief is None else self.preferences.brief

    @property
    def ticket(self) -> str:
        """Of the reader; "" while nobody is known."""
        return self.reader.ticket if self.reader else ""

    @property
    def knows_question(self) -> bool:
        """Whether the reader has heard the question of this place often enough for its short wording, does not want
        full answers, and nothing has just gone amiss. A number to be keyed and a yes are always asked for in full."""
        asks = self.state.expects in (ExpectedInput.SPEECH, ExpectedInput.NUMBER)
        well = not self.misses and not self.silences
        return asks and well and self.preferences.brief is None and self.heard.count(self.state.question) >= FULL_TIMES

    def hears_question(self) -> DialogueContext:
        """The question of this place has been asked once more."""
        if self.heard.count(self.state.question) >= FULL_TIMES:
            return self
        return replace(self, heard=(*self.heard, self.state.question))

    def go(self, state: DialogueState) -> DialogueContext:
        """Move on to another place; `back` will return here."""
        kept = self.state.kept or (self.state.resumed and state.between)
        trail = (*self.trail, self.state)[-LONGEST_TRAIL:] if kept else self.trail
        begun = self.begun
        if self.state.request and self.state.request != state.request and not state.between:
            begun = self.state
        elif begun and begun.request == state.request:
            begun = None  # the same is asked again, with another place or time
        return replace(self, state=state, trail=trail, begun=begun)

    def stay(self, state: DialogueState) -> DialogueContext:
        """The same place with other content."""
        return replace(self, state=state)

    def leave(self) -> DialogueContext:
        """Return to the place before; Start when there is none."""
        if not self.trail:
            return replace(self, state=Start())
        return replace(self, state=self.trail[-1], trail=self.trail[:-1])

    def forget(self) -> DialogueContext:
        """Begin again with nothing remembered of the reader."""
        return DialogueContext(self.profile, self.profile.language, self.now)


def begin(profile: Profile) -> DialogueContext:
    """A conversation that has not begun: the event Began greets."""
    return DialogueContext(profile, profile.language, profile.now)


def is_open(moment: datetime, hours: tuple[Hours, ...]) -> bool:
    """Whether one of the spans holds at `moment`, local time."""
    minute = moment.hour * 60 + moment.minute
    return any(span.weekday == moment.weekday() and span.opens <= minute < span.closes for span in hours)

"""A conversation at a Braille desk: shown in cells, typed on Braille keys, with or without sound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from braille import Wrap
from devices import (
    Connected,
    CursorSet,
    Disconnected,
    DisplayCommand,
    DisplayEvent,
    DisplayRouting,
    DisplayRow,
    DisplaySession,
    Dots,
    Mode,
    Panned,
)
from languages.codes import LANGUAGES
from voice.assistant.braille_rendering import layout
from voice.assistant.desk.input_line import InputLine
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.typed_cells import NUMBERS, understood
from voice.dialogue.events import Began, HeardOut, Left, Said
from voice.dialogue.events import Pressed as Key
from voice.dialogue.events import Routed as Chosen
from voice.dialogue.phrasing import asks_yes_or_no, prompt
from voice.dialogue.turn import Control, ExpectedInput
from voice.values.intents import Intent, SlotValue
from voice.values.lines import Line

INTENTS = {
    "help": "help",
    "where": "where_am_i",
    "stop": "stop",
    "repeat": "repeat",
    "cancel": "back",
    "faster": "faster",
    "slower": "slower",
    "louder": "louder",
    "softer": "quieter",
}
"""What a key of the display means in the conversation; keys.toml binds keys to these names."""

SECRET = NUMBERS
"""Expected answers whose typed cells are shown as full cells: a display can be read by the neighbour."""
NO_SLOTS: Mapping[str, SlotValue] = {}


class VisitEnd(StrEnum):
    """Why a visit has ended."""

    GOODBYE = "goodbye"
    IDLE = "idle"
    AWAY = "the display was away"
    CHANGED = "another display"
    NEXT = "the next reader"


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """When a visit ends by itself, in seconds."""

    idle_s: float = 300.0
    """Without a key."""
    warning_s: float = 60.0
    """So long before that, the display says so."""
    away_s: float = 15.0
    """Without a display. BRLTTY looks for it every five seconds; a cable that slipped out is back by then."""


class BrailleSession:
    """One reader at one display. `heard` gets the lines of every reply, for a loudspeaker or headphones."""

    def __init__(
        self,
        display: DisplaySession,
        session: DialogueSession,
        *,
        heard: Callable[[tuple[Line, ...]], None] = lambda lines: None,
        observe: Callable[[Exchange], None] = lambda exchange: None,
        wrap: Wrap = Wrap.WORDS,
        marks: bool = True,
        limits: VisitLimits | None = None,
    ) -> None:
        self._wrap = wrap
        self._marks = marks
        self._limits = limits or VisitLimits()
        self._display = display
        self._session = session
        self._heard = heard
        self._observe = observe
        self._typed = InputLine()
        self._question: Callable[[int], list[DisplayRow]] = lambda width: []
        self._expects = ExpectedInput.SPEECH

    async def run(self, first: DisplayEvent | None = None) -> VisitEnd:
        """Hold the conversation until it ends; `first` is the key that began it. Nothing of it is kept afterwards."""
        size = self._size
        try:
            await self._answer(Understood(Began()))
            end = await self._take(first) if isinstance(first, Dots | DisplayCommand) else None
            while end is None:
                event = await self._next()
                if isinstance(event, Disconnected):
                    end = await self._back_again(size)
                elif isinstance(event, Connected) and size != (0, 0) and self._size != size:
                    end = VisitEnd.CHANGED
                else:
                    size = self._size
                    end = event if isinstance(event, VisitEnd) else await self._take(event)
            return end
        finally:
            try:
                await self._session.exchange(Understood(Left()))
            finally:
                await self._session.finish()  # whatever leaving meets, nothing of a reader stays open

    @property
    def _size(self) -> tuple[int, int]:
        return self._display.columns, self._display.lines

    async def _next(self) -> DisplayEvent | VisitEnd:
        """What the reader does next. A reader who does nothing is warned; any key is enough to stay."""
        limits = self._limits
        for wait_s, warn in ((limits.idle_s - limits.warning_s, True), (limits.warning_s, False)):
            try:
                event = await asyncio.wait_for(self._display.next_event(), max(wait_s, 0.0))
            except TimeoutError:
                if warn:
                    self._warn()
            else:
                if event == DisplayCommand("new_visit"):
                    return event  # the next reader's key: it must never keep the account of the one before open
                if not warn and isinstance(event, Panned | DisplayRouting | DisplayCommand):
                    self._after_warning()
                    return Panned()  # it answered the warning, and nothing else
                return event
        return VisitEnd.IDLE

    def _warn(self) -> None:
        """Say that the visit will end. The reader's own time for messages does not hold: she may be reading."""
        line = prompt(self._session.context, "desk.idle")
        rows = layout((line,), self._session.context.preferences, self._wrap)
        self._display.message(rows, seconds=self._limits.warning_s)

    def _after_warning(self) -> None:
        if self._typed.cells:
            self._type(self._typed)
        else:
            self._display.dismiss()

    async def _back_again(self, size: tuple[int, int]) -> VisitEnd | None:
        """Wait for the display: None when the same one is back in time, where all is as it was."""
        try:
            async with asyncio.timeout(self._limits.away_s):
                while not isinstance(await self._display.next_event(), Connected):
                    pass
        except TimeoutError:
            return VisitEnd.AWAY
        return None if self._size == size else VisitEnd.CHANGED

    async def _take(self, event: DisplayEvent) -> VisitEnd | None:
        """Answer what the reader did; return why the visit is over, None while it is not."""
        match event:
            case Dots(cell):
                self._type(self._typed.press(cell))
            case DisplayCommand("erase"):
                self._type(self._typed.erase())
            case CursorSet(place):
                self._type(self._typed.at(place))
            case DisplayCommand("enter") if self._typed.cells:
                typed = understood(self._session, self._typed.cells, self._expects)
                self._typed = InputLine()
                return await self._answer(typed)
            case DisplayCommand("enter") if self._session.context.state.reads_aloud:
                return await self._answer(Understood(HeardOut()))
            case DisplayCommand("enter") if self._session.context.state.may_be_empty:
                return await self._answer(Understood(Key("#")))
            case DisplayCommand("enter"):
                return await self._say("yes" if self._expects is ExpectedInput.CONFIRMATION else "repeat")
            case DisplayCommand("capitals"):
                self._session.prefer(lambda own: replace(own, capitals=not own.capitals))
                return await self._say("repeat")
            case DisplayCommand("language"):
                languages = (*LANGUAGES, LANGUAGES[0])
                following = languages[languages.index(self._session.context.language) + 1]
                return await self._say("language", {"language": following})
            case DisplayCommand(action) if action in INTENTS:
                return await self._say(INTENTS[action])
            case DisplayRouting(choice=answer) if answer:
                return await self._say(answer)
            case DisplayRouting(region=record):
                return await self._answer(Understood(Chosen(record)), in_passing=True)
            case DisplayCommand("new_visit"):
                return VisitEnd.NEXT
            case Panned() | Connected() | Disconnected():
                pass
        return None

    async def _say(self, intent: str, slots: Mapping[str, SlotValue] = NO_SLOTS) -> VisitEnd | None:
        return await self._answer(Understood(Said(Intent(intent, slots, self._session.context.language))))

    async def _answer(self, understood: Understood, *, in_passing: bool = False) -> VisitEnd | None:
        """Show what comes of it. `in_passing`: an answer that leads nowhere is a message, and what stood there is
        back after it: a key over nothing must not cost the list."""
        before = self._session.context.state
        self._display.set_mode(Mode.BUSY)
        exchange = await self._session.exchange(understood)
        self._display.set_mode(Mode.NONE)
        if self._expects in SECRET and exchange.expects not in SECRET:
            self._typed = InputLine()  # half a PIN, which the next cell would show in the clear
        self._expects = exchange.expects
        if in_passing and exchange.lines and exchange.context.state == before:
            self._display.message(layout(exchange.lines[:1], exchange.context.preferences, self._wrap))
        elif exchange.lines:
            self._present(exchange)
        self._observe(exchange)
        return VisitEnd.GOODBYE if Control.HANG_UP in exchange.controls else None

    def _present(self, exchange: Exchange) -> None:
        context = exchange.context
        answers = context.language if asks_yes_or_no(context) else None
        self._display.show(layout(exchange.lines, context.preferences, self._wrap, marks=self._marks, answers=answers))
        self._question = layout(exchange.lines[-1:], context.preferences, self._wrap)
        self._heard(exchange.lines)

    def _type(self, typed: InputLine) -> None:
        """Show the line below its question; erased to nothing, the answer is back."""
        self._typed = typed
        if not typed.cells:
            self._display.dismiss()
            return
        self._display.set_mode(Mode.TYPING)
        shown = typed.shown(hidden=self._expects in SECRET)
        self._display.message(shown.layout(self._question), seconds=TYPING_S)


TYPING_S = 3600.0
"""A line being typed stays: a Braille desk has no time limit but that of the visit."""

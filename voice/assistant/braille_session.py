"""A conversation at a Braille desk: shown in cells, typed on Braille keys, with or without sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from braille import Typed, Wrap
from devices import (
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
from voice.assistant.dialogue_session import DialogueSession, Exchange, Understood
from voice.assistant.typed_cells import NUMBERS, understood
from voice.dialogue.events import Began, HeardOut, Left, Said
from voice.dialogue.events import Pressed as Key
from voice.dialogue.events import Routed as Chosen
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
HIDDEN_CELL = 0b00111111
"""In the order in which the language key goes through them."""
NO_SLOTS: Mapping[str, SlotValue] = {}


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
    ) -> None:
        self._wrap = wrap
        self._display = display
        self._session = session
        self._heard = heard
        self._observe = observe
        self._typed = self._line()
        self._expects = ExpectedInput.SPEECH

    async def run(self) -> None:
        """Hold the conversation until Dauys ends it. A display that goes away comes back to the same place."""
        await self._answer(Understood(Began()))
        ended = False
        try:
            while not ended:
                ended = await self._take(await self._display.next_event())
        finally:
            await self._session.exchange(Understood(Left()))
            await self._session.finish()

    async def _take(self, event: DisplayEvent) -> bool:
        """Answer what the reader did; True when the conversation is over."""
        match event:
            case Dots(cell):
                self._type(self._typed.press(cell))
            case DisplayCommand("erase"):
                self._type(self._typed.erase())
            case DisplayCommand("enter") if self._typed.cells:
                typed = understood(self._session, self._typed.cells, self._expects)
                self._typed = self._line()
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
            case DisplayRouting(region=record):
                return await self._answer(Understood(Chosen(record)))
            case Panned() | Disconnected():
                pass
        return False

    async def _say(self, intent: str, slots: Mapping[str, SlotValue] = NO_SLOTS) -> bool:
        return await self._answer(Understood(Said(Intent(intent, slots, self._session.context.language))))

    async def _answer(self, understood: Understood) -> bool:
        self._display.set_mode(Mode.BUSY)
        exchange = await self._session.exchange(understood)
        self._display.set_mode(Mode.NONE)
        self._expects = exchange.expects
        self._typed = self._line(self._typed.cells)  # in the language and grade that hold from now on
        if exchange.lines:
            self._display.show(layout(exchange.lines, exchange.context.preferences, self._wrap))
            self._heard(exchange.lines)
        self._observe(exchange)
        return Control.HANG_UP in exchange.controls

    def _line(self, cells: bytes = b"") -> Typed:
        """A line being typed, in the reader's language and grade."""
        context = self._session.context
        return Typed(context.language, cells, context.preferences.grade or 1)

    def _type(self, typed: Typed) -> None:
        self._typed = typed
        cells = bytes([HIDDEN_CELL] * len(typed.cells)) if self._expects in SECRET else typed.cells
        self._display.message(lambda width: _tail(cells, width), seconds=TYPING_S)


TYPING_S = 3600.0
"""A line being typed stays: a Braille desk has no time limit."""


def _tail(cells: bytes, width: int) -> list[DisplayRow]:
    """The end of a line being typed, with the cursor behind it."""
    shown = cells[-(width - 1) :] if width > 1 else b""
    return [DisplayRow(shown, cursor=len(shown))]

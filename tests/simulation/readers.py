"""Readers as they are: they listen or break in, say and key what fits where they are, change their minds, cough, say
nothing, hang up in the middle."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from typing import Protocol

from tests.simulation.lines import SimEar, SimLine
from voice.assistant.dialogue_session import DialogueSession
from voice.dialogue.context import DialogueContext
from voice.dialogue.states import Confirm
from voice.dialogue.turn import ExpectedInput

TICKETS = {"100001": "2580", "100002": "1470", "100003": "3690"}
YES = {"да": "ru", "иә": "kk", "yes": "en"}
NO = {"нет": "ru", "жоқ": "kk", "no": "en"}
GET = ("закажи на дом", "забронируй", "забронируй первую", "забронируй", "первую")
ACCOUNT = ("мои книги", "мои брони", "мои доставки", "продли все книги", "менің кітаптарым", "забери книги из дома")
AFTER = ("отмени", "отмени последнее", "отмени бронь", "отмени доставку", "другой адрес", "другое время", "назад")
ODD = ("помощь", "повтори", "медленнее", "по-казахски", "орысша", "человек", "спасибо", "во сколько вы работаете")
NONSENSE = ("молоко убежало", "далада жаңбыр жауып тұр", "лампа")


class Heard(Protocol):
    """What a reader does on the line, as the invariants see it."""

    def acted(self, said: str, key: str, confidence: float) -> None:
        """Something was said or keyed."""


@dataclass
class SimReader:
    """One caller from her greeting to the end of the line."""

    line: SimLine
    ear: SimEar
    rng: random.Random
    titles: tuple[str, ...]
    session: DialogueSession
    heard: Heard
    acts: int
    ticket: str = ""
    digits: list[str] = field(default_factory=list)

    async def call(self) -> None:
        """Do `acts` things, then say goodbye, hang up or wait until Dauys does."""
        loop, rng = asyncio.get_running_loop(), self.rng
        await asyncio.sleep(rng.choice((0.3, 1.0, 3.0)))
        for _ in range(self.acts):
            if self.line.is_over:
                return
            await self._listen(loop)
            if self.line.is_over:
                return
            self._act(loop)
            if self.digits and rng.random() < 0.9:
                while self.digits and not self.line.is_over:
                    await asyncio.sleep(rng.choice((0.1, 0.3)))
                    self._press(self.digits.pop(0))
        await self._listen(loop)
        if rng.random() < 0.5:
            self._say("до свидания", 0.9, loop)
            await asyncio.sleep(rng.choice((1.0, 12.0)))
        self.line.end("the reader hung up")

    async def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """To the end, mostly; some break in, some are slow."""
        rng = self.rng
        if rng.random() < 0.25:
            await asyncio.sleep(rng.choice((0.4, 1.5)))
            return
        await asyncio.sleep(rng.choice((0.9, 1.3)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                await self.line.quiet.wait()
        if rng.random() < 0.04:
            await asyncio.sleep(rng.choice((9.0, 25.0, 70.0)))  # she has put the receiver down

    def _act(self, loop: asyncio.AbstractEventLoop) -> None:
        rng, context = self.rng, self.session.context
        if rng.random() < 0.05:
            self._say(rng.choice(NONSENSE), rng.choice((0.9, 0.3, 0.04)), loop)
            return
        if rng.random() < 0.04:
            self._say("", 0.0, loop)  # a cough
            return
        if isinstance(context.state, Confirm):
            self._confirm(loop)
        elif context.state.expects in (ExpectedInput.TICKET, ExpectedInput.PIN):
            self._identify(context)
        elif context.state.expects in (ExpectedInput.SLOT, ExpectedInput.NUMBER):
            self._press(rng.choice(("1", "1", "2")))
        elif context.state.expects is ExpectedInput.CONFIRMATION:
            self._confirm(loop)
        else:
            self._want(loop, context)

    def _confirm(self, loop: asyncio.AbstractEventLoop) -> None:
        rng = self.rng
        sure = rng.choice((0.95, 0.8, 0.6, 0.21, 0.19, 0.06, 0.03))
        if (chance := rng.random()) < 0.45:
            self._press("1")
        elif chance < 0.75:
            self._say(rng.choice(tuple(YES)), sure, loop)
        elif chance < 0.9:
            self._say(rng.choice(tuple(NO)), sure, loop)
        else:
            self._press("2")

    def _identify(self, context: DialogueContext) -> None:
        rng = self.rng
        if context.state.expects is ExpectedInput.TICKET or self.ticket not in TICKETS:
            self.ticket = rng.choice(tuple(TICKETS))
        number = self.ticket if context.state.expects is ExpectedInput.TICKET else TICKETS[self.ticket]
        if rng.random() < 0.05:
            number = number[::-1]
        self.digits = [*number, "#"]

    def _want(self, loop: asyncio.AbstractEventLoop, context: DialogueContext) -> None:
        rng = self.rng
        if context.name in ("results", "record") and rng.random() < 0.75:
            if rng.random() < 0.4:
                self._press(rng.choice(("1", "1", "6", "2")))
            else:
                self._say(rng.choice(GET), 0.9, loop)
        elif context.name == "booked" and rng.random() < 0.4:
            self._press("2")
        elif (chance := rng.random()) < 0.6:
            self._say(f"найди книгу {rng.choice(self.titles)}", 0.9, loop)
        elif chance < 0.78:
            self._say(rng.choice(ACCOUNT), 0.9, loop)
        elif chance < 0.9:
            self._say(rng.choice(AFTER), rng.choice((0.9, 0.45)), loop)
        elif chance < 0.97:
            self._say(rng.choice(ODD), 0.9, loop)
        else:
            self._press(rng.choice("0123456789*#"))

    def _press(self, digit: str) -> None:
        if not self.line.is_over:
            self.heard.acted("", digit, 1.0)
            self.line.press(digit)

    def _say(self, text: str, confidence: float, loop: asyncio.AbstractEventLoop) -> None:
        if not self.line.is_over:
            self.heard.acted(text, "", confidence)
            self.ear.tell(text, YES.get(text) or NO.get(text) or "ru", confidence, loop.time())
            self.line.frame()

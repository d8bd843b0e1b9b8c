"""The product under simulation: calls answered as a service answers them, and what staff do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from catalogue_client.embedded_library.opened_library import OpenedLibrary
from catalogue_client.errors import LibraryError, OutcomeUnknown, StorageError, Unavailable
from catalogue_client.store.schema import copies, holds, loans
from catalogue_client.values.accounts import Reader
from tests.simulation.faults import Faults
from tests.simulation.invariants import CallWatch, judged_change
from tests.simulation.lines import SimEar, SimLine, SimVoice
from tests.simulation.readers import TICKETS, SimReader
from voice.assistant.app import App
from voice.assistant.command_executor import CommandExecutor
from voice.assistant.dialogue_session import DialogueSession
from voice.assistant.spoken_session import SpokenExchange
from voice.configuration.settings import Settings
from voice.dialogue.commands import AnyCommand, ChangeCommand
from voice.dialogue.events import Answered, Event, Failed
from voice.dialogue.turn import Turn
from voice.nlu.deciding.decision import Decider
from voice.recognition.recognition_session import RecognitionSession
from voice.synthesis.speaker import Speaker

if TYPE_CHECKING:
    from tests.simulation.world import World

CALLERS = ("+77010000001", "+77010000002", "", "line-3")


class Service:
    """What `voice/server` does with a call, without its sockets."""

    def __init__(self, world: World, library: OpenedLibrary, faults: Faults) -> None:
        self._world, self._library, self._faults = world, library, faults
        staff = library.staff
        self._app = _SimApp(
            Settings(),
            world.home,
            world.clock,
            library,
            staff.deliveries,
            staff.usage,
            staff.demonstration,
            staff.answers,
            staff.places,
            staff.place_codes,
            staff.source_runs,
            world.phrasebook,
            Speaker(SimVoice(faults)),
            Path("/nowhere"),
            cast(Any, None),
            decider=Decider(world.phrasebook),
        )

    async def call(self, number: int) -> None:
        """One reader calls, is answered, and hangs up."""
        world = self._world
        rng = world.rng
        await asyncio.sleep(rng.uniform(0, 20) if number else 0.0)
        line = SimLine(f"call-{number}", rng.choice(CALLERS), self._faults, rng)
        watch = CallWatch(
            asyncio.get_running_loop().time, world.complain, lambda what: world.trace(f"{line.id}: {what}")
        )
        ear = SimEar(self._faults)
        held = _Held(world, self._library, line, ear, watch)
        self._app.held[line.id] = held
        answered = asyncio.ensure_future(self._app.answer(line, observe=held.observe))
        pulling = asyncio.ensure_future(line.pull())
        line.looked_at = watch.heard
        await asyncio.sleep(0)
        while held.session is None:
            await asyncio.sleep(0.01)
            if answered.done():
                break
        else:
            if rng.random() < 0.7:
                await self._known(held.session, rng.choice(tuple(TICKETS)))
            reader = SimReader(line, ear, rng, world.template.titles, held.session, watch, rng.choice((3, 6, 10)))
            await asyncio.wait([asyncio.ensure_future(reader.call()), answered], return_when=asyncio.FIRST_COMPLETED)
        line.end("the reader hung up")
        await asyncio.wait([answered, pulling], timeout=200)
        if not answered.done():
            world.complain("a call does not end with its line")
            answered.cancel()
        elif error := answered.exception():
            world.complain(f"a call broke off: {type(error).__name__}: {error}")

    async def _known(self, session: DialogueSession, ticket: str) -> None:
        """Begin in the middle of a call, where the reader has said who she is: that takes a dozen keys."""
        try:
            reader = await self._library.circulation.identify(ticket, TICKETS[ticket], "line")
        except LibraryError:
            return
        session.context = replace(session.context, reader=reader)


class _Held:
    """One call that is up."""

    def __init__(self, world: World, library: OpenedLibrary, line: SimLine, ear: SimEar, watch: CallWatch) -> None:
        self._world, self._library = world, library
        self.line, self.ear, self.watch = line, ear, watch
        self.session: DialogueSession | None = None

    def observe(self, spoken: SpokenExchange) -> None:
        """An exchange is over."""
        self._world.count("exchanges")
        context = spoken.exchange.context
        self._world.trace(f"{self.line.id} {type(spoken.exchange.understood.event).__name__} -> {context.name}")
        self.watch.answered()

    def instrument(self, session: DialogueSession) -> None:
        """Watch over what is done in this conversation."""
        self.session = session
        errands = session._errands
        do, handle = errands.do, session.handle

        async def watched(ask: AnyCommand) -> Answered | Failed:
            self._world.trace(f"{self.line.id} asks {type(ask).__name__}")
            if isinstance(ask, ChangeCommand):
                self.watch.change(ask)
            key = f"{errands._name}:{errands._count + 1}"
            outcome = await do(ask)
            self._judge(outcome, key)
            if isinstance(outcome, Answered) and isinstance(ask, ChangeCommand) and self._world.rng.random() < 0.3:
                await self._again(errands, ask, key, outcome.answer)
            return outcome

        async def handled(event: Event) -> AsyncIterator[Turn]:
            self.watch.event(session.context)
            async for turn in handle(event):
                self.watch.stands(turn.context.state)
                yield turn

        errands.do = watched  # type: ignore[method-assign]
        session.handle = handled  # type: ignore[method-assign]

    async def _again(self, errands: CommandExecutor, ask: ChangeCommand, key: str, first: object) -> None:
        """The request comes twice, as networks have it."""
        try:
            second = await errands._work(ask, key)
        except (Unavailable, StorageError, OutcomeUnknown):
            return
        except LibraryError as error:
            second = error
        if second != first and not isinstance(first, Reader):
            self._world.complain(f"{type(ask).__name__} twice under one key gave two answers")

    def _judge(self, outcome: Answered | Failed, key: str) -> None:
        world = self._world
        self._world.trace(f"{self.line.id} {type(outcome).__name__} {getattr(outcome, 'prompt', '')}")
        if not isinstance(outcome.command, ChangeCommand):
            return
        if isinstance(outcome, Answered):
            world.count("changes")
            world.ledger.note(outcome)
            for sentence in world.ledger.broken(world.checker):
                world.complain(sentence)
        encryption = self._library.staff.deliveries.books.encryption
        if wrong := judged_change(outcome, key, encryption, world.checker):
            world.complain(wrong)


class _SimApp(App):
    """An App whose ears are simulated. `held`: the calls that are up, by their ids."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self.held: dict[str, _Held] = {}
        self._next: _Held | None = None

    def new_session(self, kind: Any, *, call: Any = None, **more: Any) -> DialogueSession:
        session = super().new_session(kind, call=call, **more)
        self._next = self.held[call.id]
        self._next.instrument(session)
        return session

    async def new_ear(self, rate: int) -> RecognitionSession:
        assert self._next
        return cast(RecognitionSession, self._next.ear)


class Desk:
    """Staff: they lend what is ready, take back what is at readers', and move deliveries on."""

    def __init__(self, world: World, library: OpenedLibrary) -> None:
        self._world, self._library = world, library
        self._books = library.staff.deliveries.books

    async def work(self) -> None:
        """A while of a working day."""
        rng = self._world.rng
        for _ in range(rng.randrange(2, 8)):
            await asyncio.sleep(rng.uniform(1, 25))
            act = rng.choice((self._lend, self._take_back, self._take_back, self._advance, self._arrive))
            try:
                await act()
                self._world.count("staff acts")
            except LibraryError as error:
                self._world.trace(f"staff: {type(error).__name__}")

    async def _lend(self) -> None:
        async with self._books.database.writing() as connection:
            query = select(holds).where(holds.c.status == "ready", holds.c.copy_id.is_not(None)).order_by(holds.c.id)
            row = (await connection.execute(query)).first()
            if row is not None:
                await self._books.loans.lend(connection, row.ticket, row.record_id, row.copy_id)

    async def _take_back(self) -> None:
        async with self._books.database.writing() as connection:
            query = select(loans.c.id).where(loans.c.returned.is_(None)).order_by(loans.c.id)
            numbers = (await connection.scalars(query)).all()
            if numbers:
                number = numbers[self._world.rng.randrange(len(numbers))]
                await self._books.loans.take_back(connection, str(number), "chekhov")

    async def _arrive(self) -> None:
        async with self._books.database.reading() as connection:
            query = select(copies.c.id).where(copies.c.status == "transit").order_by(copies.c.id)
            copy_id = await connection.scalar(query)
        if copy_id is not None:
            await self._library.staff.holds.arrived(copy_id)

    async def _advance(self) -> None:
        desk = self._library.staff.deliveries.desk
        for job in (await desk.jobs())[:1]:
            await desk.advance(job.delivery.id, actor="aliya")
        if self._world.rng.random() < 0.2:
            self._world.jump += timedelta(hours=3)

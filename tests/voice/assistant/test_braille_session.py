"""The desk between display and conversation: lines that are typed, empty lines, keys over lines of nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from braille import translate
from devices import (
    Connected,
    Disconnected,
    DisplayCommand,
    DisplayEvent,
    DisplayRouting,
    DisplayRow,
    DisplaySession,
    Dots,
    Panned,
)
from tests.voice.assistant.test_typed_cells import at_desk
from voice.assistant.desk.braille_session import BrailleSession, VisitEnd, VisitLimits
from voice.assistant.desk.desk_visits import DeskVisits
from voice.assistant.dialogue_session import Exchange
from voice.dialogue import commands
from voice.dialogue.events import Said
from voice.nlu.phrasebook import Phrasebook
from voice.values.intents import Intent


class Gone(Exception):
    """The script is at its end."""


class ScriptedDisplay:
    """Gives the events of a script, then breaks off as a display does whose server dies, or hangs for ever."""

    def __init__(self, events: Iterable[DisplayEvent], *, hangs: bool = False) -> None:
        self._events = iter(events)
        self._hangs = hangs
        self.messages: list[Any] = []
        self.shown: list[DisplayRow] = []
        self.done: list[str] = []
        """Which of its other methods were called."""
        self.columns, self.lines = 40, 1

    async def next_event(self) -> DisplayEvent:
        for event in self._events:
            if isinstance(event, Connected):
                self.columns, self.lines = event.columns, event.lines
            return event
        if self._hangs:
            await asyncio.Event().wait()
        raise Gone

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: self.done.append(name)

    def show(self, rows: Callable[[int], Any]) -> None:
        self.shown = rows(40)
        assert self.shown

    def message(self, rows: Callable[[int], Any], seconds: float | None = None, **_: Any) -> None:
        self.messages.append(rows(40))


def typed(text: str, language: str, grade: int = 1) -> list[DisplayEvent]:
    cells = translate(text, language, grade=grade).cells
    return [*(Dots(cell) for cell in cells), DisplayCommand("enter")]


async def held(phrasebook: Phrasebook, language: str, events: list[DisplayEvent], grade: int = 1) -> list[Exchange]:
    """The answers, without the greeting."""
    exchanges: list[Exchange] = []
    display = ScriptedDisplay(events)
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, language, grade), observe=exchanges.append)
    with pytest.raises(Gone):
        await desk.run()
    return exchanges[1:]


async def test_the_first_line_after_a_change_of_language_is_read_in_the_new_one(phrasebook: Phrasebook) -> None:
    changed, loans = await held(phrasebook, "kk", [*typed("ағылшынша", "kk"), *typed("my books", "en")])
    assert changed.context.language == "en" and loans.context.name == "ticket"
    key, loans = await held(phrasebook, "ru", [DisplayCommand("language"), *typed("my books", "en")])
    assert key.context.language == "en" and loans.context.name == "ticket"


async def test_contracted_typing_is_read_at_a_grade_two_desk(phrasebook: Phrasebook) -> None:
    (found,) = await held(phrasebook, "en", typed("find the books about abai", "en", 2), grade=2)
    assert found.context.name == "results"


async def test_words_and_digits_where_a_number_is_asked(phrasebook: Phrasebook) -> None:
    events = [*typed("мои книги", "ru"), *typed("библиотекарь", "ru"), *typed("100001", "ru")]
    asked, person, pin = await held(phrasebook, "ru", events)
    assert asked.context.name == person.context.name == "ticket" and pin.context.name == "pin"
    assert isinstance(person.turns[0].command, commands.HandOver)


async def test_an_empty_line_is_the_hash_where_an_answer_may_be_left_out(phrasebook: Phrasebook) -> None:
    events = [*typed("тіркелу", "kk"), *typed("87010000000", "kk"), DisplayCommand("enter"), DisplayCommand("enter")]
    *_, name, pin, again = await held(phrasebook, "kk", events)
    assert (name.context.name, pin.context.name, again.context.name) == ("name", "new_pin", "new_pin")
    assert again.lines


async def test_a_routing_key_over_a_line_of_nothing_says_so(phrasebook: Phrasebook) -> None:
    events = [*typed("найди книги про абая", "ru"), DisplayRouting(None, 0, 3), DisplayRouting(1, 2, 3)]
    found, nothing, chosen = await held(phrasebook, "ru", events)
    assert nothing.context.state == found.context.state and nothing.lines[0].text == "В этой строке выбирать нечего."
    assert chosen.context.name == "record"


SHORT = VisitLimits(idle_s=0.02, warning_s=0.01, away_s=0.01)


async def visit(phrasebook: Phrasebook, *events: DisplayEvent) -> tuple[VisitEnd, ScriptedDisplay, BrailleSession]:
    display = ScriptedDisplay(events, hangs=True)
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru"), limits=SHORT)
    return await asyncio.wait_for(desk.run(), 60), display, desk


def rows_of(text: str, language: str = "ru") -> bytes:
    return translate(text, language).cells


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([], VisitEnd.IDLE),
        ([Panned()], VisitEnd.IDLE),
        ([DisplayCommand("new_visit")], VisitEnd.NEXT),
        ([Disconnected()], VisitEnd.AWAY),
        ([Disconnected(), Connected("Baum", 80, 1)], VisitEnd.CHANGED),
        ([Connected("Baum", 20, 1)], VisitEnd.CHANGED),
        ([Disconnected(), Connected("Baum", 40, 1), DisplayCommand("new_visit")], VisitEnd.NEXT),
    ],
)
async def test_a_visit_ends_and_its_account_is_closed(
    phrasebook: Phrasebook, events: list[DisplayEvent], end: VisitEnd
) -> None:
    known = [*typed("мои книги", "ru"), *typed("100001", "ru"), *typed("2580", "ru")]
    ended, display, desk = await visit(phrasebook, *known, *events)
    assert ended is end
    assert (desk._session.context.reader, desk._session.context.trail) == (None, ())
    warned = any(rows_of("Вы здесь?") in row.cells for message in display.messages for row in message)
    assert warned is (end is VisitEnd.IDLE)


async def test_the_next_reader_finds_an_empty_display_and_no_key_of_the_last(phrasebook: Phrasebook) -> None:
    display = ScriptedDisplay([*typed("мои книги", "ru"), DisplayCommand("new_visit")], hangs=True)
    exchanges: list[Exchange] = []

    def begin() -> BrailleSession:
        session = at_desk(phrasebook, "ru")
        return BrailleSession(cast(DisplaySession, display), session, observe=exchanges.append)

    visits = asyncio.create_task(DeskVisits(cast(DisplaySession, display), begin).run())
    while display.done.count("rest") < 2:
        await asyncio.sleep(0)
    visits.cancel()
    assert [exchange.context.name for exchange in exchanges] == ["start", "ticket"]  # the first letter was not lost
    assert display.done.count("forget") == 2
    assert translate("Дауыс.", "kk").cells in display.shown[0].cells


async def test_yes_and_no_stand_under_the_fingers(phrasebook: Phrasebook) -> None:
    display = ScriptedDisplay([*typed("найди книги про абая", "ru"), DisplayRouting(0, 2, 3)])
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru"))
    with pytest.raises(Gone):
        await desk.run()
    row = display.shown[-1]
    yes, no = row.choices
    assert (row.choice_at(yes.first), row.choice_at(yes.end), row.choice_at(no.end - 1)) == ("yes", "", "no")
    assert all(cell & 0b11000000 for cell in row.cells[yes.first : yes.end])
    (_, asked, answered) = await held(
        phrasebook,
        "ru",
        [*typed("найди книги про абая", "ru"), DisplayRouting(0, 2, 3), DisplayRouting(None, 9, 0, "yes")],
    )
    assert asked.context.name == "record" and answered.understood.event == Said(Intent("yes", {}, "ru"))
    assert not any("— 1" in line.text for line in asked.lines)


async def test_a_key_over_nothing_says_so_and_leaves_the_list(phrasebook: Phrasebook) -> None:
    display = ScriptedDisplay([*typed("найди книги про абая", "ru"), DisplayRouting(None, 0, 3)])
    with pytest.raises(Gone):
        await BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru")).run()
    assert rows_of("выбирать") in b"".join(row.cells for row in display.messages[-1])
    assert any(row.region == 0 for row in display.shown)


class WarnedDisplay(ScriptedDisplay):
    """Gives its last event only when the display has warned that the visit will end."""

    async def next_event(self) -> DisplayEvent:
        while not self.messages:
            await asyncio.sleep(0.001)
        return await super().next_event()


async def test_the_next_readers_key_closes_the_account_also_after_the_warning(phrasebook: Phrasebook) -> None:
    display = WarnedDisplay([DisplayCommand("new_visit")], hangs=True)
    limits = VisitLimits(idle_s=60.02, warning_s=60.0)
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru"), limits=limits)
    assert await asyncio.wait_for(desk.run(), 30) is VisitEnd.NEXT


async def test_half_a_pin_is_not_shown_where_no_pin_is_asked_any_more(phrasebook: Phrasebook) -> None:
    pin = typed("2580", "ru")[:-1]
    known = [*typed("мои книги", "ru"), *typed("100001", "ru")]
    letter = Dots(0b000001)
    display = ScriptedDisplay([*known, *pin, DisplayCommand("cancel"), DisplayCommand("cancel"), letter])
    desk = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru"))
    with pytest.raises(Gone):
        await desk.run()
    assert desk._session.context.name not in ("ticket", "pin")
    assert display.messages[-1][-1].cells == bytes([letter.cell])


async def test_a_visit_that_breaks_off_leaves_the_desk_to_the_next_reader(phrasebook: Phrasebook) -> None:
    display = ScriptedDisplay([DisplayCommand("home"), DisplayCommand("home")], hangs=True)
    begun: list[BrailleSession] = []

    def begin() -> BrailleSession:
        session = BrailleSession(cast(DisplaySession, display), at_desk(phrasebook, "ru"))
        if not begun:
            session._answer = failing  # type: ignore[method-assign]
        begun.append(session)
        return session

    async def failing(*_: object) -> None:
        raise RuntimeError("broken")

    visits = asyncio.create_task(DeskVisits(cast(DisplaySession, display), begin).run())
    while len(begun) < 2:
        await asyncio.sleep(0)
    forgotten = display.done.count("forget")
    visits.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await visits
    assert forgotten == 2, "wiped before the first reader, and before the second"
    assert display.done.count("forget") == 3, "and when the service ends"


async def test_an_account_is_closed_whatever_leaving_meets(phrasebook: Phrasebook) -> None:
    session = at_desk(phrasebook, "ru")
    finished: list[bool] = []

    async def failing(*_: object) -> None:
        raise RuntimeError("broken")

    async def finish() -> None:
        finished.append(True)

    session.exchange = failing  # type: ignore[method-assign,assignment]
    session.finish = finish  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        await BrailleSession(cast(DisplaySession, ScriptedDisplay([])), session).run()
    assert finished == [True]

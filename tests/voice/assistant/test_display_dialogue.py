"""Whole dialogues by a Braille display and its keys alone, without a sound: Perkins keys, routing keys, panning.

The display is an emulated Baum VarioConnect behind a real brltty; the library is the one that ships.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from braille import back, translate
from catalogue_client.store.purpose import Purpose
from devices import display_session
from devices.brltty import installed, started
from devices.emulated_baum import EmulatedBaum
from voice.assistant.app import App, open_app
from voice.assistant.braille_rendering import layout
from voice.assistant.desk.braille_session import BrailleSession
from voice.assistant.dialogue_session import Exchange
from voice.dialogue.turn import Control, ExpectedInput
from voice.values.audio import ChannelKind

pytestmark = [pytest.mark.real, pytest.mark.skipif(not installed(), reason="brltty is not installed")]

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=ZoneInfo("Asia/Almaty"))
ENTER = 0x80
FORWARD, DOWN, CANCEL = (5,), (6,), (1, 6)


class Reader:
    """Somebody at the display who reads with the fingers and types with the Perkins keys."""

    def __init__(self, baum: EmulatedBaum, language: str, replies: "asyncio.Queue[Exchange]") -> None:
        self.baum = baum
        self.language = language
        self._replies = replies

    async def reply(self) -> Exchange:
        """The next answer, once its first row stands on the display."""
        exchange = await asyncio.wait_for(self._replies.get(), 60)
        first = layout(exchange.lines, exchange.context.preferences, marks=True)(self.baum.cells)[0]
        await self.baum.until(lambda shown: shown.rstrip(b"\0") == first.cells, 30)
        return exchange

    async def types(self, text: str) -> Exchange:
        for cell in translate(text, self.language).cells:
            self.baum.type(cell)
        return await self.enters()

    async def enters(self) -> Exchange:
        self.baum.type(ENTER)
        return await self.reply()

    async def reads_on(self, keys: tuple[int, ...]) -> str:
        before = self.baum.shown
        self.baum.press(*keys)
        return back(await self.baum.until(lambda shown: shown != before), self.language)

    async def chooses(self, cell: int) -> Exchange:
        self.baum.route(cell)
        return await self.reply()


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(home=tmp_path, now=NOW, purpose=Purpose.DEMONSTRATION) as app:
        yield app


@asynccontextmanager
async def at_the_desk(app: App, cells: int, language: str) -> AsyncIterator[Reader]:
    with EmulatedBaum(cells) as baum:
        async with started("bm", baum.device) as brltty, display_session(brltty.address) as display:
            replies: asyncio.Queue[Exchange] = asyncio.Queue()
            session = app.new_session(ChannelKind.DESK, private=True, language=language)
            desk = asyncio.create_task(BrailleSession(display, session, observe=replies.put_nowait).run())
            reader = Reader(baum, language, replies)
            await reader.reply()
            yield reader
            desk.cancel()
            await asyncio.gather(desk, return_exceptions=True)


@pytest.mark.parametrize(
    ("cells", "language", "title", "search", "deliver", "first", "goodbye"),
    [
        (12, "kk", "Абай жолы", "Абай жолы кітабын тап", "үйге жеткіз", "бірінші", "сау болыңыз"),
        (40, "ru", "Абай жолы", "найди книгу Абай жолы", "доставь домой", "первое", "до свидания"),
        (80, "en", "Абай жолы", "find the book Abai Zholy", "bring it home", "the first", "goodbye"),
    ],
)
async def test_a_whole_visit(
    app: App, cells: int, language: str, title: str, search: str, deliver: str, first: str, goodbye: str
) -> None:
    async with at_the_desk(app, cells, language) as reader:
        found = await reader.types(search)
        assert title in [record.title for record in found.records]
        await reader.reads_on(DOWN)
        chosen = await reader.chooses(cells - 1)
        assert [record.title for record in chosen.records] == [title]
        assert (await reader.types(deliver)).expects is ExpectedInput.TICKET
        assert (await reader.types("100001")).expects is ExpectedInput.PIN
        assert (await reader.types("2580")).expects is ExpectedInput.SLOT
        asked = await reader.types(first)
        assert (asked.expects, asked.booking) == (ExpectedInput.CONFIRMATION, None)
        booked = (await reader.enters()).booking
        assert booked is not None and booked.kind == "delivery"
        assert [delivery.titles for delivery in await app.library.deliveries.deliveries("100001")] == [(title,)]
        assert Control.HANG_UP in (await reader.types(goodbye)).controls


async def test_what_is_typed_stands_on_the_display_and_a_pin_does_not(app: App) -> None:
    async with at_the_desk(app, 40, "kk") as reader:
        cells = translate("абай", "kk").cells
        for cell in cells:
            reader.baum.type(cell)
        await reader.baum.until(lambda shown: shown.startswith(cells))
        reader.baum.type(0x40)  # erases
        await reader.baum.until(lambda shown: shown.startswith(cells[:-1] + b"\xc0") or shown[:4] == cells[:-1] + b"\0")
        for _ in cells[1:]:
            reader.baum.type(0x40)
        await reader.types("менің кітаптарым")
        reader.baum.type(translate("1", "kk").cells[0])
        await reader.baum.until(lambda shown: shown[0] == 0x3F)


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [("ru", "найди книгу Война и мир", "Война и мир"), ("en", "find the book Treasure Island", "Treasure Island")],
)
async def test_readers_of_other_languages_find_their_books(app: App, language: str, text: str, title: str) -> None:
    async with at_the_desk(app, 40, language) as reader:
        found = await reader.types(text)
        assert title in [record.title for record in found.records]


async def test_help_is_a_key_away_and_so_is_the_way_back(app: App) -> None:
    async with at_the_desk(app, 40, "kk") as reader:
        reader.baum.press(1, 2, 5)
        assert (await reader.reply()).understood.event is not None
        assert await reader.reads_on(FORWARD)
        reader.baum.press(*CANCEL)
        assert (await reader.reply()).lines

"""A display session against a server of any size: messages, automatic scrolling, changes of the display."""

import asyncio
from collections.abc import Sequence

import pytest

from devices import (
    Connected,
    CursorSet,
    Disconnected,
    DisplayCommand,
    DisplayRouting,
    DisplayRow,
    DisplaySettings,
    Dots,
    Mode,
    Panned,
    brlapi_link,
    display_session,
)
from devices.brlapi_packets import PacketKind, packet
from devices.session import DisplaySession
from tests.rig.brlapi_server import FakeServer, fake_server

FWINLT, FWINRT, LNDN, FREEZE, CHRRT, HELP, BACK = (
    0x20000017, 0x20000018, 0x20000002, 0x20000020, 0x20000014, 0x20000031, 0x2000001E,
)  # fmt: skip
ROUTE = 0x20010000


def filled(width: int) -> Sequence[DisplayRow]:
    """Three lines; the first takes two rows."""
    return [DisplayRow(bytes([n]) * width, line, line) for n, line in ((1, 0), (2, 0), (3, 1), (4, 2))]


def note(width: int) -> Sequence[DisplayRow]:
    return [DisplayRow(b"\x09" * width), DisplayRow(b"\x0b" * width)]


async def shows(server: FakeServer, cell: int) -> None:
    await server.until(lambda: server.shown[-1:] == bytes([cell]))


async def event(display: DisplaySession) -> object:
    return await asyncio.wait_for(display.next_event(), 15)


async def test_two_rows_of_twenty_cells() -> None:
    async with fake_server(20, 2) as (server, address), display_session(address) as display:
        display.show(filled)
        assert await event(display) == Connected("Fake", 20, 2)
        await server.until(lambda: server.shown == b"\x01" * 20 + b"\x02" * 20)
        server.press(FWINRT)
        await server.until(lambda: server.shown == b"\x03" * 20 + b"\x04" * 20)
        assert await event(display) == Panned()
        server.press(ROUTE + 39)
        assert await event(display) == DisplayRouting(2, 2, 19)
        server.press(FWINRT)
        assert await event(display) == Panned("end")
        server.press(FWINLT)
        server.press(FWINLT)
        assert [await event(display), await event(display)] == [Panned(), Panned("start")]


async def test_keys_of_the_program_and_keys_that_nobody_knows() -> None:
    async with fake_server(40) as (server, address), display_session(address, keys={"BACK": "help"}) as display:
        await event(display)
        for code in (0x20FF0000, 0xDEADBEEF12345678, 0x20000002 | 0x1FF, 0x20220003, HELP, BACK):
            server.press(code)
        assert [await event(display) for _ in range(3)] == [Dots(3), DisplayCommand("help"), DisplayCommand("help")]


async def test_a_message_goes_by_itself_and_by_a_routing_key() -> None:
    settings = DisplaySettings(message_s=0.05)
    async with fake_server(40) as (server, address), display_session(address, settings=settings) as display:
        await event(display)
        display.show(filled)
        display.message(note)
        await shows(server, 9)
        await shows(server, 1)
        display.message(note, seconds=60)
        await shows(server, 9)
        server.press(FWINRT)
        await shows(server, 11)
        server.press(ROUTE)
        await shows(server, 1)
        server.press(ROUTE)
        assert [await event(display) for _ in range(3)] == [Panned(), Panned(), DisplayRouting(0, 0, 0)]


async def test_messages_may_be_off_or_stay() -> None:
    async with (
        fake_server(40) as (server, address),
        display_session(address, settings=DisplaySettings(message_s=0)) as display,
    ):
        await event(display)
        display.show(filled)
        display.message(note)
        assert display.shown() == b"\x01" * 40
        display.settings = DisplaySettings(message_s=None)
        display.message(note)
        await shows(server, 9)
        server.press(HELP)
        await shows(server, 1)


async def test_automatic_scrolling_goes_to_the_end_and_stops() -> None:
    settings = DisplaySettings(scroll_cells_per_s=80)
    async with fake_server(8) as (server, address), display_session(address, settings=settings) as display:
        await event(display)
        display.show(filled)
        await shows(server, 1)
        server.press(CHRRT)
        server.press(FREEZE)
        await shows(server, 4)
        assert display.settings.scroll_cells_per_s == 80
        server.press(FWINLT)
        await shows(server, 3)


async def test_a_key_stops_automatic_scrolling() -> None:
    settings = DisplaySettings(scroll_cells_per_s=80)
    async with fake_server(8) as (server, address), display_session(address, settings=settings) as display:
        await event(display)
        display.show(filled)
        server.press(FREEZE)
        await shows(server, 2)
        server.press(FREEZE)
        server.press(LNDN)
        await event(display)
        seen = server.shown
        await asyncio.sleep(0.3)
        assert server.shown == seen


async def test_status_cells_say_what_goes_on() -> None:
    settings = DisplaySettings(status_cells=4)
    async with fake_server(20) as (server, address), display_session(address, settings=settings) as display:
        await event(display)
        display.show(filled)
        display.set_mode(Mode.SPEAKING)
        await server.until(lambda: server.shown == bytes([Mode.SPEAKING, 0, 1, 0]) + b"\x01" * 16)
        server.press(ROUTE + 1)
        assert await event(display) == DisplayCommand("where")


async def test_another_display_gets_the_text_laid_out_anew_and_the_server_does_not_crash() -> None:
    async with fake_server(40) as (server, address), display_session(address) as display:
        display.show(filled)
        await event(display)
        server.press(LNDN)
        await event(display)
        await server.until(lambda: server.shown == b"\x03" * 40)
        server.resize(80, 1)
        assert await event(display) == Connected("Fake", 80, 1)
        await server.until(lambda: server.shown == b"\x03" * 80)
        server.resize(0, 0)
        assert await event(display) == Disconnected()
        display.show(note)
        server.resize(12, 2)
        assert await event(display) == Connected("Fake", 12, 2)
        await server.until(lambda: server.shown == b"\x09" * 12 + b"\x0b" * 12)
        assert not server.crashed


async def test_a_server_that_goes_is_found_again() -> None:
    async with fake_server(40) as (server, address), display_session(address) as display:
        display.show(filled)
        await event(display)
        await shows(server, 1)
        server.shown = b""
        server.hang_up()
        assert [await event(display), await event(display)] == [Disconnected(), Connected("Fake", 40, 1)]
        await shows(server, 1)


@pytest.mark.parametrize("size", [0, 2, 7])
async def test_a_malformed_packet_is_a_lost_server_that_is_found_again(size: int) -> None:
    async with fake_server(20) as (server, address), display_session(address) as display:
        display.show(filled)
        assert await event(display) == Connected("Fake", 20, 1)
        # The answer to the next question is cut off: as from a server of another make, or one that is dying.
        short = packet(PacketKind.PARAMETER_VALUE, bytes(size))
        server.answer = lambda kind, payload: short if kind == PacketKind.PARAMETER_REQUEST else None
        server.resize(20, 1)
        assert await event(display) == Disconnected()
        server.answer = lambda kind, payload: None
        assert await event(display) == Connected("Fake", 20, 1)
        await shows(server, 1)


async def test_a_display_whose_keys_break_something_is_taken_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fake_server(20) as (server, address), display_session(address) as display:
        display.show(filled)
        assert await event(display) == Connected("Fake", 20, 1)
        with monkeypatch.context() as broken:
            broken.setattr(brlapi_link, "decode", lambda code: 1 // 0)
            server.press(FWINRT)
            assert await event(display) == Disconnected()
        assert await event(display) == Connected("Fake", 20, 1)
        server.press(FWINRT)
        await shows(server, 2)


async def test_the_cursor_and_the_place_stay_when_wished() -> None:
    async with fake_server(40) as (server, address), display_session(address) as display:
        await event(display)
        display.show(filled)
        server.press(FWINRT)
        await shows(server, 2)
        display.show(lambda width: [DisplayRow(b"\x05"), DisplayRow(b"\x06\x07", cursor=2)], keep_place=True)
        await server.until(lambda: server.shown[:2] == b"\x06\x07" and server.cursor == 3)


async def test_a_session_without_any_display_waits_quietly() -> None:
    async with display_session("127.0.0.1:899") as display:
        display.show(filled)
        display.message(note)
        display.set_mode(Mode.BUSY)
        await asyncio.sleep(0.05)
        assert display.columns == 0
        assert display.shown() == b""


async def test_a_routing_key_in_a_line_being_typed_sets_its_cursor_and_another_size_lays_it_out_again() -> None:
    def line(width: int) -> Sequence[DisplayRow]:
        cells, cursors = b"\x05" * 50, {at: 50 - at for at in range(0, 50, width) if 50 - at < width}
        return [DisplayRow(cells[at : at + width], typed_from=at, cursor=cursors.get(at)) for at in range(0, 50, width)]

    async with fake_server(40) as (server, address), display_session(address) as display:
        await event(display)
        display.show(filled)
        display.message(line, seconds=60)
        await server.until(lambda: server.shown == b"\x05" * 10 + bytes(30) and server.cursor == 11)
        server.press(ROUTE + 3)
        assert await event(display) == CursorSet(43)
        server.resize(20, 1)
        assert await event(display) == Connected("Fake", 20, 1)
        await server.until(lambda: server.shown == b"\x05" * 10 + bytes(10) and server.cursor == 11)


async def test_each_result_on_many_rows_has_its_number() -> None:
    settings = DisplaySettings(status_cells=3)
    async with fake_server(20, 4) as (server, address), display_session(address, settings=settings) as display:
        await event(display)
        display.show(filled)  # results 1, its second row, 2 and 3
        await server.until(lambda: server.shown[3:4] == b"\x01")
        assert [server.shown[at : at + 3] for at in range(0, 80, 20)] == [
            b"\0\x01\0",
            bytes(3),
            b"\0\x03\0",
            b"\0\x09\0",
        ]

"""A real brltty with its Baum driver and key table, and an emulated VarioConnect on a pseudo-terminal."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from devices import (
    Connected,
    Disconnected,
    DisplayCommand,
    DisplayRouting,
    DisplayRow,
    DisplaySession,
    Dots,
    Panned,
    display_session,
)
from devices.brlapi import connect
from devices.brltty import free_number, installed, started
from devices.configuration import write_key_file
from devices.desk import desk
from devices.display_supervisor import open_desk
from devices.emulated_baum import ESC, EmulatedBaum
from devices.errors import BrlttyFailed, NotAuthorized
from voice.cli.desks import command

pytestmark = [pytest.mark.real, pytest.mark.skipif(not installed(), reason="brltty is not installed")]

LETTER_L = 0b111


def results(width: int) -> Sequence[DisplayRow]:
    """Two results: the first takes two rows."""
    return [
        DisplayRow(bytes([1, 2, ESC, 3] * width)[:width], 0, 0),
        DisplayRow(b"\x05", 0, 0),
        DisplayRow(b"\x07\x3f", 1, 1),
    ]


async def event(display: DisplaySession) -> object:
    return await asyncio.wait_for(display.next_event(), 30)


@asynccontextmanager
async def at_work(cells: int) -> AsyncIterator[tuple[EmulatedBaum, DisplaySession]]:
    with EmulatedBaum(cells) as baum:
        async with started("bm", baum.device) as brltty, display_session(brltty.address) as display:
            display.show(results)
            assert await event(display) == Connected("Baum", cells, 1)
            await baum.shows(display.shown())
            yield baum, display


@pytest.mark.parametrize("cells", [12, 20, 40, 80])
async def test_write_pan_route_and_type(cells: int) -> None:
    async with at_work(cells) as (baum, display):
        assert baum.shown == results(cells)[0].cells
        baum.press(5)  # forward
        assert await event(display) == Panned()
        await baum.shows(b"\x05")
        baum.press(6)  # line down
        assert await event(display) == Panned()
        await baum.shows(b"\x07\x3f")
        baum.press(5)
        assert await event(display) == Panned("end")
        baum.route(0)
        baum.route(cells - 1)
        assert [await event(display), await event(display)] == [
            DisplayRouting(1, 1, 0),
            DisplayRouting(1, 1, cells - 1),
        ]
        baum.press(2)  # back
        baum.press(4)  # line up
        assert [await event(display), await event(display)] == [Panned(), Panned()]
        await baum.shows(results(cells)[0].cells)
        for dots in (LETTER_L, 0b111111, 0, 0x40, 0x80):
            baum.type(dots)
        assert [await event(display) for _ in range(5)] == [
            Dots(LETTER_L), Dots(0b111111), Dots(0), DisplayCommand("erase"), DisplayCommand("enter"),
        ]  # fmt: skip
        baum.press(1, 6)
        baum.press(1, 2, 5)
        assert [await event(display), await event(display)] == [DisplayCommand("cancel"), DisplayCommand("help")]


async def test_unplugged_and_replaced_by_a_display_of_another_size() -> None:
    async with at_work(40) as (baum, display):
        baum.unplug()
        assert await event(display) == Disconnected()
        baum.plug_in(80)
        assert await event(display) == Connected("Baum", 80, 1)
        await baum.shows(results(80)[0].cells)
        baum.route(79)
        assert await event(display) == DisplayRouting(0, 0, 79)
        baum.unplug()
        assert await event(display) == Disconnected()
        baum.plug_in(20)
        assert await event(display) == Connected("Baum", 20, 1)
        await baum.shows(results(20)[0].cells)


async def test_a_killed_server_is_found_again_and_shows_the_same() -> None:
    with EmulatedBaum(40) as baum:
        number = free_number()
        async with display_session(f"127.0.0.1:{number}") as display:
            display.show(results)
            async with started("bm", baum.device, number=number) as brltty:
                assert await event(display) == Connected("Baum", 40, 1)
                brltty.kill()
                assert await event(display) == Disconnected()
            display.show(lambda width: [DisplayRow(b"\x11" * width)])
            async with started("bm", baum.device, number=number):
                assert await event(display) == Connected("Baum", 40, 1)
                await baum.shows(b"\x11" * 40)


async def test_a_key_file_keeps_others_out(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.key", tmp_path / "wrong.key"
    write_key_file(right)
    write_key_file(wrong)
    with EmulatedBaum(40) as baum:
        async with started("bm", baum.device, key_file=right) as brltty:
            with pytest.raises(NotAuthorized):
                async with connect(brltty.address, wrong):
                    pass
            async with display_session(brltty.address, key_file=right) as display:
                assert await event(display) == Connected("Baum", 40, 1)


async def test_a_screen_reader_shares_the_display_and_shows_again_when_the_reader_leaves() -> None:
    with EmulatedBaum(40) as baum:
        async with started("bm", baum.device) as brltty, connect(brltty.address) as screen_reader:
            while not await screen_reader.online():
                await asyncio.sleep(0.02)
            await screen_reader.enter_tty((1,))
            screen_reader.write(b"\x2a" * 40)
            await baum.shows(b"\x2a" * 40)
            async with display_session(brltty.address) as display:
                display.show(results)
                await baum.shows(results(40)[0].cells)
                screen_reader.write(b"\x2b" * 40)  # kept by the server, not shown
                baum.type(LETTER_L)
                assert [await event(display), await event(display)] == [Connected("Baum", 40, 1), Dots(LETTER_L)]
                assert baum.shown == results(40)[0].cells
            screen_reader.write(b"\x2c" * 40)
            await baum.shows(b"\x2c" * 40)


async def test_a_shared_display_is_taken_with_a_key_and_given_back(tmp_path: Path) -> None:
    """At rest the screen reader is shown and has all keys but one; during a visit it cannot push Dauys aside."""
    with EmulatedBaum(40) as baum:
        async with started("bm", baum.device) as brltty, connect(brltty.address) as screen_reader:
            while not await screen_reader.online():
                await asyncio.sleep(0.02)
            await screen_reader.enter_tty((1,))
            async with display_session(brltty.address, call_key="HELP") as display:
                display.rest()
                display.show(results)
                assert await event(display) == Connected("Baum", 40, 1)
                screen_reader.write(b"\x2a" * 40)
                await baum.shows(b"\x2a" * 40)
                baum.type(LETTER_L)
                assert await screen_reader.next_key() & 0xFF == LETTER_L
                baum.press(1, 2, 5)
                assert await event(display) == DisplayCommand("help")
                display.take()
                await baum.shows(results(40)[0].cells)
                await screen_reader.leave_tty()
                await screen_reader.enter_tty((1,))
                screen_reader.write(b"\x2b" * 40)
                baum.type(LETTER_L)
                assert await event(display) == Dots(LETTER_L)
                assert baum.shown == results(40)[0].cells
                display.rest()
                screen_reader.write(b"\x2c" * 40)
                await baum.shows(b"\x2c" * 40)


async def test_two_displays_at_once_do_not_meet() -> None:
    async with at_work(40) as (one, first), at_work(80) as (other, second):
        first.show(lambda width: [DisplayRow(b"\x01" * width)])
        second.show(lambda width: [DisplayRow(b"\x02" * width)])
        await one.shows(b"\x01" * 40)
        await other.shows(b"\x02" * 80)
        other.route(70)
        one.route(3)
        assert (await event(first), await event(second)) == (DisplayRouting(None, 0, 3), DisplayRouting(None, 0, 70))


async def test_a_desk_is_kept_at_work(tmp_path: Path) -> None:
    settings = desk({"port": "emulated:40", "name": "Test", "cells": 80, "status_cells": 2})
    async with open_desk(settings, tmp_path) as kept:
        assert kept.emulated is not None
        assert "No display answers" in kept.status().problem
        assert await event(kept.display) == Connected("Baum", 40, 1)
        assert kept.status().problem == "The display has 40 cells, the desk is set for 80."
        kept.show_test_line()
        pattern = bytes([1, 2, 4, 8, 16, 32, 64, 128, 255])
        await kept.emulated.until(lambda shown: shown[2:11] == pattern)
        identifying = asyncio.create_task(kept.identify())
        await kept.emulated.until(lambda shown: shown[2:] == b"\xff" * 38)
        await identifying
        await kept.emulated.until(lambda shown: shown[2:11] == pattern)
        kept.restart()
        assert [await event(kept.display), await event(kept.display)] == [Disconnected(), Connected("Baum", 40, 1)]
        assert kept.status().starts == 2


async def test_a_brltty_that_does_not_answer_says_its_last_words(tmp_path: Path) -> None:
    with EmulatedBaum(40) as baum, pytest.raises(BrlttyFailed, match="last words"):
        async with started("bm", baum.device, key_file=tmp_path / "missing.key", timeout=3):
            pass


async def test_the_command_tests_a_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path))
    runner = CliRunner()
    made = await asyncio.to_thread(runner.invoke, command, ["set", "abai-1", "port=emulated:20", "name=Абай"])
    assert made.exit_code == 0, made.output
    tested = await asyncio.to_thread(runner.invoke, command, ["test", "abai-1", "--seconds", "0.2"])
    assert (tested.exit_code, tested.output) == (0, "A display of 20 x 1 cells.\n")


OWNER = """
import asyncio
import sys
from devices.brltty import started

async def main():
    async with started("bm", "serial:/dev/null") as brltty:
        print(brltty.process.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def runs(number: int) -> bool:
    """The process is there and no zombie."""
    status = Path(f"/proc/{number}/status")
    return status.exists() and "zombie" not in status.read_text()


async def test_it_does_not_outlive_a_killed_owner() -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout
    number = int(await asyncio.wait_for(owner.stdout.readline(), 60))
    owner.kill()
    await owner.wait()
    async with asyncio.timeout(30):
        while runs(number):
            await asyncio.sleep(0.05)

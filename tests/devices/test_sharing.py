"""A display whose server others run: what keeps Dauys from it is said to staff, each cause in a sentence of its own."""

import asyncio
import struct
from pathlib import Path

import pytest

from devices.brlapi_packets import PacketKind, packet
from devices.desk import desk
from devices.display_supervisor import SupervisedDesk, open_desk
from devices.errors import DeskError
from tests.rig.brlapi_server import fake_server


async def problem(kept: SupervisedDesk, words: str) -> None:
    async with asyncio.timeout(30):
        while words not in kept.status().problem:
            await asyncio.sleep(0.01)


async def test_no_server_a_wrong_key_and_no_display_are_three_sentences(tmp_path: Path) -> None:
    right = tmp_path / "right.key"
    right.write_bytes(b"right\n")
    async with open_desk(desk({"server": "127.0.0.1:899"}), tmp_path) as kept:
        await problem(kept, "No Braille server answers at 127.0.0.1:899.")
    async with fake_server(40, key=b"right\n") as (_, address):
        wrong = {"server": address, "key_file": str(tmp_path / "missing.key")}
        async with open_desk(desk(wrong), tmp_path) as kept:
            await problem(kept, "missing.key cannot be read")
        async with open_desk(desk({"server": address, "key_file": str(right)}), tmp_path) as kept:
            async with asyncio.timeout(30):
                while not kept.display.there:
                    await asyncio.sleep(0.01)
            assert kept.status().problem == ""
    async with fake_server(0, 0) as (_, address), open_desk(desk({"server": address}), tmp_path) as kept:
        await problem(kept, "No display answers. Check that it is switched on")


def test_two_names_of_one_server_are_one_display() -> None:
    here = desk({"server": ":0"})
    for name in ("127.0.0.1:0", "localhost:0", "LOCALHOST:0", "[::1]:0", ":0"):
        assert desk({"server": name}).may_share_display_with(here), name
    assert not desk({"server": "[fe80::1]:0"}).may_share_display_with(here)
    assert not desk({"server": ":1"}).may_share_display_with(here)


def test_ports_and_keys_of_today() -> None:
    for port in ("hid:", "hid:serialNumber=12", "bluetooth:name=Brailliant-14"):
        assert desk({"port": port}).port == port
    for wrong in ({"port": "hid:x y"}, {"call_key": "NOKEY"}, {"key_file": "here"}, {"server": "10.0.0.5:4101"}):
        with pytest.raises(DeskError):
            desk(wrong)


async def test_a_display_that_another_program_has_is_said(tmp_path: Path) -> None:
    async with fake_server(40) as (server, address):
        refusal = packet(PacketKind.ERROR, struct.pack(">I", 3))
        server.answer = lambda kind, payload: refusal if kind == PacketKind.ENTER_TTY else None
        async with open_desk(desk({"server": address}), tmp_path) as kept:
            await problem(kept, "Another program has the display")

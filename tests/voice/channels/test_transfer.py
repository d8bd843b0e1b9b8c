"""Handing over to a person: attended and blind, when it works and in every way in which it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.rig.sip_phone import Phone, offer, telephone
from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.media import rtp
from voice.channels.media.g711 import LAWS, PCMA
from voice.channels.sip.listener import SipListener, listen
from voice.channels.sip.message import SipMessage, parameter
from voice.channels.sip.ring import PERIOD, SOUNDS, Ring

SIPFRAG = ("Event: refer", "Content-Type: message/sipfrag")


@pytest.fixture
async def phone(line: SipListener) -> AsyncIterator[Phone]:
    async with telephone(line.port) as phone:
        yield phone


@pytest.fixture
async def librarian(line: SipListener) -> AsyncIterator[Phone]:
    async with telephone(line.port) as phone:
        phone.call_id = ""
        yield phone


@pytest.fixture
async def blind(reader: Reader) -> AsyncIterator[Phone]:
    """A telephone at a line that calls nobody itself."""
    async with (
        listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=2, allow=LOOPBACK, attended=False) as line,
        telephone(line.port) as phone,
    ):
        yield phone


def hand_over(reader: Reader, librarian: Phone) -> asyncio.Task[bool]:
    return asyncio.create_task(reader.calls[0].hand_over(f"sip:librarian@127.0.0.1:{librarian.port}"))


async def answered(phone: Phone, librarian: Phone, reader: Reader) -> tuple[asyncio.Task[bool], SipMessage, SipMessage]:
    """The librarian has taken the call; gives the transfer, the INVITE that she got and the REFER that followed."""
    await phone.call()
    transfer = hand_over(reader, librarian)
    invite = await librarian.request("INVITE")
    librarian.reply(invite, "180 Ringing", tag="desk")
    librarian.reply(invite, "200 OK", body=offer(librarian.rtp_port), tag="desk")
    ack = await librarian.request("ACK")
    assert parameter(ack.header("to"), "tag") == "desk"
    return transfer, invite, await phone.request("REFER")


def bye_to(line: Phone, invite: SipMessage) -> bytes:
    """The librarian's side ends the call that `invite` began."""
    headers = (f"To: {invite.header('from')}", "From: <sip:librarian@127.0.0.1>;tag=desk")
    data = line.write("BYE").decode().split("\r\n")
    kept = [text for text in data if not text.startswith(("To:", "From:", "Call-ID:"))]
    return "\r\n".join([kept[0], *headers, f"Call-ID: {invite.header('call-id')}", *kept[1:]]).encode()


async def test_the_person_is_called_first_and_takes_the_readers_call_over(
    reader: Reader, phone: Phone, librarian: Phone, line: SipListener
) -> None:
    transfer, invite, refer = await answered(phone, librarian, reader)
    tags = f"to-tag%3Ddesk%3Bfrom-tag%3D{parameter(invite.header('from'), 'tag')}"
    replaces = f"{invite.header('call-id')}%3B{tags}"
    assert refer.header("refer-to") == f"<sip:librarian@127.0.0.1:{librarian.port}?Replaces={replaces}>"
    phone.reply(refer, "202 Accepted")
    await phone.ask("NOTIFY", 200, SIPFRAG, b"SIP/2.0 100 Trying")
    assert not transfer.done()
    phone.send(phone.write("NOTIFY", SIPFRAG, b"SIP/2.0 200 OK"))
    # The transferor ends both of its calls, and not before the NOTIFY is answered (RFC 5589, section 6.1).
    first, then = await phone.answer(), await phone.answer()
    assert (first.status, first.sequence[1], then.method) == (200, "NOTIFY", "BYE")
    assert await asyncio.wait_for(transfer, 2)
    librarian.send(bye_to(librarian, invite))
    await librarian.answer(200)
    await asyncio.wait_for(reader.done.wait(), 2)
    assert not line.calls


async def test_a_person_whose_exchange_does_not_let_go_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, phone: Phone, librarian: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.transfer.FAREWELL_S", 0.1)
    transfer, _, refer = await answered(phone, librarian, reader)
    phone.reply(refer, "202 Accepted")
    await phone.ask("NOTIFY", 200, SIPFRAG, b"SIP/2.0 200 OK")
    assert await asyncio.wait_for(transfer, 2)
    await librarian.request("BYE")
    await phone.request("BYE")


async def test_the_reader_hears_that_it_rings(reader: Reader, phone: Phone, librarian: Phone) -> None:
    await phone.call()
    transfer = hand_over(reader, librarian)
    invite = await librarian.request("INVITE")
    librarian.reply(invite, "180 Ringing", tag="desk")
    async with asyncio.timeout(5):
        while not loud(await phone.rtp.get()):
            pass
    librarian.reply(invite, "486 Busy Here", tag="desk")
    assert not await asyncio.wait_for(transfer, 2)
    async with asyncio.timeout(5):
        while loud(await phone.rtp.get()):
            pass


def loud(data: bytes) -> bool:
    packet = rtp.parse(data)
    return bool(np.abs(np.frombuffer(LAWS[PCMA].decode(packet.payload), "<i2").astype(int)).max() > 1000)


def test_a_telephone_rings_a_second_in_five() -> None:
    ring = Ring()
    sounds = [any(ring.next_frame()) for _ in range(2 * PERIOD)]
    assert sounds == ([True] * SOUNDS + [False] * (PERIOD - SOUNDS)) * 2


@pytest.mark.parametrize("status", ["486 Busy Here", "404 Not Found", "480 Temporarily Unavailable", "603 Decline"])
async def test_when_the_person_is_busy_the_reader_is_ours_still(
    reader: Reader, phone: Phone, librarian: Phone, line: SipListener, status: str
) -> None:
    await phone.call()
    for _ in range(2):  # she may be tried again
        transfer = hand_over(reader, librarian)
        librarian.reply(await librarian.request("INVITE"), status, tag="desk")
        await librarian.request("ACK")
        assert not await asyncio.wait_for(transfer, 2)
    assert line.calls and not reader.reason
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    await asyncio.wait_for(phone.rtp.get(), 2)


@pytest.mark.parametrize("too_late", [False, True])
async def test_a_person_who_does_not_answer_is_called_no_longer(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, phone: Phone, librarian: Phone, line: SipListener, too_late: bool
) -> None:
    monkeypatch.setattr("voice.channels.sip.transfer.RING_S", 0.3)
    await phone.call()
    transfer = hand_over(reader, librarian)
    invite = await librarian.request("INVITE")
    librarian.reply(invite, "180 Ringing", tag="desk")
    cancel = await librarian.request("CANCEL")
    assert (cancel.branch, cancel.header("cseq")) == (invite.branch, f"{invite.sequence[0]} CANCEL")
    assert not await asyncio.wait_for(transfer, 2)
    librarian.reply(cancel, "200 OK", tag="desk")
    if too_late:  # she took it in the same moment
        librarian.reply(invite, "200 OK", body=offer(librarian.rtp_port), tag="desk")
        await librarian.request("ACK")
        librarian.reply(await librarian.request("BYE"), "200 OK")
    else:
        librarian.reply(invite, "487 Request Terminated", tag="desk")
        await librarian.request("ACK")
    assert line.calls and not reader.reason


async def test_a_reader_who_hangs_up_meanwhile_leaves_nobody_ringing(
    reader: Reader, phone: Phone, librarian: Phone
) -> None:
    await phone.call()
    transfer = hand_over(reader, librarian)
    invite = await librarian.request("INVITE")
    librarian.reply(invite, "180 Ringing", tag="desk")
    await phone.ask("BYE", 200)
    await librarian.request("CANCEL")
    assert not await asyncio.wait_for(transfer, 2)


async def test_an_exchange_that_refuses_leaves_the_reader_with_us(
    reader: Reader, phone: Phone, librarian: Phone, line: SipListener
) -> None:
    transfer, _, refer = await answered(phone, librarian, reader)
    phone.reply(refer, "603 Decline")
    await librarian.request("BYE")
    assert not await asyncio.wait_for(transfer, 2)
    assert line.calls and not reader.reason


@pytest.mark.parametrize("target", ["sip:a b@exchange", "sip:librarian@exchange>;x", "sip:x\r\nVia: y"])
async def test_what_is_no_address_is_not_called(reader: Reader, phone: Phone, target: str) -> None:
    await phone.call()
    assert not await reader.calls[0].hand_over(target)


@pytest.mark.parametrize(("progress", "worked"), [("200 OK", True), ("486 Busy Here", False)])
async def test_blind_the_exchange_calls_the_person(reader: Reader, blind: Phone, progress: str, worked: bool) -> None:
    await blind.call()
    transfer = asyncio.create_task(reader.calls[0].hand_over("sip:librarian@exchange"))
    refer = await blind.request("REFER")
    assert refer.header("refer-to") == "<sip:librarian@exchange>"
    blind.reply(refer, "202 Accepted")
    await blind.ask("NOTIFY", 200, SIPFRAG, b"SIP/2.0 100 Trying")
    await blind.ask("NOTIFY", 200, SIPFRAG, f"SIP/2.0 {progress}".encode())
    assert await asyncio.wait_for(transfer, 2) is worked
    if worked:
        await blind.request("BYE")
    else:
        assert not reader.reason


async def test_an_exchange_that_never_says_how_it_went_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, blind: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.transfer.OUTCOME_S", 0.2)
    await blind.call()
    transfer = asyncio.create_task(reader.calls[0].hand_over("sip:librarian@exchange"))
    blind.reply(await blind.request("REFER"), "202 Accepted")
    await blind.ask("NOTIFY", 200, SIPFRAG, b"SIP/2.0 100 Trying")
    await blind.request("BYE")
    assert await asyncio.wait_for(transfer, 2)

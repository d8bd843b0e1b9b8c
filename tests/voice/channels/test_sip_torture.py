"""Hostile and broken messages: each is refused or dropped, and the line goes on answering."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.rig.sip_phone import offer, telephone
from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.capacity import Capacity
from voice.channels.errors import BadMessage
from voice.channels.media import rtp, sdp
from voice.channels.media.rtp_receiver import RtpReceiver
from voice.channels.sip.digest import authorization
from voice.channels.sip.listener import SipListener, listen
from voice.channels.sip.message import SipMessage, parse
from voice.channels.sip.transport import Peer

MESSAGES = tomllib.loads((Path(__file__).parent / "torture.toml").read_text())["message"]


@pytest.mark.parametrize("case", MESSAGES, ids=[case["name"] for case in MESSAGES])
async def test_torture(line: SipListener, case: dict[str, Any]) -> None:
    async with telephone(line.port) as phone:
        lines = phone.write("OPTIONS", ["Subject: torture"]).decode().split("\r\n")
        for beginning, replacement in case["edit"]:
            at = next(index for index, text in enumerate(lines) if text.startswith(beginning))
            lines[at] = replacement.replace("{port}", str(phone.port)).replace("{long}", "extremely" * 50)
        phone.send(("\r\n".join(lines) + case.get("body", "")).encode())
        if case["status"]:
            assert (await phone.answer()).status == case["status"]
            assert phone.got.empty()
        phone.call_id = "afterwards"
        await phone.ask("OPTIONS", 200)


def test_every_message_of_the_rfc_is_there() -> None:
    """RFC 4475: 13 sound messages, 19 broken ones, one of the transaction layer, 15 of applications, an old one."""
    sections = {case["name"].split()[0] for case in MESSAGES}
    counts = {"3.1.1": 13, "3.1.2": 19, "3.2": 1, "3.3": 15, "3.4": 1}
    assert sections >= {f"{part}.{number}" for part, count in counts.items() for number in range(1, count + 1)}


SOUND = (
    b"INVITE sip:library@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1;rport\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A sound message with parts cut out, doubled, or overwritten."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        data = (
            data[:start]
            + draw(st.one_of(st.just(b""), st.just(data[start:end] * 3), st.binary(max_size=20)))
            + data[end:]
        )
    return data


@given(st.one_of(st.binary(max_size=400), damaged(SOUND + offer(4000))))
@example(SOUND.replace(b"127.0.0.1:9", b"<" * 15_000))
@example(SOUND.replace(b"rport", b";" * 15_000))
def test_a_message_is_read_or_refused(data: bytes) -> None:
    try:
        message = parse(data)
    except BadMessage:
        return
    assert message.fault or message.sequence
    again = parse(message.encode())
    assert (again.start, again.body) == (message.start, message.body)


@given(st.one_of(st.binary(max_size=400), damaged(offer(4000))))
def test_a_session_description_is_read_or_refused(data: bytes) -> None:
    try:
        media = sdp.read(data)
    except BadMessage:
        return
    answer = sdp.answer(media, "127.0.0.1", 5000)
    if answer:
        assert sdp.read(sdp.write(answer, 1, 1)).laws == answer.laws


@given(st.lists(st.binary(max_size=2000), max_size=10))
def test_a_packet_is_read_or_refused(packets: list[bytes]) -> None:
    incoming = RtpReceiver()
    for data in packets:
        try:
            incoming.take(rtp.parse(data), 0.0)
        except BadMessage:
            continue
    incoming.overdue(1.0)


@given(st.lists(st.text(max_size=200), max_size=3))
def test_a_challenge_is_met_or_not(challenges: list[str]) -> None:
    answer = authorization(tuple(challenges), "REGISTER", "sip:x", "user", "password")
    assert answer == "" or answer.startswith("Digest username")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(damaged(SOUND + offer(4000)), min_size=1, max_size=4))
def test_the_line_survives_whatever_comes(hostile: list[bytes]) -> None:
    async def ring_and_shout() -> None:
        sent: list[SipMessage] = []

        async def nobody(call: object) -> None:
            raise AssertionError("hypothesis must not be answered before its messages are read")

        listener = SipListener(nobody, (30000, 30998), Capacity(0), (), 0.0, True)
        listener.transactions.send = lambda message, peer: sent.append(message)
        for data in hostile:
            try:
                message = parse(data)
            except BadMessage:
                continue
            listener.take(message, Peer("127.0.0.1", 9))
        await listener.close()
        assert all(400 <= message.status < 600 or message.status == 200 for message in sent)

    asyncio.run(ring_and_shout())


IN_A_CALL = ("INVITE", "UPDATE", "INFO", "NOTIFY", "ACK", "OPTIONS", "PRACK", "CANCEL")


@pytest.mark.real
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_call_survives_whatever_comes(data: st.DataObject) -> None:
    errors: list[object] = []

    async def shout_in_a_call() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: errors.append(context))
        reader = Reader()
        async with (
            listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK) as line,
            telephone(line.port) as phone,
        ):
            answer = await phone.call()
            speech = ("127.0.0.1", int(answer.body.partition(b"m=audio ")[2].split()[0]))
            assert phone.mouth
            for _ in range(5):
                body = data.draw(damaged(offer(phone.rtp_port) + b"Signal=5"))
                kind = data.draw(st.sampled_from(["application/sdp", "application/dtmf-relay", "message/sipfrag"]))
                whole = phone.write(data.draw(st.sampled_from(IN_A_CALL)), [f"Content-Type: {kind}"], body)
                phone.send(data.draw(st.one_of(st.just(whole), damaged(whole))))
                phone.mouth.sendto(data.draw(damaged(b"\x80\x08" + bytes(170))), speech)
                phone.mouth.sendto(data.draw(st.binary(max_size=60)), (speech[0], speech[1] + 1))
            phone.to_tag, phone.call_id = "", "afterwards"
            await phone.ask("OPTIONS", 200)

    asyncio.run(shout_in_a_call())
    assert not errors


async def test_a_giant_and_an_empty_packet_are_nothing(line: SipListener) -> None:
    async with telephone(line.port) as phone:
        for data in (b"", b"\r\n\r\n", b"\0" * 60_000, b"INVITE " * 8_000):
            phone.send(data)
        await phone.ask("OPTIONS", 200)

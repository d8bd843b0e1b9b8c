"""The rules of RFC 3261 and its extensions, one test each, against a telephone led by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.rig.sip_phone import Phone, offer, telephone
from tests.voice.channels.conftest import LOOPBACK, PORTS, Reader
from voice.channels.call import CallEvent, Frame, HangUp, Key
from voice.channels.call_ending import put_hang_up
from voice.channels.media import rtp
from voice.channels.sip.listener import SipListener, listen
from voice.channels.sip.message import parameter, parse


@pytest.fixture
async def phone(line: SipListener) -> AsyncIterator[Phone]:
    async with telephone(line.port) as phone:
        yield phone


async def test_a_trunk_that_asks_whether_we_are_there_is_answered(phone: Phone) -> None:
    answer = await phone.ask("OPTIONS", 200)
    assert "INVITE" in answer.header("allow")
    assert parameter(answer.header("via"), "received") == "127.0.0.1"
    assert parameter(answer.header("via"), "rport") == str(phone.port)


async def test_without_rport_the_answer_goes_where_via_says(line: SipListener, phone: Phone) -> None:
    async with telephone(line.port) as behind:
        behind.send(phone.write("OPTIONS").replace(b";rport", b""))
        assert (await phone.answer()).status == 200
        assert behind.got.empty()


async def test_an_invite_that_comes_twice_is_one_call(reader: Reader, phone: Phone) -> None:
    invite = phone.write("INVITE", body=offer(phone.rtp_port))
    phone.send(invite)
    phone.send(invite)
    first, second = await phone.answer(200), await phone.answer(200)
    assert first == second
    assert len(reader.calls) == 1


async def test_the_answer_comes_again_until_it_is_acknowledged(phone: Phone) -> None:
    first = await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
    assert await phone.answer(200) == first
    phone.to_tag = parameter(first.header("to"), "tag")
    phone.send(phone.write("ACK", number=1, branch="ack"))
    await asyncio.sleep(0.1)
    while not phone.got.empty():
        phone.got.get_nowait()
    await asyncio.sleep(1.2)
    assert phone.got.empty()


async def test_a_refusal_comes_again_until_it_is_acknowledged(phone: Phone) -> None:
    invite = phone.write("INVITE", ["Require: 100rel"], offer(phone.rtp_port))
    phone.send(invite)
    refusal = await phone.answer(420)
    assert refusal.header("unsupported") == "100rel"
    assert await phone.answer(420) == refusal


async def test_a_caller_may_give_up_while_it_rings(reader: Reader) -> None:
    async with (
        listen("127.0.0.1", 0, reader.hold, rtp_ports=PORTS, max_calls=1, allow=LOOPBACK, ringing_s=30) as line,
        telephone(line.port) as phone,
    ):
        ringing = await phone.ask("INVITE", 180, body=offer(phone.rtp_port))
        phone.send(phone.write("CANCEL", number=1, branch="INVITE1"))
        answers = [await phone.answer(), await phone.answer()]
        assert {answer.status for answer in answers} == {200, 487}
        # One tag in all answers (RFC 3261, sections 8.2.6.2 and 9.2).
        assert {parameter(answer.header("to"), "tag") for answer in (ringing, *answers)} == {
            parameter(ringing.header("to"), "tag")
        }
        assert not reader.calls


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("INVITE", [], offer(4000).replace(b"8 0 101", b"97 98"), 488),
        ("INVITE", [], offer(4000).replace(b"RTP/AVP", b"RTP/SAVP"), 488),
        ("INVITE", [], b"hello", 488),
        ("INVITE", ["Content-Type: text/plain"], b"hello", 415),
        ("INVITE", ["Session-Expires: 20", "Supported: timer"], offer(4000), 422),
        ("INVITE", ["Accept: text/plain"], offer(4000), 406),
        ("OPTIONS", ["Require: 100rel"], b"", 420),
        ("SUBSCRIBE", [], b"", 405),
        ("BYE", [], b"", 481),
        ("CANCEL", [], b"", 481),
    ],
)
async def test_what_cannot_be_is_refused(
    phone: Phone, line: SipListener, method: str, headers: list[str], body: bytes, status: int
) -> None:
    await phone.ask(method, status, headers, body)
    assert not line.calls


async def test_a_held_call_is_silent_and_goes_on(phone: Phone) -> None:
    await phone.call()
    await asyncio.wait_for(phone.rtp.get(), 2)
    held = await phone.ask("INVITE", 200, body=offer(phone.rtp_port, "sendonly"))
    assert b"a=recvonly" in held.body
    phone.send(phone.write("ACK", number=2, branch="ack2"))
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    await asyncio.sleep(0.2)
    assert phone.rtp.empty()
    await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
    phone.send(phone.write("ACK", number=3, branch="ack3"))
    await asyncio.wait_for(phone.rtp.get(), 2)


async def test_a_request_from_before_the_last_one_changes_nothing(phone: Phone) -> None:
    await phone.call()
    phone.send(phone.write("INVITE", body=offer(phone.rtp_port), number=7))
    await phone.answer(200)
    phone.send(phone.write("ACK", number=7, branch="ack7"))
    phone.send(phone.write("INVITE", body=offer(phone.rtp_port, "inactive"), number=6))
    assert (await phone.answer(500)).header("cseq") == "6 INVITE"
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    await asyncio.wait_for(phone.rtp.get(), 2)


async def test_to_cancel_a_change_that_is_made_already_changes_nothing(reader: Reader, phone: Phone) -> None:
    await phone.call()
    await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
    phone.send(phone.write("CANCEL", number=2, branch="INVITE2"))
    assert (await phone.answer(200)).header("cseq") == "2 CANCEL"
    assert not reader.reason


async def test_a_call_without_an_offer_gets_ours(reader: Reader, phone: Phone) -> None:
    answer = await phone.ask("INVITE", 200)
    assert b"m=audio" in answer.body
    phone.to_tag = parameter(answer.header("to"), "tag")
    phone.send(phone.write("ACK", number=1, branch="ack", body=offer(phone.rtp_port)))
    await asyncio.wait_for(phone.rtp.get(), 2)


async def test_a_call_whose_offer_is_never_answered_ends(phone: Phone) -> None:
    answer = await phone.ask("INVITE", 200)
    phone.to_tag = parameter(answer.header("to"), "tag")
    phone.send(phone.write("ACK", number=1, branch="ack"))
    assert (await phone.answer(0)).method == "BYE"


async def test_a_call_that_is_never_acknowledged_ends(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, phone: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.transaction.GIVE_UP", 1.0)
    await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
    async with asyncio.timeout(5):
        while (await phone.answer()).method != "BYE":
            pass
    await asyncio.wait_for(reader.done.wait(), 2)


async def test_video_is_refused_in_its_place(phone: Phone) -> None:
    video = b"m=video 4002 RTP/AVP 31\r\n"
    answer = await phone.ask("INVITE", 200, body=offer(phone.rtp_port).replace(b"m=audio", video + b"m=audio"))
    streams = [line for line in answer.body.split(b"\r\n") if line.startswith(b"m=")]
    assert streams[0] == b"m=video 0 RTP/AVP 31"
    assert streams[1].startswith(b"m=audio")


@pytest.mark.parametrize("agreed", [True, False])
async def test_keys_by_info_count_until_the_first_event_has_come(reader: Reader, phone: Phone, agreed: bool) -> None:
    sdp = offer(phone.rtp_port)
    if not agreed:
        sdp = sdp.replace(b" 101\r\na=rtpmap:101 telephone-event/8000", b"")
    answer = await phone.ask("INVITE", 200, body=sdp)
    phone.to_tag = parameter(answer.header("to"), "tag")
    phone.send(phone.write("ACK", number=1, branch="ack"))
    for body in (b"Signal=5\r\nDuration=160\r\n", b"Signal= 11\r\n", b"Signal=12\r\n", b"Signal=\r\n"):
        await phone.ask("INFO", 200, ["Content-Type: application/dtmf-relay"], body)
    await phone.ask("INFO", 200, ["Content-Type: application/dtmf"], b"7")
    await phone.ask("INFO", 415, ["Content-Type: text/plain"], b"7")
    if agreed:
        port = int(answer.body.partition(b"m=audio ")[2].split()[0])
        assert phone.mouth
        event = rtp.Packet(101, 1, 160, 7, rtp.key_payload("3", 160, end=True))
        phone.mouth.sendto(event.encode(), ("127.0.0.1", port))
        async with asyncio.timeout(5):
            while len(reader.keys) < 4:
                await asyncio.sleep(0.01)
        await phone.ask("INFO", 200, ["Content-Type: application/dtmf"], b"8")
    await phone.ask("BYE", 200)
    await asyncio.wait_for(reader.done.wait(), 2)
    assert reader.keys == ("5#73" if agreed else "5#7")


async def test_a_session_that_is_not_refreshed_ends(monkeypatch: pytest.MonkeyPatch, phone: Phone) -> None:
    monkeypatch.setattr("voice.channels.sip.sip_call.SHORTEST_S", 1)
    answer = await phone.call(["Session-Expires: 1", "Supported: timer"])
    assert answer.header("session-expires") == "1;refresher=uac"
    assert answer.header("require") == "timer"
    assert (await phone.answer(0)).method == "BYE"


async def test_we_refresh_a_session_when_the_other_side_wants_it(monkeypatch: pytest.MonkeyPatch, phone: Phone) -> None:
    monkeypatch.setattr("voice.channels.sip.sip_call.SHORTEST_S", 1)
    await phone.call(["Session-Expires: 1;refresher=uas", "Supported: timer"])
    update = await phone.answer(0)
    assert update.method == "UPDATE"
    assert update.header("session-expires") == "1;refresher=uac"


async def test_a_session_is_refreshed_by_invite_where_update_is_not_known(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, phone: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.sip_call.SHORTEST_S", 1)
    monkeypatch.setattr("voice.channels.sip.transaction.GIVE_UP", 1.0)
    await phone.call(["Session-Expires: 4;refresher=uas", "Supported: timer", "Allow: INVITE, ACK, BYE, CANCEL"])
    invite = await phone.answer(0)
    assert (invite.method, invite.header("session-expires")) == ("INVITE", "4;refresher=uac")
    assert b"a=sendrecv" in invite.body
    kept = "".join(f"{name}: {invite.header(name)}\r\n" for name in ("via", "from", "to", "call-id", "cseq"))
    sdp = offer(phone.rtp_port)
    accepted = f"SIP/2.0 200 OK\r\n{kept}Content-Length: {len(sdp)}\r\n\r\n".encode() + sdp
    for _ in range(2):  # the first ACK was lost
        phone.send(accepted)
        assert (await phone.answer(0)).header("cseq") == f"{invite.sequence[0]} ACK"
    while not phone.rtp.empty():
        phone.rtp.get_nowait()
    await asyncio.wait_for(phone.rtp.get(), 2)
    assert not reader.reason


async def test_a_caller_who_has_vanished_is_missed(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, phone: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.sip_call.INACTIVE_S", 0.3)
    await phone.call()
    assert (await phone.answer(0)).method == "BYE"
    await asyncio.wait_for(reader.done.wait(), 2)


async def test_another_call_cannot_end_this_one(line: SipListener, phone: Phone) -> None:
    await phone.call()
    async with telephone(line.port) as stranger:
        stranger.to_tag = "guessed"
        await stranger.ask("BYE", 481)
    assert line.calls


async def test_a_call_over_tcp(reader: Reader, line: SipListener, phone: Phone) -> None:
    stream, writer = await asyncio.open_connection("127.0.0.1", line.port)

    async def answer(status: int) -> str:
        async with asyncio.timeout(5):
            while True:
                head = await stream.readuntil(b"\r\n\r\n")
                message = parse(head.replace(b"Content-Length", b"X-Length"))
                await stream.readexactly(int(message.header("x-length")))
                if message.status == status:
                    return parameter(message.header("to"), "tag")

    writer.write(b"\r\n\r\n")  # a ping first
    assert await stream.readexactly(2) == b"\r\n"
    invite = phone.write("INVITE", body=offer(phone.rtp_port), protocol="TCP")
    writer.write(invite[:100])
    await writer.drain()
    writer.write(invite[100:])
    phone.to_tag = await answer(200)
    writer.write(phone.write("ACK", number=1, branch="ack", protocol="TCP"))
    await asyncio.wait_for(phone.rtp.get(), 2)
    writer.write(phone.write("BYE", protocol="TCP"))
    await answer(200)
    await asyncio.wait_for(reader.done.wait(), 2)
    writer.close()


async def test_a_call_whose_connection_broke_is_ended_by_another_one(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, line: SipListener, phone: Phone
) -> None:
    monkeypatch.setattr("voice.channels.sip.sip_call.INACTIVE_S", 0.5)
    got: asyncio.Queue[bytes] = asyncio.Queue()

    async def contact(stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.put_nowait(await stream.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(contact, "127.0.0.1", phone.port)
    stream, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(phone.write("INVITE", body=offer(phone.rtp_port), protocol="TCP"))
    head = b""
    while not head.startswith(b"SIP/2.0 200"):
        head = await asyncio.wait_for(stream.readuntil(b"\r\n\r\n"), 5)
    phone.to_tag = parameter(parse(head + bytes(9999)).header("to"), "tag")
    writer.write(phone.write("ACK", number=1, branch="ack", protocol="TCP"))
    await writer.drain()
    await asyncio.wait_for(phone.rtp.get(), 2)
    writer.close()
    # Nothing comes by RTP either: the call is over, and whoever listens at Contact is told.
    assert (await asyncio.wait_for(got.get(), 5)).startswith(b"BYE sip:reader@127.0.0.1")
    server.close()


async def test_a_call_that_ends_before_its_ack_is_not_answered_again(phone: Phone) -> None:
    answer = await phone.ask("INVITE", 200, body=offer(phone.rtp_port))
    phone.to_tag = parameter(answer.header("to"), "tag")
    await phone.ask("BYE", 200)
    await asyncio.sleep(1.2)
    assert phone.got.empty()


async def test_words_from_before_the_hang_up_are_not_acted_upon_and_keys_are() -> None:
    events: asyncio.Queue[CallEvent] = asyncio.Queue()
    for event in (Frame(b"1"), Key("1"), Frame(b"2"), Key("2")):
        events.put_nowait(event)
    put_hang_up(events, "the reader hung up")
    assert [events.get_nowait() for _ in range(3)] == [Key("1"), Key("2"), HangUp("the reader hung up")]
    assert events.empty()


async def test_a_stream_whose_next_message_cannot_be_found_is_cut(line: SipListener, phone: Phone) -> None:
    for length in (b"-1", b"many", b"999999"):
        stream, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(phone.write("OPTIONS", protocol="TCP").replace(b"Content-Length: 0", b"l:\t" + length))
        assert await asyncio.wait_for(stream.read(), 5) == b""
        writer.close()


async def test_a_stream_without_end_is_cut(line: SipListener) -> None:
    stream, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"INVITE sip:x SIP/2.0\r\n" + b"X: " + b"a" * 40_000)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(stream.readexactly(1), 5)
    writer.close()

"""Audio packets: order, loss, strangers, keys in all their forms."""

from __future__ import annotations

import asyncio
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rig.sip_phone import telephone
from tests.voice.channels.conftest import Reader
from voice.channels.call import Frame, Key
from voice.channels.media import rtcp, rtp
from voice.channels.media.g711 import LAWS, PCMA, PCMU, Coding
from voice.channels.media.inband_dtmf import COLUMNS, KEYS, ROWS, InbandDtmf
from voice.channels.media.jitter_buffer import JitterBuffer
from voice.channels.media.rtp_receiver import RtpReceiver
from voice.channels.media.rtp_sender import RtpSender
from voice.channels.sip.listener import SipListener


def packet(sequence: int, payload: bytes = b"\xd5" * 160, kind: int = PCMA, source: int = 7) -> rtp.Packet:
    return rtp.Packet(kind, sequence % 65536, sequence * 160 % 2**32, source, payload)


@pytest.mark.parametrize("law", [PCMA, PCMU])
def test_g711_keeps_speech(law: int) -> None:
    # ITU-T G.711: 13 and 14 bits of range, steps that grow with the signal: 38 dB between signal and noise.
    speech = (12_000 * np.sin(np.arange(8000) / 7)).astype("<i2")
    decoded = np.frombuffer(LAWS[law].decode(LAWS[law].encode(speech.tobytes())), "<i2")
    noise = decoded.astype(float) - speech
    assert 10 * np.log10(np.mean(speech.astype(float) ** 2) / np.mean(noise**2)) > 36


def test_g711_codes_of_the_standard() -> None:
    assert LAWS[PCMA].encode(struct.pack("<3h", 0, 32767, -32768)) == b"\xd5\xaa\x2a"
    assert LAWS[PCMU].encode(struct.pack("<3h", 0, 32767, -32768)) == b"\xff\x80\x00"


def test_sources_extension_and_padding_are_left_out() -> None:
    head = struct.pack(">BBHII", 0x80 | 0x20 | 0x10 | 2, PCMA, 1, 2, 3)
    sources, extension = b"s" * 8, struct.pack(">HH", 0xBEDE, 1) + b"exte"
    assert rtp.parse(head + sources + extension + b"audio" + b"\0\0\3").payload == b"audio"


@given(st.permutations(range(4)), st.integers(0, 65535))
def test_packets_out_of_order_come_out_in_order(order: list[int], first: int) -> None:
    buffer = JitterBuffer()
    buffer.put(packet(first), 0.0)
    out = [due for number in order for due in buffer.put(packet(first + 1 + number), 0.0)]
    out += buffer.overdue(1.0)
    assert [due and due.sequence for due in out] == [(first + 1 + number) % 65536 for number in range(4)]


def test_a_lost_packet_is_not_waited_for_longer_than_a_moment() -> None:
    buffer = JitterBuffer()
    buffer.put(packet(1), 0.0)
    assert buffer.put(packet(3), 0.0) == []
    assert buffer.overdue(0.02) == []
    assert [due and due.sequence for due in buffer.overdue(0.07)] == [None, 3]
    assert buffer.put(packet(2), 0.08) == []
    assert buffer.lost == 1


def test_packets_of_any_length_become_frames_of_20_ms() -> None:
    incoming = RtpReceiver()
    events = [event for number in range(4) for event in incoming.take(packet(number, b"\xd5" * 240), 0.0)]
    assert [len(event.pcm) for event in events if isinstance(event, Frame)] == [320] * 6


def test_a_key_is_told_once_with_its_first_packet() -> None:
    incoming, outgoing = RtpReceiver(), RtpSender()
    incoming.keys_type = 101
    outgoing.press("1#1")
    keys = []
    while outgoing.keys_left:
        if data := outgoing.next_packet(bytes(320), Coding(PCMA, PCMA), 101):
            keys += [event for event in incoming.take(rtp.parse(data), 0.0) if isinstance(event, Key)]
    assert "".join(key.digit for key in keys) == "1#1"


def tone(key: str, seconds: float, level: float = 4000) -> bytes:
    row = next(index for index, keys in enumerate(KEYS) if key in keys)
    time = np.arange(int(8000 * seconds)) / 8000
    low, high = ROWS[row], COLUMNS[KEYS[row].index(key)]
    return (level * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))).astype("<i2").tobytes()


@pytest.mark.parametrize("level", [400, 12_000])
def test_keys_in_the_audio_are_heard(level: float) -> None:
    noise = np.random.default_rng(3).normal(0, level / 40, 8000).astype("<i2").tobytes()
    ear = InbandDtmf()
    heard = "".join(ear.feed(tone(key, 0.08, level)) + ear.feed(noise[:1600]) for key in "1234567890*#")
    assert heard == "1234567890*#"


def test_noise_hums_and_vowels_are_no_keys() -> None:
    time = np.arange(80_000) / 8000
    hum = 8000 * np.sin(2 * np.pi * 697 * time)
    vowel = sum(3000 / n * np.sin(2 * np.pi * 140 * n * time) for n in range(1, 20))
    noise = np.random.default_rng(3).normal(0, 3000, len(time))
    for sound in (hum, vowel, noise, 0 * time):
        assert InbandDtmf().feed(sound.astype("<i2").tobytes()) == ""


@pytest.mark.parametrize("agreed", [None, 101])
async def test_keys_in_the_audio_count_until_the_first_event_has_come(agreed: int | None) -> None:
    incoming = RtpReceiver()
    incoming.keys_type = agreed
    audio = LAWS[PCMA].encode(tone("5", 0.1))
    events = [
        event
        for number in range(5)
        for event in incoming.take(packet(number, audio[160 * number : 160 * number + 160]), 0.0)
    ]
    assert [event for event in events if isinstance(event, Key)] == [Key("5")]


def test_reports_have_the_lengths_they_tell() -> None:
    incoming, outgoing = RtpReceiver(), RtpSender()
    incoming.take(packet(1), 0.0)
    data, kinds = rtcp.goodbye(outgoing, incoming), []
    while data:
        kinds.append(data[1])
        data = data[4 + 4 * struct.unpack_from(">H", data, 2)[0] :]
    assert kinds == [rtcp.SENDER_REPORT, rtcp.DESCRIPTION, rtcp.GOODBYE]


async def test_a_strangers_audio_is_never_heard(reader: Reader, line: SipListener) -> None:
    async with telephone(line.port) as phone, telephone(line.port) as stranger:
        answer = await phone.call()
        port = int(answer.body.partition(b"m=audio ")[2].split()[0])
        assert phone.mouth and stranger.mouth
        loud = LAWS[PCMA].encode(b"\x00\x40" * 160)
        for number in range(5):
            phone.mouth.sendto(packet(number).encode(), ("127.0.0.1", port))
            stranger.mouth.sendto(packet(900 + number, loud, source=8).encode(), ("127.0.0.1", port))
        await asyncio.sleep(0.2)
        await phone.ask("BYE", 200)
        await asyncio.wait_for(reader.done.wait(), 2)
    assert len(reader.pcm) == 5 * 320
    assert np.abs(np.frombuffer(bytes(reader.pcm), "<i2")).max() < 100


async def test_a_telephone_behind_a_router_is_heard_at_its_other_port(reader: Reader, line: SipListener) -> None:
    async with telephone(line.port) as phone, telephone(line.port) as router:
        answer = await phone.call()
        port = int(answer.body.partition(b"m=audio ")[2].split()[0])
        assert router.mouth
        router.mouth.sendto(packet(1).encode(), ("127.0.0.1", port))
        await asyncio.wait_for(router.rtp.get(), 2)
        await phone.ask("BYE", 200)
    await asyncio.wait_for(reader.done.wait(), 2)
    assert reader.reason == "the reader hung up"


def key(sequence: int, digit: str, source: int) -> bytes:
    event = rtp.key_payload(digit, 160, end=True)
    return rtp.Packet(101, sequence, sequence * 160, source, event).encode()


async def test_another_subscriber_of_the_same_exchange_never_takes_a_quiet_call_over(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, line: SipListener
) -> None:
    monkeypatch.setattr("voice.channels.media.media_session.QUIET_S", -1.0)  # however long nothing has come
    async with telephone(line.port) as phone, telephone(line.port) as router, telephone(line.port) as other:
        there = ("127.0.0.1", int((await phone.call()).body.partition(b"m=audio ")[2].split()[0]))
        assert router.mouth and other.mouth
        router.mouth.sendto(key(1, "1", source=7), there)
        await asyncio.wait_for(router.rtp.get(), 2)
        other.mouth.sendto(key(2, "2", source=8), there)
        other.mouth.sendto(key(1, "3", source=7), there)  # not even by what was heard before
        router.mouth.sendto(key(2, "4", source=7), there)
        async with asyncio.timeout(5):
            while "4" not in reader.keys:
                await asyncio.sleep(0.01)
        assert (reader.keys, other.rtp.empty()) == ("14", True)
        # The router gives the same stream another port.
        other.mouth.sendto(key(9, "5", source=7), there)
        await asyncio.wait_for(other.rtp.get(), 2)
        async with asyncio.timeout(5):
            while "5" not in reader.keys:
                await asyncio.sleep(0.01)
        await phone.ask("BYE", 200)
    assert reader.keys == "145"

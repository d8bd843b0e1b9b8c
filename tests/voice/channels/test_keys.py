"""One key is one key: however a telephone packs it, by whatever way it tells it, and by two ways at once."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voice.channels.call import Key
from voice.channels.media import rtp, sdp
from voice.channels.media.g711 import PCMA, PCMU, Coding
from voice.channels.media.rtp_receiver import RtpReceiver
from voice.channels.telephone_keys import KeyWays, Way, keys_in

EVENTS = 101


@dataclass(frozen=True)
class Sent:
    """One packet of a key: when it is sent, in ms, and what it says."""

    at: int
    key: str
    time: int
    duration: int
    end: bool = False


def heard(packets: list[Sent]) -> str:
    """The keys that come out."""
    incoming = RtpReceiver()
    incoming.keys_type = EVENTS
    keys = ""
    for number, sent in enumerate(packets):
        payload = rtp.key_payload(sent.key, min(sent.duration, 0xFFFF), end=sent.end)
        packet = rtp.Packet(EVENTS, (65_530 + number) % 65_536, sent.time % 2**32, 7, payload)
        keys += "".join(event.digit for event in incoming.take(packet, 100 + sent.at / 1000) if isinstance(event, Key))
    return keys


def press(at: int, key: str = "2", *, lasts: int = 100, every: int = 20, ends: int = 3, time: int = -1) -> list[Sent]:
    """A press by the rules: one time, a growing duration, its end three times."""
    time = 8 * at if time < 0 else time
    middle = [Sent(at + ms, key, time, 8 * (ms + every)) for ms in range(0, lasts, every)]
    last = middle[-1]
    return middle + [replace(last, at=last.at + every * (n + 1), end=True) for n in range(ends)]


def growing(packets: list[Sent]) -> list[Sent]:
    """The time grows with every packet."""
    return [replace(packet, time=8 * packet.at) for packet in packets]


def late_end(packets: list[Sent]) -> list[Sent]:
    """Only the end bears another time."""
    return [replace(packet, time=packet.time + 960) if packet.end else packet for packet in packets]


def segments(lasts: int) -> list[Sent]:
    """A key held so long that its duration does not fit (RFC 4733, section 2.5.1.3)."""
    packets = []
    for ms in range(0, lasts, 50):
        segment, duration = divmod(8 * (ms + 50), 65_535)
        packets.append(Sent(ms, "5", 800 + segment * 65_535, duration or 65_535))
    return packets + [replace(packets[-1], at=lasts + 20 * n, end=True) for n in range(3)]


@pytest.mark.parametrize(
    ("packets", "keys"),
    [
        pytest.param(press(0), "2", id="by the rules"),
        pytest.param(press(0) + press(240), "22", id="twice"),
        pytest.param(press(0, lasts=3000), "2", id="held for three seconds"),
        pytest.param(growing(press(0)), "2", id="time grows"),
        pytest.param(growing(press(0) + press(410)), "22", id="time grows, two presses"),
        pytest.param([replace(p, duration=160) for p in growing(press(0))], "2", id="time grows, duration does not"),
        pytest.param(growing(press(0, ends=0)), "2", id="time grows, no end"),
        pytest.param(growing(press(0, ends=0) + press(160, ends=0)), "22", id="time grows, no end, two presses"),
        pytest.param(late_end(press(0)), "2", id="the end has another time"),
        pytest.param(late_end(press(0) + press(240)), "22", id="the end has another time, two presses"),
        pytest.param(segments(9000), "5", id="segments of a long key"),
        pytest.param(press(0, "1", time=0) + press(200, "2", time=0), "12", id="two keys, one time"),
        pytest.param(press(0, "1", time=0, ends=0) + press(100, "2", time=0, ends=0), "12", id="two keys, no end"),
        pytest.param(press(0, time=0) + press(240, time=0), "22", id="one key twice, one time"),
        pytest.param(press(0, time=0, ends=0) + press(240, time=0, ends=0), "22", id="the same without an end"),
        pytest.param([p for p in press(0) + press(400) if p.end], "22", id="ends alone"),
        pytest.param(press(0, ends=0) + press(180, ends=0), "22", id="all ends lost"),
        pytest.param([p for p in press(0, lasts=600) if not 40 < p.at < 580], "2", id="most of a press lost"),
        pytest.param([p for pair in zip(press(0), press(0), strict=True) for p in pair], "2", id="doubled"),
        pytest.param(press(0, "A") + press(200, "7"), "7", id="a key that no reader has"),
        pytest.param(press(0, "1", lasts=40) + press(140, "1", lasts=40) + press(280, "0", lasts=40), "110", id="fast"),
        pytest.param([Sent(20 * n, "2", 0, 160 * n + 160) for n in range(3000)], "2", id="held for a minute"),
    ],
)
def test_a_press_is_a_key(packets: list[Sent], keys: str) -> None:
    assert heard(packets) == keys


@settings(deadline=None)
@given(
    pressed=st.lists(
        st.tuples(st.sampled_from("0123456789*#"), st.integers(40, 500), st.integers(80, 900)), min_size=1, max_size=8
    ),
    every=st.sampled_from([10, 20, 30, 50]),
    ends=st.integers(0, 3),
    times=st.sampled_from(["rules", "grow", "late end", "one"]),
    lost=st.sampled_from([0.0, 0.1, 0.5]),
    chance=st.randoms(use_true_random=False),
)
def test_any_packetisation_of_so_many_presses_is_so_many_keys(
    pressed: list[tuple[str, int, int]], every: int, ends: int, times: str, lost: float, chance: random.Random
) -> None:
    assume(ends or times != "one")  # one key twice, all its packets alike, is a packet sent twice
    packets: list[Sent] = []
    at = 0
    for key, lasts, pause in pressed:
        one = press(at, key, lasts=lasts, every=every, ends=ends)
        # Who gives every packet a time of its own cannot lose any: nothing else says that they are one press.
        kept = [packet for packet in one if chance.random() >= (lost if times == "rules" else 0)] or one[:1]
        packets += [replace(packet, at=packet.at + chance.randrange(8)) for packet in kept]
        at = one[-1].at + every + pause
    match times:
        case "grow":
            packets = growing(packets)
        case "late end":
            packets = late_end(packets)
        case "one":
            packets = [replace(packet, time=4711) for packet in packets]
    assert heard(packets) == "".join(key for key, _, _ in pressed)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        # (seconds, way, key) in the order in which they come.
        ([(0.0, Way.INFO, "5")], "5"),
        ([(0.0, Way.TONE, "5")], "5"),
        ([(0.0, Way.EVENT, "5"), (0.1, Way.INFO, "5")], "5"),
        ([(0.0, Way.INFO, "5"), (0.1, Way.EVENT, "5")], "5"),
        ([(0.0, Way.TONE, "5"), (0.2, Way.INFO, "5")], "5"),
        ([(0.0, Way.INFO, "1"), (0.1, Way.EVENT, "1"), (0.3, Way.INFO, "1"), (0.4, Way.EVENT, "1")], "11"),
        ([(0.0, Way.INFO, "1"), (0.2, Way.INFO, "1"), (0.3, Way.EVENT, "1"), (0.5, Way.EVENT, "1")], "11"),
        ([(0.0, Way.INFO, "1"), (0.3, Way.INFO, "1"), (0.6, Way.INFO, "1")], "111"),
        ([(0.0, Way.INFO, "1"), (0.1, Way.EVENT, "1"), (5.0, Way.INFO, "2"), (5.1, Way.EVENT, "2")], "12"),
        ([(0.0, Way.EVENT, "1"), (9.0, Way.TONE, "2"), (9.5, Way.INFO, "3")], "1"),
        ([(0.0, Way.INFO, "1"), (2.0, Way.EVENT, "1")], "11"),
        ([(0.0, Way.EVENT, "A"), (0.1, Way.INFO, "1")], ""),
    ],
)
def test_one_press_told_by_two_ways_counts_once(told: list[tuple[float, Way, str]], counted: str) -> None:
    ways = KeyWays()
    assert "".join(key for at, way, key in told if ways.counts(key, way, 100 + at)) == counted


@pytest.mark.parametrize(
    ("told", "keys"), [("5", "5"), ("12", "12"), ("", ""), ("1x2", "12"), ("A", ""), ("٣", ""), ("1" * 99, "1" * 32)]
)
def test_exactly_one_sign_is_a_key(told: str, keys: str) -> None:
    assert list(keys_in(told)) == list(keys)


OFFER = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP {types}\r\n{maps}"


@pytest.mark.parametrize(
    ("types", "maps", "laws", "keys"),
    [
        ("8 101", "a=rtpmap:101 telephone-event/8000", ((8, PCMA),), 101),
        ("8 101", "a=rtpmap:101 telephone-event/8000/1", ((8, PCMA),), 101),
        ("0 96", "a=rtpmap:96 Telephone-Event/8000/1 ", ((0, PCMU),), 96),
        ("8 101", "a=rtpmap:101 telephone-event/16000", ((8, PCMA),), None),
        ("97 101", "a=rtpmap:97 PCMA/8000\r\na=rtpmap:101 telephone-event/8000", ((97, PCMA),), 101),
        ("98 8", "a=rtpmap:98 pcmu/8000/1", ((98, PCMU), (8, PCMA)), None),
        ("97 0", "a=rtpmap:97 PCMA/16000", ((0, PCMU),), None),
        ("8 0", "a=rtpmap:8 G729/8000", ((0, PCMU),), None),
        ("97 0", "a=rtpmap:97 PCMA/8000/2", ((0, PCMU),), None),
    ],
)
def test_the_rtpmap_decides_what_a_number_means(
    types: str, maps: str, laws: tuple[tuple[int, int], ...], keys: int | None
) -> None:
    media = sdp.read(OFFER.format(types=types, maps=maps + "\r\n").encode())
    assert (media.laws, media.keys) == (laws, keys)
    answer = sdp.answer(media, "127.0.0.1", 5000)
    assert answer and answer.laws[0] == Coding(*laws[0])
    assert sdp.read(sdp.write(answer, 1, 1)).laws == answer.laws

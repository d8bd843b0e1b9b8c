"""RTCP (RFC 3550, section 6), as much as keeps trunks and measuring instruments content: reports and farewells."""

from __future__ import annotations

import struct
import time

from voice.channels.media.rtp_receiver import RtpReceiver
from voice.channels.media.rtp_sender import RtpSender

INTERVAL_S = 5.0
"""Seconds between two reports (section 6.2)."""
NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
SENDER_REPORT, DESCRIPTION, GOODBYE = 200, 202, 203


def report(outgoing: RtpSender, incoming: RtpReceiver) -> bytes:
    """A compound packet: sender report with a block on what came in, and the source's description (section 6.1)."""
    now = time.time() + NTP_EPOCH
    body = struct.pack(
        ">IIIIII",
        outgoing.source,
        int(now) % (1 << 32),
        int(now % 1 * (1 << 32)),
        outgoing.timestamp,
        outgoing.packets % (1 << 32),
        outgoing.octets % (1 << 32),
    )
    blocks = 1 if incoming.received else 0
    if blocks:
        lost = min(incoming.lost, (1 << 23) - 1)
        body += struct.pack(">IIIIII", incoming.source, lost, incoming.highest, int(incoming.jitter), 0, 0)
    return _packet(SENDER_REPORT, blocks, body) + _description(outgoing.source)


def goodbye(outgoing: RtpSender, incoming: RtpReceiver) -> bytes:
    """The last packet of a call (section 6.6)."""
    return report(outgoing, incoming) + _packet(GOODBYE, 1, struct.pack(">I", outgoing.source))


def _description(source: int) -> bytes:
    # A name by chance instead of user and host: it tells nothing (RFC 7022, section 4.2).
    name = f"{source:08x}".encode()
    item = struct.pack(">IBB", source, 1, len(name)) + name + b"\0"
    return _packet(DESCRIPTION, 1, item.ljust(-(-len(item) // 4) * 4, b"\0"))


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0x80 | count, kind, len(body) // 4) + body


def is_report(data: bytes) -> bool:
    """Something that looks like RTCP: a sign of life, and no more is taken from it."""
    return len(data) >= 8 and data[0] >> 6 == 2 and 200 <= data[1] <= 207

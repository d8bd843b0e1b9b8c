"""The audio of one call on the network: a packet out every 20 ms by our own clock, frames and keys in."""

from __future__ import annotations

import asyncio
import errno
import secrets
import time
from collections.abc import Callable, Iterable
from typing import cast

from voice.channels.call import Frame, FrameSource, Key
from voice.channels.errors import BadMessage, LineError, NoDescriptors
from voice.channels.frame_clock import FrameClock
from voice.channels.line_cleaning import LineCleaning
from voice.channels.media import rtp
from voice.channels.media.rtcp import INTERVAL_S, goodbye, is_report, report
from voice.channels.media.rtp_receiver import RATE, SILENCE, RtpReceiver
from voice.channels.media.rtp_sender import RtpSender
from voice.channels.media.sdp import STATIC, Media
from voice.channels.sip.ring import Ring
from voice.channels.telephone_keys import Way

QUIET_S = 2.0
"""Seconds by which a report counts less than a packet of speech as a sign of life."""

STATIC_LAWS = dict(STATIC)
"""Payload types that are known without being agreed (RFC 3551, table 4)."""

Address = tuple[str, int]
OnEvent = Callable[[Frame | Key], None]
MakeCleaning = Callable[[int, Callable[[bytes], None]], LineCleaning]
"""Rate in Hz and what takes each cleaned frame -> a cleaning for one line."""


class MediaSession(asyncio.DatagramProtocol):
    """One RTP stream each way. Made by `open_media`; `close` it at the end."""

    def __init__(self, on_event: OnEvent, clock: FrameClock, cleaning: MakeCleaning | None = None) -> None:
        """`cleaning` takes out of what comes in what was sent; without one it comes as it is."""
        self._on_event = on_event
        self._cleaning = cleaning(RATE, lambda pcm: on_event(Frame(pcm))) if cleaning else None
        self._clock = clock
        self._transport: asyncio.DatagramTransport | None = None
        self._reports: asyncio.DatagramTransport | None = None
        self._peer: Media | None = None
        self._hosts: frozenset[str] = frozenset()
        self._latched: Address | None = None
        self._source: FrameSource = lambda: SILENCE
        self._ring: Ring | None = None
        self._incoming = RtpReceiver()
        self._outgoing = RtpSender()
        self._started = False
        self._report_due = 0.0
        self.last_packet_at = time.monotonic()
        """Seconds of the monotonic clock at which the other side was last heard of."""

    @property
    def port(self) -> int:
        assert self._transport
        return int(self._transport.get_extra_info("sockname")[1])

    @property
    def peer(self) -> Media | None:
        """The other side, as agreed; None before."""
        return self._peer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def reports_on(self, transport: asyncio.DatagramTransport) -> None:
        """RTCP goes by this socket."""
        self._reports = transport

    def speak_from(self, source: FrameSource) -> None:
        """See `Call`."""
        self._source = source

    def ring(self, rings: bool) -> None:
        """Whether the other side hears that another telephone rings, wherever nothing is said."""
        if not rings:
            self._ring = None
        elif not self._ring:
            self._ring = Ring()

    def on_key(self, key: str) -> None:
        """A key has come by SIP INFO."""
        self._tell(self._incoming.key(key, Way.INFO, time.monotonic()))

    def press(self, keys: str) -> None:
        """Send keys as RFC 4733 events, one after the other, in place of audio."""
        self._outgoing.press(keys)

    @property
    def keys_left(self) -> int:
        """Packets of keys that have not left yet."""
        return self._outgoing.keys_left

    def start(self, peer: Media, hosts: Iterable[str] = ()) -> None:
        """Send to `peer` from now on, and listen to its host or `hosts` alone; again when the call is re-negotiated
        (RFC 3264, section 8)."""
        if self._peer is None or (peer.host, peer.port) != (self._peer.host, self._peer.port):
            self._latched = None
        self._peer, self._hosts = peer, frozenset({peer.host, *hosts})
        self._incoming.keys_type = peer.keys
        self._incoming.laws = {**STATIC_LAWS, **dict(peer.laws)}
        self.last_packet_at = time.monotonic()
        if not self._started:
            self._started = True
            self._clock.join(self._tick)

    def close(self) -> None:
        """Say farewell and send nothing more."""
        if self._started:
            self._clock.leave(self._tick)
            self._report(goodbye(self._outgoing, self._incoming))
        for transport in (self._transport, self._reports):
            if transport:
                transport.close()

    def _tick(self) -> None:
        """20 ms have passed."""
        now = time.monotonic()
        self._send()
        self._tell(self._incoming.overdue(now))
        if now >= self._report_due:
            self._report(report(self._outgoing, self._incoming))
            # Not all calls at once, and never in step with others (RFC 3550, section 6.3.1).
            self._report_due = now + INTERVAL_S * (0.5 + secrets.randbelow(1000) / 1000)

    def _tell(self, events: list[Frame | Key]) -> None:
        for event in events:
            if self._cleaning and isinstance(event, Frame):
                self._cleaning.came(event.pcm)
            else:
                self._on_event(event)

    def _send(self) -> None:
        assert self._peer and self._transport
        pcm = self._source()
        if self._ring and not any(pcm):
            pcm = self._ring.next_frame()
        if self._cleaning:
            self._cleaning.played(pcm if self._peer.receives else SILENCE)
        if not self._peer.receives:
            self._outgoing.skip()
            return
        packet = self._outgoing.next_packet(pcm, self._peer.laws[0], self._peer.keys)
        if packet and not self._transport.is_closing():
            self._transport.sendto(packet, self._latched or (self._peer.host, self._peer.port))

    def _report(self, data: bytes) -> None:
        if self._peer and self._peer.receives and self._reports and not self._reports.is_closing():
            host, port = self._latched or (self._peer.host, self._peer.port)
            if port < 65535:
                self._reports.sendto(data, (host, port + 1))

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if addr[0] not in self._hosts:
            return
        try:
            packet = rtp.parse(data)
        except BadMessage:
            return
        if not self._is_peer((addr[0], addr[1]), packet):
            return
        now = time.monotonic()
        self._latched, self.last_packet_at = (addr[0], addr[1]), now
        self._tell(self._incoming.take(packet, now))

    def _is_peer(self, sender: Address, packet: rtp.Packet) -> bool:
        """Only the signalled host is listened to, and of its ports one: behind a router it may be another than the
        signalled one (symmetric RTP, RFC 4961). It may change while the stream goes on, since routers change it, and
        else by signalling alone (RFC 7362): another port of the same exchange is another subscriber."""
        if self._peer is None:
            return False
        signalled = sender == (self._peer.host, self._peer.port)
        return signalled or self._latched in (None, sender) or self._incoming.goes_on(packet)

    def report_received(self, data: bytes, addr: Address) -> None:
        """Something came by the RTCP socket: the peer lives, also when it is mute or held."""
        if addr[0] in self._hosts and is_report(data):
            self.last_packet_at = max(self.last_packet_at, time.monotonic() - QUIET_S)

    def error_received(self, exc: Exception) -> None:
        """An ICMP error: the peer may be gone; the inactivity timeout decides."""


class _Reports(asyncio.DatagramProtocol):
    """The RTCP socket of a session."""

    def __init__(self, session: MediaSession) -> None:
        self._session = session

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._session.reports_on(cast(asyncio.DatagramTransport, transport))

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._session.report_received(data, addr)

    def error_received(self, exc: Exception) -> None:
        """Many peers have no RTCP."""


async def _bind(session: MediaSession, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: session, local_addr=(host, port))
    await loop.create_datagram_endpoint(lambda: _Reports(session), local_addr=(host, port + 1))


async def open_media(
    host: str, ports: tuple[int, int], on_event: OnEvent, clock: FrameClock, cleaning: MakeCleaning | None = None
) -> MediaSession:
    """Bind a free even port of the range for RTP and the next one for RTCP (RFC 3550, section 11). Raises LineError,
    NoDescriptors among them."""
    first, last = ports
    even = range(first + first % 2, last, 2)
    # By chance: packets of a call that has just ended must not meet the next one.
    start = secrets.randbelow(len(even)) if len(even) else 0
    for port in [*even[start:], *even[:start]]:
        session = MediaSession(on_event, clock, cleaning)
        try:
            await _bind(session, host, port)
        except OSError as error:
            session.close()
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise NoDescriptors from error
            if error.errno != errno.EADDRINUSE:  # no other port would help
                raise LineError(f"Speech cannot be received on {host}: {error.strerror or error}.") from error
            continue
        return session
    raise LineError(f"No free port for speech from {first} to {last} on {host}. Widen telephone.rtp_ports.")

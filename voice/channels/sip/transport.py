"""SIP messages on the network: UDP and TCP on one port (RFC 3261, section 18)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import NamedTuple, cast

from voice.channels.errors import BadMessage, LineError
from voice.channels.sip.message import LARGEST, SipMessage, address, parse

MOST_STREAMS = 200
"""TCP connections at once; a trunk needs one."""
STREAM_IDLE_S = 900.0
"""Seconds after which a TCP connection on which nothing comes is closed."""
MOST_UNSENT = 65_536
"""Bytes that a peer may leave unread before its connection is closed."""
CONNECT_S = 5.0
"""Seconds in which a connection of ours has to stand."""
FIND_S = 2.0
"""Seconds in which a name has to be found."""
TRIES = 20
"""Free ports that are tried until one is free for UDP and TCP."""

log = logging.getLogger(__name__)


class Peer(NamedTuple):
    """The other end of the wire."""

    host: str
    port: int
    protocol: str = "UDP"
    """UDP or TCP."""


class SipTransport(asyncio.DatagramProtocol):
    """Made by `open_wire`."""

    def __init__(self, on_message: Callable[[SipMessage, Peer], None], allowed: Callable[[str], bool]) -> None:
        self._on_message = on_message
        self._allowed = allowed
        self._transport: asyncio.DatagramTransport | None = None
        self._streams: dict[Peer, asyncio.StreamWriter] = {}
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        assert self._transport
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._take(data, Peer(addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """An ICMP error: a peer has gone; its calls end by their own timers."""

    def _take(self, data: bytes, peer: Peer) -> None:
        # Scanners get no answer at all, not even a refusal. White space keeps a way open (RFC 5626, section 3.5.1).
        if not self._allowed(peer.host) or not data.strip():
            return
        try:
            message = parse(data)
        except BadMessage as error:
            log.debug("something that is no SIP message: %s", error)
            return
        self._on_message(message, peer)

    def send(self, message: SipMessage, peer: Peer) -> None:
        """Send a message. What cannot be sent is lost, like a datagram."""
        if peer.protocol == "UDP":
            if self._transport and not self._transport.is_closing():
                self._transport.sendto(message.encode(), (peer.host, peer.port))
        elif stream := self._streams.get(peer):
            _write(stream, message)
        elif message.method:
            self._start(self._send_by_another_stream(message))

    async def _send_by_another_stream(self, message: SipMessage) -> None:
        """The connection has gone, or there never was one: a request opens one to where it is to go (section 18.1.1).
        An answer goes back by the way of its request or not at all."""
        uri = address(message.header("route").split(",")[0]) or message.start.split(" ")[1]
        peer = await peer_of(uri)
        if peer is None or not self._allowed(peer.host):
            return
        peer = Peer(peer.host, peer.port, "TCP")
        if peer not in self._streams:
            try:
                async with asyncio.timeout(CONNECT_S):
                    reader, writer = await asyncio.open_connection(peer.host, peer.port, limit=LARGEST)
            except (OSError, TimeoutError) as error:
                log.info("a peer cannot be reached by TCP any more: %s", error or "no answer")
                return
            self._start(self._serve(reader, writer, peer))
            _write(writer, message)
        else:
            _write(self._streams[peer], message)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One TCP connection."""
        host, port = writer.get_extra_info("peername")[:2]
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        try:
            await self._serve(reader, writer, Peer(host, port, "TCP"))
        finally:
            self._serving.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: Peer) -> None:
        if not self._allowed(peer.host) or len(self._streams) >= MOST_STREAMS:
            writer.close()
            return
        self._streams[peer] = writer
        try:
            while True:
                async with asyncio.timeout(STREAM_IDLE_S):
                    data = await _next_message(reader)
                if data:
                    self._take(data, peer)
                else:
                    writer.write(b"\r\n")  # a ping is answered (RFC 5626, section 3.5.1)
        except (OSError, TimeoutError, BadMessage, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the peer has gone, or what it sends has no end
        finally:
            if self._streams.get(peer) is writer:
                del self._streams[peer]
            writer.close()

    async def close(self) -> None:
        """Close every connection and the port."""
        streams = list(self._streams.values())
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        for stream in streams:
            with contextlib.suppress(OSError):
                await stream.wait_closed()
        if self._transport:
            self._transport.close()
        await asyncio.sleep(0)  # a transport closes in the next round of the loop


def _write(stream: asyncio.StreamWriter, message: SipMessage) -> None:
    stream.write(message.encode())
    if stream.transport.get_write_buffer_size() > MOST_UNSENT:
        stream.transport.abort()


def address_towards(host: str, port: int) -> str:
    """Our own address on the way to a peer: what a socket on 0.0.0.0 cannot tell. Sends nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        trial.connect((host, port))
        return str(trial.getsockname()[0])


def shown(host: str) -> str:
    """A host as it stands in addresses."""
    return f"[{host}]" if ":" in host else host


async def peer_of(uri: str) -> Peer | None:
    """Where a SIP address is; None when it names no host that is known."""
    found = re.match(r"sip:(?:[^@]*@)?(\[[^\]]+\]|[^:;?\s]+)(?::(\d{1,5}))?(?=[;?]|$)", uri)
    if not found or int(found[2] or 5060) > 65535:
        return None
    try:
        async with asyncio.timeout(FIND_S):
            infos = await asyncio.get_running_loop().getaddrinfo(
                found[1].strip("[]"), int(found[2] or 5060), type=socket.SOCK_DGRAM
            )
    except (OSError, TimeoutError, UnicodeError):
        return None
    host, port = infos[0][4][:2]
    return Peer(str(host), int(port), "TCP" if re.search(r";transport=tcp\b", uri, re.IGNORECASE) else "UDP")


async def _next_message(reader: asyncio.StreamReader) -> bytes:
    """The next message of a stream, by its Content-Length (section 18.3); nothing for a ping."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.strip():
        return b""
    length = re.search(rb"(?im)^(?:content-length|l)[ \t]*:\s*(\S*)", head)
    if length and not re.fullmatch(rb"\d{1,5}", length[1]):
        raise BadMessage("a length that is none: where the next message begins cannot be known")
    size = int(length[1]) if length else 0
    if len(head) + size > LARGEST:
        raise BadMessage("a message too large")
    return head + await reader.readexactly(size)


async def _bind(wire: SipTransport, address: str, port: int, tcp: bool) -> asyncio.Server | None:
    """Bind the wire to UDP; returns the server for TCP on the same port, if one is wanted."""
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: wire, local_addr=(address, port))
    return await asyncio.start_server(wire.serve, address, wire.port, limit=LARGEST) if tcp else None


@asynccontextmanager
async def open_transport(
    address: str,
    port: int,
    on_message: Callable[[SipMessage, Peer], None],
    allowed: Callable[[str], bool] = lambda host: True,
    *,
    tcp: bool = True,
) -> AsyncIterator[SipTransport]:
    """Listen on UDP and, with `tcp`, on TCP too; port 0 takes one that is free for both.

    Raises LineError when the port is in use or the address is not of this machine.
    """
    for attempt in range(TRIES):
        wire = SipTransport(on_message, allowed)
        try:
            server = await _bind(wire, address, port, tcp)
            break
        except OSError as error:
            await wire.close()
            if port == 0 and attempt < TRIES - 1:
                continue
            raise LineError(
                f"No calls can be answered on {address} port {port}: {error.strerror or error}. "
                "Is Dauys or another telephone program running? Else change telephone.port in the settings."
            ) from error
    try:
        yield wire
    finally:
        if server:
            server.close()
        await wire.close()

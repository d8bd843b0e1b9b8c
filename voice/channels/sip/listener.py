"""Answers SIP calls over UDP: requests in, calls out to the assistant."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, cast

from voice.channels.call import Call
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.errors import BadMessage, LineError
from voice.channels.sip.media import open_media
from voice.channels.sip.message import Message, parameter, parse, respond, with_received
from voice.channels.sip.sdp import read
from voice.channels.sip.sip_call import ALLOW, SipCall

log = logging.getLogger(__name__)

REMEMBERED = 1000
"""Final answers kept, so that a request that comes again gets the same one (RFC 3261, section 17.2)."""

Network = IPv4Network | IPv6Network


class SipListener(asyncio.DatagramProtocol):
    """Made by `listen`. Calls that are up are in `calls`, by Call-ID."""

    def __init__(
        self,
        rtp_ports: tuple[int, int],
        on_call: Callable[[Call], Awaitable[None]],
        max_calls: int,
        allow: Sequence[Network],
    ) -> None:
        self._rtp_ports = rtp_ports
        self._on_call = on_call
        self._max_calls = max_calls
        self._allow = allow
        self._transport: asyncio.DatagramTransport | None = None
        self._answers: OrderedDict[tuple[str, str], Message | None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._dialogs: dict[str, Dialog] = {}
        self.calls: dict[str, SipCall] = {}

    @property
    def port(self) -> int:
        assert self._transport
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        # Scanners get no answer at all, not even a refusal.
        if not any(ip_address(addr[0].partition("%")[0]) in network for network in self._allow):
            return
        if not data.strip():
            return  # a keep-alive (RFC 5626, section 3.5.1)
        try:
            message = parse(data)
        except BadMessage as error:
            log.debug("a datagram that is no SIP: %s", error)
            return
        if message.status:
            if dialog := self._dialogs.get(message.header("call-id")):
                dialog.answered(message)
        else:
            self._request(with_received(message, *addr[:2]), (addr[0], addr[1]))

    def _request(self, request: Message, peer: tuple[str, int]) -> None:
        transaction = (request.branch, request.method)
        if request.method != "ACK" and transaction in self._answers:
            self._again(request, transaction, peer)
            return
        call = self.calls.get(request.header("call-id"))
        if call and call.dialog.holds(request):
            self._answer(transaction, call.take(request), peer)
        elif request.method == "CANCEL":
            # Our final answer to the INVITE has left already: CANCEL changes nothing (section 9.2).
            self._answer(transaction, respond(request, 200 if call else 481), peer)
        elif request.method == "OPTIONS":
            self._answer(transaction, respond(request, 200, _tag(), (("allow", ALLOW),)), peer)
        elif request.method == "ACK":
            pass
        elif parameter(request.header("to"), "tag") or request.method == "BYE":
            self._answer(transaction, respond(request, 481), peer)
        elif request.method == "INVITE":
            self._invited(request, transaction, peer)
        else:
            self._answer(transaction, respond(request, 405, _tag(), (("allow", ALLOW),)), peer)

    def _again(self, request: Message, transaction: tuple[str, str], peer: tuple[str, int]) -> None:
        if answer := self._answers[transaction]:
            self.send(answer, peer)
        elif call := self.calls.get(request.header("call-id")):
            call.repeat()

    def _answer(self, transaction: tuple[str, str], answer: Message | None, peer: tuple[str, int]) -> None:
        if answer is None:
            return
        self._remember(transaction, answer)
        self.send(answer, peer)

    def _remember(self, transaction: tuple[str, str], answer: Message | None) -> None:
        self._answers[transaction] = answer
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def _invited(self, invite: Message, transaction: tuple[str, str], peer: tuple[str, int]) -> None:
        if invite.header("require"):
            headers = (("unsupported", invite.header("require")),)
            self._answer(transaction, respond(invite, 420, _tag(), headers), peer)
        elif len(self.calls) >= self._max_calls:
            self._answer(transaction, respond(invite, 486, _tag()), peer)
        else:
            self._remember(transaction, None)
            self.send(respond(invite, 100), peer)
            self._start(self._accept(invite, transaction, peer))

    async def _accept(self, invite: Message, transaction: tuple[str, str], peer: tuple[str, int]) -> None:
        try:
            offer = read(invite.body)
        except BadMessage:
            self._answer(transaction, respond(invite, 488, _tag()), peer)
            return
        host = _address_towards(peer)
        call_id = invite.header("call-id")
        try:
            media = await open_media(host, self._rtp_ports, lambda event: call.take_event(event))
        except LineError as error:
            log.error("%s", error)
            self._answer(transaction, respond(invite, 486, _tag()), peer)
            return
        shown = f"[{host}]" if ":" in host else host
        here = f"{shown}:{self.port}"
        dialog = Dialog.of_call(invite, _tag(), f"<sip:dauys@{here}>", peer, here)
        call = SipCall(
            invite,
            dialog,
            media,
            self.send,
            ended=lambda: self._forget(self.calls, call_id),
            closed=lambda: self._forget(self._dialogs, call_id),
        )
        if not call.accept(offer):
            media.close()
            self._answer(transaction, respond(invite, 488, _tag()), peer)
            return
        self.calls[call_id], self._dialogs[call_id] = call, dialog
        try:
            await self._on_call(call)
        except Exception:
            log.exception("a call broke off")
        finally:
            await call.hang_up()

    @staticmethod
    def _forget(known: dict[str, Any], call_id: str) -> None:
        known.pop(call_id, None)

    def send(self, message: Message, peer: tuple[str, int]) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(message.encode(), peer)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End every call and stop listening."""
        for call in list(self.calls.values()):
            await call.hang_up()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._transport:
            self._transport.close()
        await asyncio.sleep(0)  # a transport closes in the next round of the loop

    def error_received(self, exc: Exception) -> None:
        """An ICMP error: a peer has gone; its call ends by itself."""


@asynccontextmanager
async def listen(
    address: str,
    port: int,
    on_call: Callable[[Call], Awaitable[None]],
    *,
    rtp_ports: tuple[int, int],
    max_calls: int,
    allow: Sequence[Network],
) -> AsyncIterator[SipListener]:
    """Answer calls while the context lasts; port 0 takes any free one. `on_call` holds one call to its end.

    Raises LineError when the port is in use or the address is not of this machine.
    """
    loop = asyncio.get_running_loop()
    try:
        _, listener = await loop.create_datagram_endpoint(
            lambda: SipListener(rtp_ports, on_call, max_calls, allow), local_addr=(address, port)
        )
    except OSError as error:
        raise LineError(
            f"No calls can be answered on {address} port {port}: {error.strerror or error}. "
            "Is Dauys or another telephone program running? Else change telephone.port in the settings."
        ) from error
    try:
        yield listener
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await listener.close()


def _address_towards(peer: tuple[str, int]) -> str:
    """Our own address on the way to the peer: what a socket on 0.0.0.0 cannot tell. Sends nothing."""
    family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        trial.connect(peer)
        return str(trial.getsockname()[0])


def _tag() -> str:
    return secrets.token_hex(6)

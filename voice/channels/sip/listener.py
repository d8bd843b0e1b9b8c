"""Answers SIP calls: requests in, calls out to the assistant."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network

from voice.channels.call import Call
from voice.channels.capacity import RETRY_AFTER_S, Capacity, Seat, capacity_of
from voice.channels.errors import LineError, NoDescriptors
from voice.channels.frame_clock import FrameClock
from voice.channels.line_cleaning import LineCleaning
from voice.channels.media.media_session import open_media
from voice.channels.sip.consultation import Consultation
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.message import SipMessage, address, parameter, reply_port, respond, with_received
from voice.channels.sip.sip_call import ALLOW, SipCall
from voice.channels.sip.transaction import GIVE_UP, Key, Transactions, transaction_of
from voice.channels.sip.transport import Peer, SipTransport, address_towards, open_transport, peer_of, shown
from voice.channels.sip.trunk_registration import Registration, Trunk, found
from voice.values.allowlist import Network, is_allowed

FAREWELL_S = 1.0
"""Seconds in which peers may answer BYE when the listener closes."""
FULL = ("retry-after", str(RETRY_AFTER_S))
"""With 503: 486 would mark the library's number as busy, 503 lets a trunk try another node (section 21.5.4)."""
FIND_S = 30.0
"""Seconds until a trunk whose name is not known is looked for again: the network may come up after us."""
EXTENSIONS = frozenset({"timer"})
"""What a peer may require of us (RFC 3261, section 8.2.2.3)."""
SDP = re.compile(r"application/(sdp|\*)|\*/\*", re.IGNORECASE)
"""What Accept must hold, if it is there: that is all we can answer with (section 21.4.7)."""


log = logging.getLogger(__name__)

OnCall = Callable[[Call], Awaitable[None]]


class SipListener:
    """Made by `listen`. Calls that are up are in `calls`, by their id."""

    def __init__(
        self,
        on_call: OnCall,
        rtp_ports: tuple[int, int],
        capacity: Capacity,
        allow: Sequence[Network],
        ringing_s: float,
        attended: bool,
    ) -> None:
        self._on_call = on_call
        self._rtp_ports = rtp_ports
        self._capacity = capacity
        self._ringing_s = ringing_s
        self._attended = attended
        self._allow = list(allow)
        self._wire: SipTransport | None = None
        self.transactions = Transactions(self._send)
        self.registration: Registration | None = None
        """At a trunk; None without one."""
        self.calls: dict[str, SipCall] = {}
        self._dialogs: dict[str, SipCall | Consultation] = {}
        self._ringing: dict[Key, tuple[SipMessage, Peer, str, asyncio.Task[None]]] = {}
        """INVITE, where it came from, our tag and what answers it."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._clock = FrameClock()
        self._closing = False

    @property
    def port(self) -> int:
        assert self._wire
        return self._wire.port

    def on_wire(self, wire: SipTransport) -> None:
        self._wire = wire

    def allows(self, host: str) -> bool:
        """Whether anything from this address is looked at."""
        return is_allowed(host, self._allow)

    async def register(self, trunk: Trunk) -> None:
        """Receive the calls of a trunk too, until the listener closes; one that cannot be found yet is looked for
        again, while others are answered. Raises LineError when its registrar is none."""
        trunk.place()
        if not await self._register(trunk):
            self._start(self._register_later(trunk))

    async def _register_later(self, trunk: Trunk) -> None:
        await asyncio.sleep(FIND_S)
        while not await self._register(trunk):
            await asyncio.sleep(FIND_S)

    async def _register(self, trunk: Trunk) -> bool:
        self.registration = await found(trunk, self.port, self.transactions)
        if self.registration:
            self._allow.append(_network_of(self.registration.peer.host))
            self._start(self.registration.keep())
        return self.registration is not None

    def take(self, message: SipMessage, peer: Peer) -> None:
        """A message has come in."""
        if message.status:
            self.transactions.answered(message)
            return
        request = with_received(message, peer.host, peer.port)
        if peer.protocol == "UDP":
            peer = Peer(peer.host, reply_port(request, peer.port))
        if request.method == "ACK":
            self.transactions.acknowledged(request)
        elif not self.transactions.is_new(request):
            return
        call = self._dialogs.get(parameter(request.header("to"), "tag"))
        if request.fault:
            if request.method != "ACK":
                self._refuse(request, peer, request.fault)
        elif request.method not in ("ACK", "CANCEL") and (unknown := _required(request) - EXTENSIONS):
            self._refuse(request, peer, 420, ("unsupported", ", ".join(sorted(unknown))))
        elif call and call.dialog.holds(request):
            call.take(request, peer)
        elif request.method != "ACK":
            self._outside(request, peer)

    def _outside(self, request: SipMessage, peer: Peer) -> None:
        """A request that belongs to no call that is up."""
        if parameter(request.header("to"), "tag") and request.method != "CANCEL":
            self._refuse(request, peer, 481)
            return
        match request.method:
            case "INVITE":
                self._invited(request, peer)
            case "CANCEL":
                self._cancelled(request, peer)
            case "OPTIONS":
                headers = (("allow", ALLOW), ("accept", "application/sdp"), ("supported", "timer"))
                self.transactions.answer(request, respond(request, 200, _tag(), headers), peer)
            case "BYE" | "INFO" | "UPDATE" | "NOTIFY":
                self._refuse(request, peer, 481)
            case _:
                self._refuse(request, peer, 405, ("allow", ALLOW))

    def _refuse(self, request: SipMessage, peer: Peer, status: int, *headers: tuple[str, str]) -> None:
        self.transactions.answer(request, respond(request, status, _tag(), headers), peer)

    def _invited(self, invite: SipMessage, peer: Peer) -> None:
        kind = invite.header("content-type").partition(";")[0].strip().lower()
        if invite.body and (kind not in ("application/sdp", "multipart/mixed") or invite.header("content-encoding")):
            self._refuse(invite, peer, 415, ("accept", "application/sdp"))
        elif (accepted := invite.all("accept")) and not SDP.search(", ".join(accepted)):
            self._refuse(invite, peer, 406)
        elif not (seat := self._capacity.seat(peer.host, address(invite.header("from")))):
            self._refuse(invite, peer, 503, FULL)
        else:
            self._send(respond(invite, 100), peer)
            key, tag = transaction_of(invite), _tag()
            task = self._start(self._answer(invite, peer, tag, seat))
            self._ringing[key] = (invite, peer, tag, task)
            task.add_done_callback(lambda _: self._ringing.pop(key, None))
            task.add_done_callback(lambda _: seat.leave())

    def _cancelled(self, cancel: SipMessage, peer: Peer) -> None:
        """The caller gives up before we answer; afterwards CANCEL changes nothing (section 9.2)."""
        ringing = self._ringing.pop(transaction_of(cancel, "INVITE"), None)
        known = ringing or any(call.dialog.call_id == cancel.header("call-id") for call in self.calls.values())
        tag = ringing[2] if ringing else _tag()
        self.transactions.answer(cancel, respond(cancel, 200 if known else 481, tag), peer)
        if ringing:
            invite, caller, _, task = ringing
            task.cancel()
            self.transactions.answer(invite, respond(invite, 487, tag), caller)

    async def _answer(self, invite: SipMessage, peer: Peer, tag: str, seat: Seat) -> None:
        """`tag` is the same in all answers to an INVITE (section 8.2.6.2)."""
        try:
            host = address_towards(peer.host, peer.port)
        except OSError as error:
            log.error("The caller at %s cannot be answered: %s", peer.host, error.strerror or error)
            self._refuse(invite, peer, 503, FULL)
            return
        if self._ringing_s:
            self._send(respond(invite, 180, tag), peer)
            await asyncio.sleep(self._ringing_s)
        try:
            media = await open_media(
                host, self._rtp_ports, lambda event: call.take_event(event), self._clock, LineCleaning
            )
        except NoDescriptors as error:
            log.error("%s", error)
            self._refuse(invite, peer, 503, FULL)
            return
        except LineError as error:
            log.error("%s", error)
            self._refuse(invite, peer, 503, FULL)
            return
        self._ringing.pop(transaction_of(invite), None)
        dialog = Dialog.of_call(invite, tag, peer, f"{shown(host)}:{self.port}")
        consult = self._consult if self._attended else None
        call = SipCall(dialog, media, self.transactions, self._forget, seat, consult)
        self.calls[call.id] = self._dialogs[call.id] = call
        call.take(invite, peer)
        try:
            if not call.is_over:
                await self._on_call(call)
        except Exception:
            log.exception("a call broke off")
        finally:
            await call.hang_up()
            await call.wait_for_bye(FAREWELL_S if self._closing else GIVE_UP)
            self._dialogs.pop(call.id, None)

    async def _consult(self, target: str, reader: Dialog) -> Consultation | None:
        """A call to a person: at her own host where that is one of ours, else by way of the reader's exchange."""
        peer = await peer_of(target)
        if peer is None or not self.allows(peer.host):
            peer = reader.peer
        host = address_towards(peer.host, peer.port)
        try:
            media = await open_media(host, self._rtp_ports, lambda event: None, self._clock)
        except LineError as error:
            log.error("%s", error)
            return None
        person = Consultation(target, peer, f"{shown(host)}:{self.port}", media, self.transactions)
        self._dialogs[person.id] = person
        person.over.add_done_callback(lambda _: self._dialogs.pop(person.id, None))
        return person

    def _forget(self, call: SipCall) -> None:
        self.calls.pop(call.id, None)

    def _send(self, message: SipMessage, peer: Peer) -> None:
        if self._wire:
            self._wire.send(message, peer)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """End every call and leave the trunk."""
        self._closing = True
        if self.registration:
            await self.registration.leave()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for dialog in list(self._dialogs.values()):
            if isinstance(dialog, Consultation):
                dialog.drop()
        self.transactions.close()


@asynccontextmanager
async def listen(
    address: str,
    port: int,
    on_call: OnCall,
    *,
    rtp_ports: tuple[int, int],
    max_calls: int | Capacity,
    allow: Sequence[Network],
    trunk: Trunk | None = None,
    ringing_s: float = 0.0,
    attended: bool = True,
) -> AsyncIterator[SipListener]:
    """Answer calls by UDP and TCP while the context lasts; port 0 takes any free one. `on_call` holds one call to its
    end. A call beyond `max_calls`, which other entrances may share, is refused with 503; whoever is not in `allow` gets
    no answer at all. With `trunk` its registrar is registered with, and allowed. A call rings for `ringing_s` before it
    is answered. Before a reader is handed over the person is called, unless `attended` is false.

    Raises LineError when the port is in use, the address is not of this machine, or the registrar none.
    """
    listener = SipListener(on_call, rtp_ports, capacity_of(max_calls), allow, ringing_s, attended)
    async with open_transport(address, port, listener.take, listener.allows) as wire:
        listener.on_wire(wire)
        try:
            if trunk:
                await listener.register(trunk)
            yield listener
        finally:
            await listener.close()


def _required(request: SipMessage) -> set[str]:
    return {name.strip() for value in request.all("require") for name in value.split(",")}


def _network_of(host: str) -> Network:
    """The network of one address."""
    return IPv6Network(host) if ":" in host else IPv4Network(host)


def _tag() -> str:
    return secrets.token_hex(6)

"""One call that came in by SIP."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine

from voice.channels.call import CallEvent, Frame, FrameSource, HangUp, Key, ShutdownNotice
from voice.channels.call_ending import put_hang_up
from voice.channels.capacity import Seat
from voice.channels.errors import BadMessage
from voice.channels.media.media_session import MediaSession
from voice.channels.media.rtp_receiver import RATE
from voice.channels.media.sdp import Media, answer, read, write
from voice.channels.sip.consultation import Consult
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.info import is_key, key_of
from voice.channels.sip.message import SipMessage, address, parameter, respond
from voice.channels.sip.session_timer import SHORTEST_S, SessionTimer, wanted
from voice.channels.sip.transaction import GIVE_UP, Transactions
from voice.channels.sip.transfer import Transfer
from voice.channels.sip.transport import Peer
from voice.values.audio import ChannelKind

INACTIVE_S = 60.0
"""Seconds without a packet after which the reader is taken to be gone. A muted telephone may send nothing for long."""
HELD_S = 1800.0
"""The same while the reader holds the call."""
MOST_EVENTS = 500
"""Events that wait for the assistant: ten seconds of speech; what comes beyond that is dropped."""
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, NOTIFY"
"""Methods that we answer."""


class SipCall:
    """Implements `Call`. The listener hands requests of its dialog to `take`."""

    rate = RATE
    kind = ChannelKind.TELEPHONE
    private = True

    def __init__(
        self,
        dialog: Dialog,
        media: MediaSession,
        transactions: Transactions,
        ended: Callable[[SipCall], None],
        seat: Seat,
        consult: Consult | None = None,
    ) -> None:
        """`ended` is called once, when the reader can no longer be heard; our BYE may still be on its way. `consult`
        calls the person to whom the reader is to be handed over; without it nobody asks her first."""
        self._consult = consult
        self._seat = seat
        seat.on_closing = lambda: self._events.put_nowait(ShutdownNotice())
        seat.on_given_away = self._never_acknowledged
        self.id = parameter(dialog.local, "tag")
        self.caller = address(dialog.remote)
        self.dialog = dialog
        self._media = media
        self._transactions = transactions
        self._ended = ended
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue()
        self._session, self._version = secrets.randbelow(1 << 31), 0
        self._ours = self._agreed = Media(dialog.host.rsplit(":", 1)[0].strip("[]"), media.port)
        self._updates = True
        """The peer takes UPDATE."""
        self._acknowledged = asyncio.Event()
        self._transfer: Transfer | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._refreshing = False
        """An INVITE of ours is on its way."""
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    def take_event(self, event: Frame | Key) -> None:
        """Something came in by RTP."""
        if self._events.qsize() < MOST_EVENTS:
            self._events.put_nowait(event)

    def take(self, request: SipMessage, peer: Peer) -> None:
        """Answer a request of the dialog, also the first INVITE."""
        if not self.dialog.is_in_order(request):
            return self._answer(request, respond(request, 500), peer)
        match request.method:
            case "ACK":
                self._take_ack(request)
            case "CANCEL":  # of an INVITE that is answered already: it changes nothing (RFC 3261, section 9.2)
                self._answer(request, respond(request, 200), peer)
            case "INVITE" | "UPDATE" if self._over:
                self._answer(request, respond(request, 481), peer)
            case "BYE":
                self._answer(request, respond(request, 200), peer)
                self._transactions.forget_answer(self.dialog.call_id)
                self._finish("the reader hung up")
            case "INVITE" if self._refreshing:  # both sides at once (section 14.2)
                self._answer(request, respond(request, 491), peer)
            case "INVITE" | "UPDATE":
                self._negotiate(request, peer)
            case "INFO":
                self._answer(request, self._info(request), peer)
            case "NOTIFY":
                self._answer(request, respond(request, 200), peer)
                if self._transfer:
                    self._transfer.progress(request)
            case "OPTIONS":
                self._answer(request, respond(request, 200, headers=(("allow", ALLOW),)), peer)
            case _:
                self._answer(request, respond(request, 405, headers=(("allow", ALLOW),)), peer)

    async def events(self) -> AsyncIterator[CallEvent]:
        """See `Call`."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HangUp):
                return

    def speak_from(self, source: FrameSource) -> None:
        """See `Call`."""
        self._media.speak_from(source)

    async def hang_up(self) -> None:
        """See `Call`. BYE is repeated in the background until the peer answers (section 15.1.1)."""
        if not self._over:
            self._finish("Dauys hung up")
            self._start(self._bye())
            await asyncio.sleep(0)  # the first BYE leaves before anybody closes the line

    async def hand_over(self, target: str) -> bool:
        """See `Call`. The person at `target` is called first, and the reader hears that it rings; then the peer is to
        connect the two. Once they are, our call ends: the transferor hangs up (RFC 5589, section 6.1)."""
        if self._over or re.search(r"[\s<>]", target):
            return False
        transfer = self._transfer = Transfer()
        if self._consult:
            person = await self._consult(target, self.dialog)
            ring = self._media.ring
            worked = person is not None and await transfer.attended(person, self.dialog, self._transactions, ring)
        else:
            worked = await transfer.blind(target, self.dialog, self._transactions)
        if worked:
            await self.hang_up()
        return worked

    async def wait_for_bye(self, seconds: float) -> None:
        """Wait until the peer knows that the call is over, at most so long."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=seconds)
        finally:
            for task in self._tasks:
                task.cancel()

    def _negotiate(self, request: SipMessage, peer: Peer) -> None:
        """The first INVITE; later hold, resume, another address, a session timer (RFC 3261, section 14.2)."""
        try:
            offer = read(request.body) if request.body else None
        except BadMessage:
            return self._refuse(request, peer, 488)
        ours = answer(offer, self._ours.host, self._ours.port) if offer else self._ours
        if ours is None:
            return self._refuse(request, peer, 488)
        timer = wanted(request)
        if timer and timer.interval_s < SHORTEST_S:
            return self._refuse(request, peer, 422, ("min-se", str(SHORTEST_S)))
        if allowed := request.all("allow"):
            self._updates = re.search(r"\bUPDATE\b", ", ".join(allowed)) is not None
        if contact := request.header("contact"):
            self.dialog.target = address(contact)
        self._keep_alive(timer)
        headers = [("contact", self.dialog.contact), ("allow", ALLOW), ("supported", "timer")]
        headers += [("record-route", route) for route in request.all("record-route")]
        headers += timer.headers if timer else ()
        body = b""
        if offer or request.method == "INVITE":
            self._version += 1
            headers.append(("content-type", "application/sdp"))
            body = write(ours, self._session, self._version)
        if offer:
            self._hear(offer, ours)
        self._answer(request, respond(request, 200, self.id, headers, body), peer)

    def _hear(self, theirs: Media, ours: Media) -> None:
        self._agreed = ours
        # What we send is coded as we answered, whatever else the offer allowed (RFC 3264, section 6.1).
        agreed = Media(theirs.host, theirs.port, ours.laws, theirs.keys, theirs.direction)
        if self._media.peer is None:
            self._start(self._watch())
        self._media.start(agreed, (self.dialog.peer.host,))

    def _take_ack(self, ack: SipMessage) -> None:
        self._acknowledged.set()
        self._seat.confirm()
        if self._over or (not ack.body and self._media.peer):
            return
        try:  # the answer to an offer of ours, after an INVITE without one (section 13.2.1)
            theirs = read(ack.body)
            agreed = answer(theirs, self._ours.host, self._ours.port)
        except BadMessage:
            agreed = None
        if agreed:
            self._hear(theirs, agreed)
        else:
            self._start(self.hang_up())

    def _never_acknowledged(self) -> None:
        self._acknowledged.set()
        self._start(self.hang_up())

    def _info(self, request: SipMessage) -> SipMessage:
        if not is_key(request):
            return respond(request, 415)
        if key := key_of(request):
            self._media.on_key(key)
        return respond(request, 200)

    def _keep_alive(self, timer: SessionTimer | None) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if timer and not self._over:
            self._timer = asyncio.get_running_loop().call_later(
                timer.wait_s, lambda: self._start(self._refresh(timer) if timer.ours else self.hang_up())
            )

    async def _refresh(self, timer: SessionTimer) -> None:
        """Tell the peer that we are still here (RFC 4028, section 10): by UPDATE, which changes nothing of the audio,
        or where that is not known by an INVITE that offers what was agreed."""
        headers = [("session-expires", f"{timer.interval_s};refresher=uac"), ("supported", "timer")]
        if self._updates:
            request = self.dialog.request("UPDATE", *headers)
        else:
            sdp = ("content-type", "application/sdp")
            body = write(self._agreed, self._session, self._version)
            request = self.dialog.request("INVITE", *headers, sdp, ("allow", ALLOW), body=body)
        self._refreshing = request.method == "INVITE"
        response = await self._transactions.ask(request, self.dialog.peer)
        self._refreshing = False
        if response and request.method == "INVITE" and response.status < 300:
            ack = self.dialog.request("ACK", number=request.sequence[0])
            self._transactions.confirm(request, ack, self.dialog.peer)
            with contextlib.suppress(BadMessage):
                self._hear(read(response.body), self._agreed)
        if response is None or response.status in (408, 481):
            await self.hang_up()
        else:
            self._keep_alive(timer)

    async def _watch(self) -> None:
        while True:
            held = self._media.peer is not None and not self._media.peer.sends
            left = self._media.last_packet_at + (HELD_S if held else INACTIVE_S) - time.monotonic()
            if left <= 0:
                return await self.hang_up()
            await asyncio.sleep(left)

    async def _bye(self) -> None:
        # Not before ACK, or until it is clear that none will come (RFC 3261, section 15).
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GIVE_UP):
                await self._acknowledged.wait()
        await self._transactions.ask(self.dialog.request("BYE"), self.dialog.peer)

    def _answer(self, request: SipMessage, response: SipMessage, peer: Peer) -> None:
        self._transactions.answer(request, response, peer, self._never_acknowledged)

    def _refuse(self, request: SipMessage, peer: Peer, status: int, *headers: tuple[str, str]) -> None:
        self._answer(request, respond(request, status, self.id, headers), peer)
        if not self._version:
            self._acknowledged.set()
            self._finish("nothing was agreed")

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_over(self) -> bool:
        return self._over

    def _finish(self, reason: str) -> None:
        if self._over:
            return
        self._over = True
        self._keep_alive(None)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        if self._transfer:
            # An exchange that has connected the reader with somebody else ends its call with us.
            self._transfer.ended(worked=reason == "the reader hung up")
        self._media.close()
        self._seat.leave()
        put_hang_up(self._events, reason)
        self._ended(self)

"""One call that came in by SIP."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine

from voice.channels.call import CallEvent, ChannelKind, Frame, FrameSource, HangUp, Key
from voice.channels.sip.dialog import GIVE_UP, T1, T2, Dialog, Send
from voice.channels.sip.errors import BadMessage
from voice.channels.sip.media import RATE, MediaSession
from voice.channels.sip.message import Message, respond
from voice.channels.sip.sdp import Media, answer, read, write

INACTIVE_S = 60.0
"""Seconds without a packet after which the reader is taken to be gone. A muted telephone may send nothing for long."""
MOST_EVENTS = 500
"""Events that wait for the assistant: ten seconds of speech; the oldest audio is dropped beyond that."""


class SipCall:
    """Implements `Call`. The listener hands requests of its dialog to `take`."""

    rate = RATE
    kind = ChannelKind.TELEPHONE
    private = True

    def __init__(
        self,
        invite: Message,
        dialog: Dialog,
        media: MediaSession,
        send: Send,
        ended: Callable[[], None],
        closed: Callable[[], None],
    ) -> None:
        """`ended` is called when the call is over, `closed` when the peer knows it too."""
        self.id = dialog.call_id
        self.caller = dialog.remote.split(";")[0]
        self.dialog = dialog
        self._invite = invite
        self._media = media
        self._send = send
        self._ended = ended
        self._closed = closed
        self._events: asyncio.Queue[CallEvent] = asyncio.Queue()
        self._descriptions = 1
        self._accepted: Message | None = None
        self._acknowledged = asyncio.Event()
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, offer: Media) -> bool:
        """Answer the call; False when the offer has no coding of ours (the listener then answers 488)."""
        ours = answer(offer, self.dialog.host.rsplit(":", 1)[0].strip("[]"), self._media.port)
        if ours is None:
            return False
        self._accepted = self._ok(self._invite, ours)
        # What we send is coded as we answered, whatever else the offer allowed (RFC 3264, section 6.1).
        self._media.start(Media(offer.host, offer.port, ours.laws, offer.keys, offer.direction))
        self._send(self._accepted, self.dialog.peer)
        self._start(self._repeat_answer())
        self._start(self._watch())
        return True

    def take_event(self, event: Frame | Key) -> None:
        """Something came in by RTP."""
        if self._events.qsize() >= MOST_EVENTS and isinstance(event, Frame):
            return
        self._events.put_nowait(event)

    def take(self, request: Message) -> Message | None:
        """Answer a request in the dialog; None when it needs no answer."""
        match request.method:
            case "ACK":
                self._acknowledged.set()
                return None
            case "BYE":
                self._finish("the reader hung up")
                self._closed()
                return respond(request, 200)
            case "INVITE":
                return self._renegotiate(request)
            case "INFO":
                return self._info(request)
            case "UPDATE" | "NOTIFY" | "OPTIONS":
                return respond(request, 200, headers=(("allow", ALLOW),))
            case "CANCEL":
                return respond(request, 200)
        return respond(request, 405, headers=(("allow", ALLOW),))

    def repeat(self) -> None:
        """The INVITE came again: our answer was lost."""
        if self._accepted:
            self._send(self._accepted, self.dialog.peer)

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
        """See `Call`. Asks the peer to call `target` instead (REFER, RFC 3515); True when it agrees."""
        refer = self.dialog.request("REFER", ("refer-to", f"<{target}>"), ("referred-by", self.dialog.contact))
        response = await self.dialog.ask(refer, self._send)
        return response is not None and 200 <= response.status < 300

    async def _bye(self) -> None:
        try:
            await self.dialog.ask(self.dialog.request("BYE"), self._send)
        finally:
            self._closed()

    def _ok(self, request: Message, media: Media) -> Message:
        headers = (
            *(("record-route", route) for route in request.all("record-route")),
            ("contact", self.dialog.contact),
            ("allow", ALLOW),
            ("content-type", "application/sdp"),
        )
        tag = self.dialog.local.rsplit("tag=", 1)[1]
        return respond(request, 200, tag, headers, write(media, self._descriptions))

    def _renegotiate(self, request: Message) -> Message:
        """A re-INVITE: hold, resume, another address, or a session timer (section 14.2)."""
        self.dialog.target = self._target(request)
        try:
            offer = read(request.body) if request.body else None
        except BadMessage:
            return respond(request, 488)
        self._descriptions += 1
        host = self.dialog.host.rsplit(":", 1)[0].strip("[]")
        if offer is None:
            return self._ok(request, Media(host, self._media.port, (self._media.law,)))
        ours = answer(offer, host, self._media.port)
        if ours is None:
            return respond(request, 488)
        self._media.start(Media(offer.host, offer.port, ours.laws, offer.keys, offer.direction))
        return self._ok(request, ours)

    def _target(self, request: Message) -> str:
        contact = request.header("contact")
        return contact.partition("<")[2].partition(">")[0] or self.dialog.target

    def _info(self, request: Message) -> Message:
        """Keys by INFO, as telephones without RFC 4733 send them (application/dtmf-relay or application/dtmf)."""
        text = request.body[:200].decode("ascii", errors="replace")
        signal = text.partition("Signal=")[2] or text
        key = signal.strip()[:1]
        if "dtmf" not in request.header("content-type").lower():
            return respond(request, 415)
        if key and key in "0123456789*#":
            self._events.put_nowait(Key(key))
        return respond(request, 200)

    async def _repeat_answer(self) -> None:
        """Send 200 again until ACK comes (section 13.3.1.4); without it the call is over."""
        assert self._accepted
        wait, waited = T1, 0.0
        while waited < GIVE_UP:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._acknowledged.wait()
                    return
            self._send(self._accepted, self.dialog.peer)
            waited += wait
            wait = min(2 * wait, T2)
        await self.hang_up()

    async def _watch(self) -> None:
        while (quiet := time.monotonic() - self._media.last_packet_at) < INACTIVE_S:
            await asyncio.sleep(INACTIVE_S - quiet)
        await self.hang_up()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _finish(self, reason: str) -> None:
        if self._over:
            return
        self._over = True
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._media.close()
        self._events.put_nowait(HangUp(reason))
        self._ended()


ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, NOTIFY"
"""Methods that we answer."""

"""A call of our own to the person who is to take a reader over: she is asked before the reader lets go of us."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from voice.channels.errors import BadMessage
from voice.channels.media.media_session import MediaSession
from voice.channels.media.sdp import Media, answer, read, write
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.message import SipMessage, address, parameter, respond
from voice.channels.sip.transaction import Transactions, cancel_of
from voice.channels.sip.transport import Peer

FAREWELL_S = 2.0
"""Seconds in which an exchange that has connected the two ends our call with the person itself."""


class Consultation:
    """One call to one person. The listener hands requests of its dialog to `take`."""

    def __init__(self, target: str, peer: Peer, host: str, media: MediaSession, transactions: Transactions) -> None:
        """`host` is our own address and port, `media` a session that has not begun."""
        self.id = secrets.token_hex(6)
        self._ours = Media(host.rsplit(":", 1)[0].strip("[]"), media.port)
        self._media = media
        self._transactions = transactions
        self.dialog = Dialog(
            call_id=secrets.token_hex(12),
            local=f"<sip:dauys@{host}>;tag={self.id}",
            remote=f"<{target}>",
            target=target,
            route=(),
            peer=peer,
            host=host,
        )
        self._stands = False
        self._wanted = True
        self._ended = asyncio.Event()
        """The other side has ended it, or it never stood."""
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when nothing of this call is to come any more."""

    async def call(self, ringing: Callable[[], None]) -> bool:
        """Whether the person answers; returns when that is known. `ringing` is called when her telephone rings. When
        it is cancelled the person is not called any more, and hung up on if she answers all the same."""
        sdp = ("content-type", "application/sdp")
        invite = self.dialog.request("INVITE", sdp, body=write(self._ours, secrets.randbelow(1 << 31), 1))
        progressed = asyncio.Event()

        def progress(response: SipMessage) -> None:
            progressed.set()
            if response.status > 100 and self._wanted:
                ringing()

        asking = asyncio.create_task(self._invite(invite, progress))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            self._wanted = False
            self._transactions.go_on(self._give_up(invite, asking, progressed))
            raise

    async def _invite(self, invite: SipMessage, progress: Callable[[SipMessage], None]) -> bool:
        response = await self._transactions.ask(invite, self.dialog.peer, progress=progress)
        if response is None or response.status >= 300:
            self._ended.set()
            return False
        self.dialog.remote = response.header("to")
        self.dialog.target = address(response.header("contact")) or self.dialog.target
        self.dialog.route = tuple(reversed(response.all("record-route")))
        self._transactions.confirm(invite, self.dialog.request("ACK", number=invite.sequence[0]), self.dialog.peer)
        self._stands = True
        try:
            theirs = read(response.body)
        except BadMessage:
            return False
        if agreed := answer(theirs, self._ours.host, self._ours.port):
            hosts = (self.dialog.peer.host,)
            self._media.start(Media(theirs.host, theirs.port, agreed.laws, theirs.keys, theirs.direction), hosts)
        return agreed is not None

    async def _give_up(self, invite: SipMessage, asking: asyncio.Task[bool], progressed: asyncio.Event) -> None:
        """CANCEL, but not before the other side has said that it works on it (RFC 3261, section 9.1)."""
        waiting = asyncio.create_task(progressed.wait())
        await asyncio.wait([asking, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not asking.done():
            await self._transactions.ask(cancel_of(invite), self.dialog.peer)
            await asking
        await self.end()

    @property
    def refer_to(self) -> str:
        """Where the reader's side is to call, in place of our call (RFC 3891; RFC 5589, section 7)."""
        theirs = parameter(self.dialog.remote, "tag")
        replaces = f"{self.dialog.call_id};to-tag={theirs};from-tag={self.id}"
        return f"{self.dialog.target}{'&' if '?' in self.dialog.target else '?'}Replaces={quote(replaces, safe='')}"

    def take(self, request: SipMessage, peer: Peer) -> None:
        """Answer a request of the dialog."""
        status, body = 200, b""
        headers = [("contact", self.dialog.contact)]
        if not self.dialog.is_in_order(request):
            status = 500
        elif request.method == "ACK":
            return
        elif request.method == "BYE":
            self._ended.set()
        elif request.method in ("INVITE", "UPDATE") and request.body:
            headers.append(("content-type", "application/sdp"))
            try:
                body = write(answer(read(request.body), self._ours.host, self._ours.port) or self._ours, 1, 2)
            except BadMessage:
                status = 488
        self._transactions.answer(request, respond(request, status, self.id, headers, body), peer)

    async def end(self, grace_s: float = 0.0) -> None:
        """End the call, if the other side does not within `grace_s`."""
        self._media.close()
        if self._stands and not self._ended.is_set():
            try:
                async with asyncio.timeout(grace_s):
                    await self._ended.wait()
            except TimeoutError:
                await self._transactions.ask(self.dialog.request("BYE"), self.dialog.peer)
        self.drop()

    def drop(self) -> None:
        """Let go of everything, at once."""
        self._media.close()
        if not self.over.done():
            self.over.set_result(None)


Consult = Callable[[str, Dialog], Awaitable[Consultation | None]]
"""SIP address of a person and the reader's dialog -> a call to her that has not begun; None when none can be made."""

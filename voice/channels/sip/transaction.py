"""Transactions (RFC 3261, section 17): asked again until it is answered, answered again when it is asked again."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from voice.channels.sip.message import SipMessage, parameter
from voice.channels.sip.transport import Peer

T1 = 0.5
"""Seconds: first wait before a message is sent again (section 17.1.1.1)."""
T2 = 4.0
"""Seconds: longest wait between two sendings."""
GIVE_UP = 64 * T1
"""Seconds after which no answer comes any more (timers B, F, H and J)."""
MOST_REMEMBERED = 5000
"""Requests that are remembered at once, whatever their age."""

MAGIC = "z9hG4bK"
"""Beginning of a branch that names a transaction alone (section 8.1.1.7)."""

Send = Callable[[SipMessage, Peer], None]
Key = tuple[str, ...]


@dataclass(slots=True)
class _Taken:
    """A request that came in."""

    since: float
    answer: SipMessage | None = None
    peer: Peer | None = None


class Transactions:
    """Those of one wire, in both directions."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self._taken: OrderedDict[Key, _Taken] = OrderedDict()
        self._unacknowledged: dict[Key, asyncio.TimerHandle] = {}
        self._asked: dict[Key, asyncio.Queue[SipMessage]] = {}
        """By branch and method: a CANCEL has its INVITE's branch."""
        self._going_on: set[asyncio.Task[None]] = set()
        self._confirmed: dict[str, tuple[SipMessage, Peer]] = {}
        """ACKs of our INVITEs by their branch, to be sent again with every repeated 200."""

    def is_new(self, request: SipMessage) -> bool:
        """True for a request that comes for the first time; any other is answered as before (section 17.2)."""
        key, now = transaction_of(request), time.monotonic()
        taken = self._taken.get(key)
        if taken:
            if taken.answer and taken.peer:
                self.send(taken.answer, taken.peer)
            return False
        while self._taken and (
            len(self._taken) >= MOST_REMEMBERED or now - next(iter(self._taken.values())).since > GIVE_UP
        ):
            self._taken.popitem(last=False)
        self._taken[key] = _Taken(now)
        return True

    def answer(
        self, request: SipMessage, answer: SipMessage, peer: Peer, unacknowledged: Callable[[], None] = lambda: None
    ) -> None:
        """Answer for good. The answer to an INVITE is sent again until its ACK comes (timers G and H, and section
        13.3.1.4 for 200); `unacknowledged` is called when none comes."""
        if taken := self._taken.get(transaction_of(request)):
            taken.answer, taken.peer = answer, peer
        self.send(answer, peer)
        if request.method == "INVITE" and (peer.protocol == "UDP" or answer.status < 300):
            self._repeat_later(_acknowledgement(request), answer, peer, T1, T1, unacknowledged)

    def _repeat_later(
        self, key: Key, answer: SipMessage, peer: Peer, wait: float, waited: float, unacknowledged: Callable[[], None]
    ) -> None:
        def repeat() -> None:
            del self._unacknowledged[key]
            if waited >= GIVE_UP:
                unacknowledged()
                return
            self.send(answer, peer)
            longer = min(2 * wait, T2)
            self._repeat_later(key, answer, peer, longer, waited + longer, unacknowledged)

        if earlier := self._unacknowledged.get(key):
            earlier.cancel()
        self._unacknowledged[key] = asyncio.get_running_loop().call_later(wait, repeat)

    def acknowledged(self, ack: SipMessage) -> None:
        """An ACK has come."""
        if timer := self._unacknowledged.pop(_acknowledgement(ack), None):
            timer.cancel()

    def forget_answer(self, call_id: str) -> None:
        """A call is over: the answer to its INVITE is not sent again, acknowledged or not."""
        for key in [key for key in self._unacknowledged if key[0] == call_id]:
            self._unacknowledged.pop(key).cancel()

    async def ask(
        self,
        request: SipMessage,
        peer: Peer,
        give_up: float = GIVE_UP,
        progress: Callable[[SipMessage], None] = lambda response: None,
    ) -> SipMessage | None:
        """Send a request until its final answer comes (section 17.1); None when none comes in `give_up` seconds. What
        comes before the final answer is handed to `progress`; once something has, an INVITE is waited for without end.

        A refused INVITE is acknowledged here (section 17.1.1.3); an accepted one is the caller's to acknowledge.
        """
        key = (request.branch, request.method)
        answers = self._asked[key] = asyncio.Queue()
        try:
            async with asyncio.timeout(give_up) as limit:
                self.send(request, peer)
                answer = await self._first_answer(request, peer, answers)
                while answer.status < 200:
                    progress(answer)
                    if request.method == "INVITE":
                        limit.reschedule(None)  # timer B runs until the first answer
                    answer = await answers.get()
        except TimeoutError:
            return None
        finally:
            del self._asked[key]
        if request.method == "INVITE" and answer.status >= 300:
            self.send(acknowledge(request, answer), peer)
        return answer

    async def _first_answer(self, request: SipMessage, peer: Peer, answers: asyncio.Queue[SipMessage]) -> SipMessage:
        wait, longest = T1, GIVE_UP if request.method == "INVITE" else T2
        while True:
            try:
                async with asyncio.timeout(wait):
                    return await answers.get()
            except TimeoutError:
                wait = min(2 * wait, longest)
                if peer.protocol == "UDP":
                    self.send(request, peer)

    def confirm(self, invite: SipMessage, ack: SipMessage, peer: Peer) -> None:
        """Acknowledge that our INVITE was accepted, as often as it is answered (section 13.2.2.4)."""
        self.send(ack, peer)
        self._confirmed[invite.branch] = ack, peer
        asyncio.get_running_loop().call_later(GIVE_UP, self._confirmed.pop, invite.branch, None)

    def answered(self, response: SipMessage) -> None:
        """A response has come."""
        if confirmed := self._confirmed.get(response.branch):
            self.send(*confirmed)
        elif answers := self._asked.get((response.branch, response.sequence[1])):
            answers.put_nowait(response)

    def go_on(self, work: Coroutine[None, None, None]) -> None:
        """Let something come to its end that nobody waits for."""
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    def close(self) -> None:
        """Send nothing again any more."""
        for timer in self._unacknowledged.values():
            timer.cancel()
        self._unacknowledged.clear()
        for task in self._going_on:
            task.cancel()


def acknowledge(invite: SipMessage, answer: SipMessage) -> SipMessage:
    """ACK of a refused INVITE: in its transaction, so with its branch (section 17.1.1.3)."""
    kept = [(name, value) for name, value in invite.headers if name in ("via", "max-forwards", "route", "from")]
    number = invite.sequence[0]
    rest = (("to", answer.header("to")), ("call-id", invite.header("call-id")), ("cseq", f"{number} ACK"))
    return SipMessage(invite.start.replace("INVITE ", "ACK ", 1), (*kept, *rest))


def cancel_of(invite: SipMessage) -> SipMessage:
    """CANCEL of an INVITE of ours (section 9.1)."""
    kept = [(name, value) for name, value in invite.headers if name in ("via", "max-forwards", "route", "from", "to")]
    number = invite.sequence[0]
    rest = (("call-id", invite.header("call-id")), ("cseq", f"{number} CANCEL"))
    return SipMessage(invite.start.replace("INVITE ", "CANCEL ", 1), (*kept, *rest))


def new_branch() -> str:
    """A branch that no transaction had before."""
    return MAGIC + secrets.token_hex(8)


def transaction_of(request: SipMessage, method: str = "") -> Key:
    """What names a transaction at its server (section 17.2.3); `method` INVITE gives the one that a CANCEL ends."""
    method = method or request.method
    via = request.header("via").split(",")[0].split(";")[0]
    if request.branch.startswith(MAGIC):
        return (request.branch, via, method)
    number = request.header("cseq").split()[0]
    return (request.header("call-id"), parameter(request.header("from"), "tag"), number, via, method)


def _acknowledgement(request: SipMessage) -> Key:
    """What an INVITE and its ACK have in common."""
    return (request.header("call-id"), parameter(request.header("from"), "tag"), request.header("cseq").split()[0])

"""A dialog (RFC 3261, section 12): what both sides need to send each other requests after the call stands."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from voice.channels.sip.message import Message, address, parameter

T1 = 0.5
"""Seconds: first wait before a message is sent again (RFC 3261, section 17.1.1.1)."""
T2 = 4.0
"""Seconds: longest wait between two sendings."""
GIVE_UP = 64 * T1
"""Seconds after which no answer comes any more (timers B, F and H)."""

Send = Callable[[Message, tuple[str, int]], None]


@dataclass
class Dialog:
    """Our side of one call's dialog."""

    call_id: str
    local: str
    """From or To with our tag."""
    remote: str
    """From or To with the peer's tag."""
    target: str
    """The peer's contact URI."""
    route: tuple[str, ...]
    """Record-Route of the call, in the order in which our requests take it (section 12.1)."""
    contact: str
    peer: tuple[str, int]
    """Where datagrams to the peer go."""
    host: str
    """Our address and port, for Via."""
    number: int = 0
    """CSeq of our last request."""
    _waiting: dict[str, asyncio.Future[Message]] = field(default_factory=dict)

    @classmethod
    def of_call(cls, invite: Message, tag: str, contact: str, peer: tuple[str, int], host: str) -> Dialog:
        """The dialog that our answer to `invite` opens."""
        return cls(
            call_id=invite.header("call-id"),
            local=f"{invite.header('to')};tag={tag}",
            remote=invite.header("from"),
            target=address(invite.header("contact") or invite.header("from")),
            route=invite.all("record-route"),
            contact=contact,
            peer=peer,
            host=host,
        )

    def holds(self, message: Message) -> bool:
        """A request of the peer belongs to this dialog."""
        return (
            message.header("call-id") == self.call_id
            and parameter(message.header("to"), "tag") == parameter(self.local, "tag")
            and parameter(message.header("from"), "tag") == parameter(self.remote, "tag")
        )

    def request(self, method: str, *headers: tuple[str, str], number: int | None = None, body: bytes = b"") -> Message:
        """A new request in this dialog; `number` is given for ACK, which bears its INVITE's."""
        if number is None:
            self.number += 1
        return Message(
            f"{method} {self.target} SIP/2.0",
            (
                ("via", f"SIP/2.0/UDP {self.host};rport;branch=z9hG4bK{secrets.token_hex(8)}"),
                ("max-forwards", "70"),
                *(("route", route) for route in self.route),
                ("from", self.local),
                ("to", self.remote),
                ("call-id", self.call_id),
                ("cseq", f"{self.number if number is None else number} {method}"),
                ("contact", self.contact),
                *headers,
            ),
            body,
        )

    async def ask(self, message: Message, send: Send) -> Message | None:
        """Send a request until its final answer comes (section 17.1.2); None when none comes."""
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[message.branch] = answer
        try:
            async with asyncio.timeout(GIVE_UP):
                wait = T1
                while True:
                    send(message, self.peer)
                    done, _ = await asyncio.wait([answer], timeout=wait)
                    if done:
                        return answer.result()
                    wait = min(2 * wait, T2)
        except TimeoutError:
            return None
        finally:
            del self._waiting[message.branch]

    def answered(self, response: Message) -> None:
        """A response has come in."""
        waiting = self._waiting.get(response.branch)
        if waiting and not waiting.done() and response.status >= 200:
            waiting.set_result(response)

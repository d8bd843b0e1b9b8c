"""A dialog (RFC 3261, section 12): what both sides need to send each other requests after the call stands."""

from __future__ import annotations

from dataclasses import dataclass

from voice.channels.sip.message import SipMessage, address, parameter
from voice.channels.sip.transaction import new_branch
from voice.channels.sip.transport import Peer


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
    peer: Peer
    """Where our messages go: where the call came from, which is right behind routers too."""
    host: str
    """Our address and port, for Via and Contact."""
    user: str = "dauys"
    """Our name in Contact."""
    number: int = 0
    """CSeq of our last request."""
    remote_number: int = 0
    """CSeq of the peer's last request."""

    @classmethod
    def of_call(cls, invite: SipMessage, tag: str, peer: Peer, host: str) -> Dialog:
        """The dialog that our answer to `invite` opens."""
        return cls(
            call_id=invite.header("call-id"),
            local=f"{invite.header('to')};tag={tag}",
            remote=invite.header("from"),
            target=address(invite.header("contact") or invite.header("from")),
            route=invite.all("record-route"),
            peer=peer,
            host=host,
            remote_number=invite.sequence[0],
        )

    @property
    def contact(self) -> str:
        transport = ";transport=tcp" if self.peer.protocol == "TCP" else ""
        return f"<sip:{self.user}@{self.host}{transport}>"

    def holds(self, message: SipMessage) -> bool:
        """A request of the peer belongs to this dialog."""
        return (
            message.header("call-id") == self.call_id
            and parameter(message.header("to"), "tag") == parameter(self.local, "tag")
            and parameter(message.header("from"), "tag") == parameter(self.remote, "tag")
        )

    def is_in_order(self, request: SipMessage) -> bool:
        """False for a request that was sent before one that we have had already (section 12.2.2). ACK and CANCEL bear
        the number of their INVITE."""
        number = request.sequence[0]
        if request.method in ("ACK", "CANCEL"):
            return True
        in_order = number >= self.remote_number
        self.remote_number = max(number, self.remote_number)
        return in_order

    def request(
        self, method: str, *headers: tuple[str, str], number: int | None = None, body: bytes = b""
    ) -> SipMessage:
        """A new request in this dialog; `number` is given for ACK, which bears its INVITE's."""
        if number is None:
            self.number += 1
        return SipMessage(
            f"{method} {self.target} SIP/2.0",
            (
                ("via", f"SIP/2.0/{self.peer.protocol} {self.host};rport;branch={new_branch()}"),
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

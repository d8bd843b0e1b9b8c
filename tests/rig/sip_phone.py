"""A telephone whose every message is written by the test: plain datagrams, nothing of the product but its parser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

from voice.channels.errors import BadMessage
from voice.channels.sip.message import SipMessage, parameter, parse

OFFER = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 8 0 101
a=rtpmap:101 telephone-event/8000
a={direction}
"""


def offer(port: int, direction: str = "sendrecv") -> bytes:
    return OFFER.format(port=port, direction=direction).replace("\n", "\r\n").encode()


class Phone(asyncio.DatagramProtocol):
    """One telephone with one call."""

    def __init__(self, line: tuple[str, int]) -> None:
        self.line = line
        self.got: asyncio.Queue[SipMessage] = asyncio.Queue()
        self.rtp: asyncio.Queue[bytes] = asyncio.Queue()
        self.call_id = "call@telephone"
        self.to_tag = ""
        self.number = 0
        self.rtp_port = 0
        self.mouth: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            self.got.put_nowait(parse(data))
        except BadMessage:  # a refusal repeats what it refuses
            self.got.put_nowait(SipMessage(data.decode(errors="replace").partition("\r\n")[0], ()))

    def send(self, data: bytes) -> None:
        self.transport.sendto(data, self.line)

    def write(
        self,
        method: str,
        headers: Sequence[str] = (),
        body: bytes = b"",
        number: int | None = None,
        branch: str = "",
        protocol: str = "UDP",
    ) -> bytes:
        """A request; every new one gets the next number unless it is given."""
        if number is None:
            self.number += 1
        number = number or self.number
        to = "<sip:library@127.0.0.1>" + (f";tag={self.to_tag}" if self.to_tag else "")
        kind = ["Content-Type: application/sdp"] if body and not any("Content-Type" in line for line in headers) else []
        lines = [
            f"{method} sip:library@127.0.0.1:{self.line[1]} SIP/2.0",
            f"Via: SIP/2.0/{protocol} 127.0.0.1:{self.port};rport;branch=z9hG4bK{branch or f'{method}{number}'}",
            "Max-Forwards: 70",
            'From: "Reader" <sip:reader@127.0.0.1>;tag=reader',
            f"To: {to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:reader@127.0.0.1:{self.port}>",
            *headers,
            *kind,
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def reply(
        self, request: SipMessage, status: str, headers: Sequence[str] = (), body: bytes = b"", tag: str = ""
    ) -> None:
        """Answer a request of the line; `tag` is ours."""
        kept = [f"{name}: {request.header(name)}" for name in ("via", "from", "call-id", "cseq")]
        to = request.header("to") + (f";tag={tag}" if tag and "tag=" not in request.header("to") else "")
        contact = f"Contact: <sip:librarian@127.0.0.1:{self.port}>"
        kind = ["Content-Type: application/sdp"] if body else []
        lines = [f"SIP/2.0 {status}", *kept, f"To: {to}", contact, *headers, *kind, f"Content-Length: {len(body)}"]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    async def request(self, method: str) -> SipMessage:
        """The next request of this method, whatever comes before."""
        async with asyncio.timeout(5):
            while (message := await self.got.get()).method != method:
                pass
            return message

    async def answer(self, status: int | None = None) -> SipMessage:
        """The next message; with `status`, the next one with that, whatever comes before."""
        async with asyncio.timeout(5):
            while True:
                message = await self.got.get()
                if status is None or message.status == status:
                    return message

    async def ask(self, method: str, status: int, headers: Sequence[str] = (), body: bytes = b"") -> SipMessage:
        self.send(self.write(method, headers, body))
        return await self.answer(status)

    async def call(self, headers: Sequence[str] = ()) -> SipMessage:
        """Set a call up; returns the 200."""
        answer = await self.ask("INVITE", 200, headers, offer(self.rtp_port))
        self.to_tag = parameter(answer.header("to"), "tag")
        self.send(self.write("ACK", number=self.number, branch=f"ack{self.number}"))
        return answer


class _Rtp(asyncio.DatagramProtocol):
    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.phone.rtp.put_nowait(data)


@asynccontextmanager
async def telephone(port: int) -> AsyncIterator[Phone]:
    """A telephone that knows the line at this port."""
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(
        lambda: Phone(("127.0.0.1", port)), local_addr=("127.0.0.1", 0)
    )
    ear, _ = await loop.create_datagram_endpoint(lambda: _Rtp(phone), local_addr=("127.0.0.1", 0))
    phone.rtp_port, phone.mouth = ear.get_extra_info("sockname")[1], ear
    try:
        yield phone
    finally:
        transport.close()
        ear.close()
        await asyncio.sleep(0)

"""SIP messages (RFC 3261, section 7): read, looked into, written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from voice.channels.sip.errors import BadMessage

LARGEST = 16_384
"""Bytes of a message that are read; no honest call needs more."""
MOST_HEADERS = 200

COMPACT = {
    "i": "call-id",
    "m": "contact",
    "e": "content-encoding",
    "l": "content-length",
    "c": "content-type",
    "f": "from",
    "s": "subject",
    "k": "supported",
    "t": "to",
    "v": "via",
    "r": "refer-to",
    "o": "event",
    "x": "session-expires",
}
"""Compact header names (RFC 3261, section 7.3.3 and the RFCs of the extensions)."""

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response. Header names are lower case and long; a header may occur several times."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def method(self) -> str:
        """INVITE, BYE …; "" for a response."""
        return "" if self.start.startswith("SIP/2.0 ") else self.start.split(" ", 1)[0]

    @property
    def uri(self) -> str:
        """The request URI."""
        return self.start.split(" ")[1]

    @property
    def status(self) -> int:
        """The status code of a response; 0 for a request."""
        return int(self.start.split(" ", 2)[1]) if self.start.startswith("SIP/2.0 ") else 0

    def header(self, name: str) -> str:
        """The first value of a header; "" when it is missing."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a header, in order."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def sequence(self) -> tuple[int, str]:
        """CSeq: number and method."""
        number, method = self.header("cseq").split(None, 1)
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: it names the transaction (section 17)."""
        return parameter(self.header("via").split(",")[0], "branch")

    def encode(self) -> bytes:
        lines = [self.start, *(f"{_written(name)}: {value}" for name, value in self.headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""])
        return head.encode() + self.body


def _written(name: str) -> str:
    return {"call-id": "Call-ID", "cseq": "CSeq"}.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def parse(data: bytes) -> Message:
    """Read one message as it came in a datagram. Raises BadMessage."""
    if len(data) > LARGEST:
        raise BadMessage(f"a message of {len(data)} bytes")
    head, separator, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise BadMessage("no end of headers")
    lines = _unfolded(head.decode("utf-8", errors="replace"))
    start = lines[0]
    if not re.fullmatch(r"SIP/2\.0 [1-6]\d\d( .*)?|[A-Za-z0-9.!%*_+`'~-]+ \S+ SIP/2\.0", start):
        raise BadMessage("no SIP start line")
    if len(lines) > MOST_HEADERS:
        raise BadMessage("too many headers")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise BadMessage("a line that is no header")
        name = name.strip().lower()
        headers.append((COMPACT.get(name, name), value.strip()))
    return _checked(Message(start, tuple(headers), body))


def _unfolded(head: str) -> list[str]:
    """Header lines; a line that begins with white space continues the one before (section 7.3.1)."""
    return re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")


def _checked(message: Message) -> Message:
    """The headers that every message needs (section 8.1.1) are there and can be read; the body has its length."""
    for name in ("via", "from", "to", "call-id", "cseq"):
        if not message.header(name):
            raise BadMessage(f"no {name}")
    if not re.fullmatch(r"\d{1,10}\s+\S+", message.header("cseq")) or message.sequence[0] >= 2**31:
        raise BadMessage("a CSeq that is none")
    if message.method and message.sequence[1] != message.method:
        raise BadMessage("a CSeq of another method")
    length = message.header("content-length")
    if length:
        if not re.fullmatch(r"\d{1,6}", length) or int(length) > len(message.body):
            raise BadMessage("a body shorter than announced")
        message = Message(message.start, message.headers, message.body[: int(length)])
    return Message(
        message.start, tuple((name, value) for name, value in message.headers if name != "content-length"), message.body
    )


def parameter(value: str, name: str) -> str:
    """A ;name=value parameter of a header outside of <>; "" when it is missing or empty."""
    outside = re.sub(r'"[^"]*"|<[^>]*>', "", value)
    found = re.search(rf";\s*{re.escape(name)}\s*=\s*\"?([^;,\s\"]+)", outside, re.IGNORECASE)
    return found[1] if found else ""


def address(value: str) -> str:
    """The URI of a From, To, Contact or Refer-To header, without <>."""
    inside = re.search(r"<([^>]*)>", value)
    return inside[1].strip() if inside else value.split(";")[0].strip()


def respond(
    request: Message, status: int, tag: str = "", headers: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> Message:
    """A response with the headers that section 8.2.6 takes over from the request; `tag` is ours, added to To."""
    kept = [(name, value) for name, value in request.headers if name in ("via", "from", "call-id", "cseq")]
    to = request.header("to")
    if tag and not parameter(to, "tag"):
        to = f"{to};tag={tag}"
    reason = REASONS.get(status, "Unknown")
    return Message(f"SIP/2.0 {status} {reason}", (*kept, ("to", to), *headers), body)


def with_received(request: Message, host: str, port: int) -> Message:
    """The request with `received` and `rport` in its topmost Via (RFC 3261 section 18.2.1, RFC 3581 section 4)."""
    headers = list(request.headers)
    at = next(index for index, (name, _) in enumerate(headers) if name == "via")
    first, comma, others = headers[at][1].partition(",")
    first = re.sub(r";\s*rport(?=\s*(;|$))", f";rport={port}", first, flags=re.IGNORECASE)
    headers[at] = ("via", f"{first.strip()};received={host}{comma}{others}")
    return Message(request.start, tuple(headers), request.body)

"""SIP messages (RFC 3261, section 7): read, looked into, written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from voice.channels.errors import BadMessage

LARGEST = 16_384
"""Bytes of a message that are read; no honest call needs more."""
MOST_HEADERS = 200
LONGEST_VALUE = 2_000
"""Characters of a header that are searched for parameters: hostile ones must not cost time."""

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

NEEDED = ("via", "from", "to", "call-id", "cseq")
"""Headers without which a message cannot even be answered (section 8.1.1)."""
SINGLE = ("from", "to", "call-id", "cseq", "max-forwards", "content-length")
"""Headers that may occur once."""

SERVER = ("server", "Dauys")
"""Who answers (section 20.35); no version, which would help others only."""

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    503: "Service Unavailable",
    505: "Version Not Supported",
}


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A request or a response. Header names are lower case and long; a header may occur several times."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    fault: int = 0
    """Status with which this request has to be refused; 0 when it is sound."""

    @property
    def method(self) -> str:
        """INVITE, BYE …; "" for a response."""
        return "" if self.start.startswith("SIP/2.0 ") else self.start.split(" ", 1)[0]

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
        """CSeq: number and method. Of a message without `fault`."""
        number, method = self.header("cseq").split(None, 1)
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: it names the transaction (section 17)."""
        return parameter(self.header("via").split(",")[0], "branch")

    def encode(self) -> bytes:
        lines = [self.start, *(f"{_written(name)}: {value}" for name, value in self.headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(self.body)}", "", ""])
        return head.encode(errors="replace") + self.body


def _written(name: str) -> str:
    return {"call-id": "Call-ID", "cseq": "CSeq"}.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def parse(data: bytes) -> SipMessage:
    """Read one message. Raises BadMessage for what cannot even be answered; `fault` marks what must be refused."""
    if len(data) > LARGEST:
        raise BadMessage(f"a message of {len(data)} bytes")
    head, separator, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise BadMessage("no end of headers")
    # A line that begins with white space continues the one before (section 7.3.1).
    start, *lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", errors="replace")).split("\r\n")
    if len(lines) > MOST_HEADERS:
        raise BadMessage("too many headers")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not re.fullmatch(r"[a-z0-9.!%*_+`'~-]+", name):
            raise BadMessage("a line that is no header")
        headers.append((COMPACT.get(name, name), value.strip()))
    message = SipMessage(start, tuple(headers), body)
    for name in NEEDED:
        if not message.header(name):
            raise BadMessage(f"no {name}")
    fault = _fault(message)
    if fault and not message.method:
        raise BadMessage("a response that is not sound")
    length = message.header("content-length")
    return replace(
        message,
        headers=tuple((name, value) for name, value in headers if name != "content-length"),
        body=body[: int(length)] if length and not fault else body,
        fault=fault,
    )


def _fault(message: SipMessage) -> int:
    """Raises BadMessage for a start line that is none of SIP's."""
    if message.start.startswith("SIP/2.0 "):
        if not re.fullmatch(r"SIP/2\.0 [1-6]\d\d( .*)?", message.start):
            raise BadMessage("a status that is none")
    else:
        version = re.fullmatch(r"([A-Za-z0-9.!%*_+`'~-]+) .*\bSIP/(\d+\.\d+)\s*", message.start)
        if not version:
            raise BadMessage("no SIP start line")
        if version[2] != "2.0":
            return 505
        if not re.fullmatch(r"\S+ [^\s<>\"]+ SIP/2\.0", message.start):
            return 400
        if not re.fullmatch(r"(sips?|tel):\S*", message.start.split(" ")[1], re.IGNORECASE):
            return 416
    if any(len(message.all(name)) > 1 for name in SINGLE):
        return 400
    cseq = re.fullmatch(r"(\d{1,10})\s+(\S+)", message.header("cseq"))
    if not cseq or int(cseq[1]) >= 2**31 or message.method not in ("", cseq[2]):
        return 400
    length = message.header("content-length") or "0"
    if not re.fullmatch(r"[0-9]{1,6}", length) or int(length) > len(message.body):
        return 400
    if any(message.header(name).count('"') % 2 for name in ("from", "to")):
        return 400
    if any(re.search(r"[;,]\s*([;,]|$)", via[:LONGEST_VALUE]) for via in message.all("via")):
        return 400
    return 0


def parameter(value: str, name: str) -> str:
    """A ;name=value parameter of a header outside of <>; "" when it is missing or empty."""
    outside = re.sub(r'"[^"]*"|<[^>]*>', "", value[:LONGEST_VALUE])
    found = re.search(rf";\s*{re.escape(name)}\s*=\s*\"?([^;,\s\"]+)", outside, re.IGNORECASE)
    return found[1] if found else ""


def address(value: str) -> str:
    """The URI of a From, To, Contact or Refer-To header, without <>."""
    inside = re.search(r"<([^>]*)>", value[:LONGEST_VALUE])
    return inside[1].strip() if inside else value.split(";")[0].strip()


def respond(
    request: SipMessage, status: int, tag: str = "", headers: Iterable[tuple[str, str]] = (), body: bytes = b""
) -> SipMessage:
    """A response with the headers that section 8.2.6 takes over from the request; `tag` is ours, added to To."""
    kept = [(name, value) for name, value in request.headers if name in ("via", "from", "call-id", "cseq")]
    to = request.header("to")
    if tag and not parameter(to, "tag"):
        to = f"{to};tag={tag}"
    return SipMessage(f"SIP/2.0 {status} {REASONS[status]}", (*kept, ("to", to), SERVER, *headers), body)


def with_received(request: SipMessage, host: str, port: int) -> SipMessage:
    """The request with `received` and `rport` in its topmost Via (RFC 3261 section 18.2.1, RFC 3581 section 4)."""
    headers = list(request.headers)
    at = next(index for index, (name, _) in enumerate(headers) if name == "via")
    first, comma, others = headers[at][1].partition(",")
    first = re.sub(r";\s*rport(?=\s*(;|$))", f";rport={port}", first, flags=re.IGNORECASE)
    headers[at] = ("via", f"{first.strip()};received={host}{comma}{others}")
    return replace(request, headers=tuple(headers))


def reply_port(request: SipMessage, source: int) -> int:
    """Where a response over UDP goes: the port of the packet when rport was asked for, else Via's (section 18.2.2)."""
    via = request.header("via").split(",")[0]
    if parameter(via, "rport"):
        return source
    sent_by = re.search(r"/UDP\s+(?:\[[^\]]*\]|[^\s:;]+)(?:\s*:\s*(\d{1,5}))?", via[:LONGEST_VALUE], re.IGNORECASE)
    port = int(sent_by[1] or 5060) if sent_by else source
    return port if 0 < port <= 65535 else source

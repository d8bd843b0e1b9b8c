"""SIP2 messages as bytes: a two-digit code, fixed fields, `XXvalue|` fields, sequence digit and checksum, CR.

Source: 3M Standard Interchange Protocol 2.00, sections "Message format" and "Checksum algorithm".
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

LONGEST_VALUE = 255
"""Bytes of one variable field."""
TRAILER = re.compile(rb"(?:AY(?P<sequence>\d))?AZ(?P<checksum>[0-9A-Fa-f]{4})$")
START = re.compile(rb"\d\d")
RESEND = b"97AZFEF5\r"
"""Asks the server to send its last message once more. It does nothing a second time."""
SERVER_ASKS_AGAIN = "96"

FIXED = {
    "16": 20, "18": 24, "24": 35, "30": 22, "36": 19, "64": 59, "66": 27, "94": 1, "96": 0, "98": 34,
}  # fmt: skip
"""Code of an answer -> characters of its fixed fields, which come before the variable ones."""


class Damaged(Exception):
    """The bytes are no whole message."""


@dataclass(frozen=True, slots=True)
class Sip2Message:
    """One answer of the server."""

    code: str
    fixed: str
    fields: tuple[tuple[str, str], ...]
    """Two-letter names and values in the order of the message; a name may come several times."""
    sequence: int | None
    checked: bool
    """It came with a checksum, and the checksum is right."""

    def get(self, name: str) -> str:
        """The first value of that name; "" when there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name that is not empty."""
        return tuple(value for known, value in self.fields if known == name and value)


def checksum(through_az: bytes) -> bytes:
    """Of the bytes (not characters) of a message through its `AZ`: what makes their sum 0 modulo 65,536, in hex."""
    return b"%04X" % (-sum(through_az) & 0xFFFF)


def encode(start: str, fields: Iterable[tuple[str, str]], sequence: int, encoding: str) -> bytes:
    """The whole frame. `start` is the code with its fixed fields, `sequence` a digit.

    Raises ValueError for a value that cannot be said in SIP2: it holds `|` or a control character, is too long, or has
    letters that `encoding` lacks.
    """
    body = start.encode("ascii")
    for name, value in fields:
        if "|" in value or any(unicodedata.category(letter) == "Cc" for letter in value):
            raise ValueError(f"field {name}: SIP2 has no way to write | or a control character")
        encoded = value.encode(encoding)
        if len(encoded) > LONGEST_VALUE:
            raise ValueError(f"field {name}: {len(encoded)} bytes, SIP2 allows {LONGEST_VALUE}")
        body += name.encode("ascii") + encoded + b"|"
    body += b"AY%dAZ" % sequence
    return body + checksum(body) + b"\r"


def decode(frame: bytes, encoding: str) -> Sip2Message:
    """Raises Damaged when the checksum is wrong or the bytes are no answer. Bytes that are no letter are replaced."""
    # Some servers end a message with CR LF, so the LF leads the next one; noise on a serial bridge comes there too.
    body = frame.strip(b"\r\n")
    begins = START.search(body)
    if begins is None:
        raise Damaged("no message code")
    body = body[begins.start() :]
    trailer = TRAILER.search(body)
    if trailer and checksum(body[: trailer.start("checksum")]) != trailer["checksum"].upper():
        raise Damaged("wrong checksum")
    text = body[: trailer.start() if trailer else None].decode(encoding, "replace")
    code = text[:2]
    fixed_ends = 2 + FIXED.get(code, 0)
    if code not in FIXED or len(text) < fixed_ends:
        raise Damaged(f"no whole answer: code {code}")
    sequence = int(trailer["sequence"]) if trailer and trailer["sequence"] else None
    fields = tuple((part[:2], _readable(part[2:], encoding)) for part in text[fixed_ends:].split("|") if len(part) >= 2)
    return Sip2Message(code, text[2:fixed_ends], fields, sequence, trailer is not None)


def _readable(value: str, encoding: str) -> str:
    """The value as it was meant: servers send Cyrillic encoded twice and taken apart, and write | as `&#124;`."""
    value = unicodedata.normalize("NFC", value.replace("&#124;", "|"))
    if codecs.lookup(encoding).name == "utf-8":
        with suppress(UnicodeError):  # raised by what was not encoded twice
            value = value.encode("latin-1").decode("utf-8")
    return unicodedata.normalize("NFC", value).strip()

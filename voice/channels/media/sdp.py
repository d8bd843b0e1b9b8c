"""Session descriptions (RFC 4566) as far as a call needs them: one audio stream, offered and answered (RFC 3264)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from voice.channels.errors import BadMessage
from voice.channels.media.g711 import PCMA, PCMU, Coding

NAMES = {PCMA: "PCMA/8000", PCMU: "PCMU/8000"}
STATIC = (Coding(PCMA, PCMA), Coding(PCMU, PCMU))
"""The laws under their own numbers, the favourite first."""
LAW_OF = {name: law for law, name in NAMES.items()}
OUR_KEYS = 101
"""Payload type of telephone-event in our offers."""
MOST_STREAMS = 10
"""Streams of an offer that are read."""


@dataclass(frozen=True, slots=True)
class Media:
    """Where one side of a call wants its audio, and in which codings."""

    host: str
    """IP address; 0.0.0.0 holds the call (the old way)."""
    port: int
    laws: tuple[Coding, ...] = STATIC
    """The favourite first."""
    keys: int | None = OUR_KEYS
    """Payload type of telephone-event (RFC 4733), or None."""
    direction: str = "sendrecv"
    before: tuple[str, ...] = ()
    """Streams ahead of this one in the offer, such as video: kind, transport and format. All are refused."""
    after: tuple[str, ...] = ()
    """Streams behind this one."""

    @property
    def receives(self) -> bool:
        """This side wants to hear us: the call is not on hold."""
        return self.direction in ("sendrecv", "recvonly") and self.host not in ("0.0.0.0", "::")

    @property
    def sends(self) -> bool:
        """This side means to send audio."""
        return self.direction in ("sendrecv", "sendonly")


def read(body: bytes) -> Media:
    """The audio stream of an offer or answer. Raises BadMessage when there is none that can be used."""
    text = body.decode("utf-8", errors="replace").replace("\r\n", "\n")
    session, *streams = re.split(r"(?m)^(?=m=)", text)
    lines = tuple(stream.partition("\n")[0] for stream in streams[:MOST_STREAMS])
    for at, line in enumerate(lines):
        found = re.fullmatch(r"m=audio (\d{1,5})(?:/\d+)? RTP/AVPF? ([\d ]{1,200})", line)
        if found and 0 < int(found[1]) <= 65535:
            types = [int(payload_type) for payload_type in found[2].split()]
            others = tuple(_refused(other) for other in lines)
            return _audio(int(found[1]), types, session, streams[at], others[:at], others[at + 1 :])
    raise BadMessage("no audio stream in the session description")


def _refused(line: str) -> str:
    """Another stream with port 0: refused, but in its place (RFC 3264, section 6)."""
    return re.sub(r"^(m=\S+) \S+", r"\1 0", line)


def _audio(
    port: int, types: list[int], session: str, stream: str, before: tuple[str, ...], after: tuple[str, ...]
) -> Media:
    connection = re.search(r"(?m)^c=IN IP[46] (\S+)", stream) or re.search(r"(?m)^c=IN IP[46] (\S+)", session)
    try:
        host = str(ip_address(connection[1].split("/")[0])) if connection else ""
    except ValueError:
        host = ""
    if not host:
        raise BadMessage("no usable address in the session description")
    # An rtpmap decides, whatever the number; one channel may be named or not (RFC 4566, section 6).
    names = {law: name for law, name in NAMES.items()}
    for number, name in re.findall(r"(?m)^a=rtpmap:(\d{1,3}) (\S+)", stream):
        names[int(number)] = name.upper().removesuffix("/1")
    laws = tuple(Coding(number, LAW_OF[names[number]]) for number in types if names.get(number) in LAW_OF)
    keys = next((number for number in types if names.get(number) == "TELEPHONE-EVENT/8000"), None)
    directions = re.findall(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)\s*$", session + stream)
    return Media(host, port, laws, keys, directions[-1] if directions else "sendrecv", before, after)


def write(media: Media, session: int, version: int) -> bytes:
    """A session description; `version` grows with every change of the session (RFC 3264, section 8)."""
    types = [*(coding.number for coding in media.laws), *([media.keys] if media.keys is not None else [])]
    family = "IP6" if ":" in media.host else "IP4"
    lines = [
        "v=0",
        f"o=dauys {session} {version} IN {family} {media.host}",
        "s=Dauys",
        f"c=IN {family} {media.host}",
        "t=0 0",
        *media.before,
        f"m=audio {media.port} RTP/AVP {' '.join(map(str, types))}",
        *(f"a=rtpmap:{coding.number} {NAMES[coding.law]}" for coding in media.laws),
    ]
    if media.keys is not None:
        lines += [f"a=rtpmap:{media.keys} telephone-event/8000", f"a=fmtp:{media.keys} 0-16"]
    return "\r\n".join([*lines, "a=ptime:20", f"a={media.direction}", *media.after, ""]).encode()


def answer(offer: Media, host: str, port: int) -> Media | None:
    """Our side of an offer: one law, the offer's key events; None when no law is common (488)."""
    if not offer.laws:
        return None
    opposite = {"sendonly": "recvonly", "recvonly": "sendonly"}.get(offer.direction, offer.direction)
    return Media(host, port, offer.laws[:1], offer.keys, opposite, offer.before, offer.after)

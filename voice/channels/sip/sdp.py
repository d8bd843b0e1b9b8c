"""Session descriptions (RFC 4566) as far as a call needs them: one audio stream, offered and answered (RFC 3264)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from voice.channels.sip.errors import BadMessage
from voice.channels.sip.g711 import LAWS, PCMA, PCMU

NAMES = {PCMA: "PCMA/8000", PCMU: "PCMU/8000"}
OUR_KEYS = 101
"""Payload type of telephone-event in our offers."""


@dataclass(frozen=True, slots=True)
class Media:
    """Where one side of a call wants its audio, and in which codings."""

    host: str
    """IP address; 0.0.0.0 holds the call (the old way)."""
    port: int
    laws: tuple[int, ...]
    """G.711 payload types, the favourite first."""
    keys: int | None = OUR_KEYS
    """Payload type of telephone-event (RFC 4733), or None."""
    direction: str = "sendrecv"

    @property
    def receives(self) -> bool:
        """This side wants to hear us: the call is not on hold."""
        return self.direction in ("sendrecv", "recvonly") and self.host != "0.0.0.0"


def read(body: bytes) -> Media:
    """The audio stream of an offer or answer. Raises BadMessage when there is none that can be used."""
    text = body.decode("utf-8", errors="replace")
    sections = re.split(r"(?m)^(?=m=)", text.replace("\r\n", "\n"))
    for section in sections[1:]:
        found = re.match(r"m=audio (\d{1,5})(?:/\d+)? RTP/AVPF? ([\d ]+)", section)
        if found and 0 < int(found[1]) <= 65535:
            return _audio(int(found[1]), [int(pt) for pt in found[2].split()[:40]], section, sections[0])
    raise BadMessage("no audio stream in the session description")


def _audio(port: int, payload_types: list[int], section: str, session: str) -> Media:
    connection = re.search(r"(?m)^c=IN IP[46] (\S+)", section) or re.search(r"(?m)^c=IN IP[46] (\S+)", session)
    try:
        host = str(ip_address(connection[1].split("/")[0])) if connection else ""
    except ValueError:
        host = ""
    if not host:
        raise BadMessage("no usable address in the session description")
    names = {int(pt): name for pt, name in re.findall(r"(?m)^a=rtpmap:(\d{1,3}) (\S+)", section)}
    laws = tuple(pt for pt in payload_types if pt in LAWS)
    keys = next((pt for pt in payload_types if names.get(pt, "").lower() == "telephone-event/8000"), None)
    directions = re.findall(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)\s*$", session + section)
    return Media(host, port, laws, keys, directions[-1] if directions else "sendrecv")


def write(media: Media, number: int) -> bytes:
    """A session description; `number` grows with every change (RFC 3264, section 8)."""
    types = [*media.laws, *([media.keys] if media.keys is not None else [])]
    family = "IP6" if ":" in media.host else "IP4"
    lines = [
        "v=0",
        f"o=dauys {number} {number} IN {family} {media.host}",
        "s=Dauys",
        f"c=IN {family} {media.host}",
        "t=0 0",
        f"m=audio {media.port} RTP/AVP {' '.join(map(str, types))}",
        *(f"a=rtpmap:{law} {NAMES[law]}" for law in media.laws),
    ]
    if media.keys is not None:
        lines += [f"a=rtpmap:{media.keys} telephone-event/8000", f"a=fmtp:{media.keys} 0-16"]
    return "\r\n".join([*lines, "a=ptime:20", f"a={media.direction}", ""]).encode()


def answer(offer: Media, host: str, port: int) -> Media | None:
    """Our side of an offer: one law, the offer's key events; None when no law is common (488)."""
    if not offer.laws:
        return None
    opposite = {"sendonly": "recvonly", "recvonly": "sendonly"}.get(offer.direction, offer.direction)
    return Media(host, port, offer.laws[:1], offer.keys, opposite)

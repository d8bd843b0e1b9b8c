"""Who asks, and whether the way is encrypted, where the site stands behind proxies that the settings name.

Headers can be written by anybody: they are believed as far as a trusted proxy has written them, and no further.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from aiohttp import web

from voice.values.allowlist import Network, is_allowed


def asker(request: web.Request, trusted: Sequence[Network]) -> str:
    """The address of whoever asks: the last one in X-Forwarded-For that is no trusted proxy's; without one, the
    peer's."""
    address = request.remote or ""
    forwarded = [part.strip() for value in request.headers.getall("X-Forwarded-For", []) for part in value.split(",")]
    while forwarded and is_allowed(address, trusted):
        before = forwarded.pop()
        try:
            address = str(ip_address(before))
        except ValueError:
            break  # what a proxy does not write
    return address


def is_encrypted(request: web.Request, trusted: Sequence[Network]) -> bool:
    """Whether the browser came by HTTPS, to us or to a trusted proxy."""
    if request.secure:
        return True
    scheme = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
    return scheme == "https" and is_allowed(request.remote or "", trusted)

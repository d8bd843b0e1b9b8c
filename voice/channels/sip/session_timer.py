"""Session timers (RFC 4028): a call whose other side has vanished ends by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voice.channels.sip.message import SipMessage, parameter

SHORTEST_S = 90
"""Min-SE: a shorter interval is refused with 422 (section 5)."""
MARGIN_S = 32
"""Seconds before the end at which the side that waits for a refresh gives up, a third of the interval at most."""


@dataclass(frozen=True, slots=True)
class SessionTimer:
    """What both sides have agreed on."""

    interval_s: int
    ours: bool
    """We refresh, at half of the interval; else the peer does (section 7.2)."""

    @property
    def wait_s(self) -> float:
        """Seconds until we refresh, or until the call is taken to be dead (section 10)."""
        if self.ours:
            return self.interval_s / 2
        return self.interval_s - min(MARGIN_S, self.interval_s / 3)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """For our 200."""
        if self.ours:
            return (("session-expires", f"{self.interval_s};refresher=uas"),)
        return (("require", "timer"), ("session-expires", f"{self.interval_s};refresher=uac"))


def wanted(request: SipMessage) -> SessionTimer | None:
    """What the peer asks for in an INVITE or UPDATE; None when it asks for nothing.

    The timer's `interval_s` may be below SHORTEST_S: the request is then to be refused with 422.
    """
    found = re.match(r"(\d{1,9})\b", request.header("session-expires"))
    if not found:
        return None
    can_refresh = "timer" in ",".join((*request.all("supported"), *request.all("require")))
    return SessionTimer(
        int(found[1]), parameter(request.header("session-expires"), "refresher") == "uas" or not can_refresh
    )

"""Keys by SIP INFO, as telephones without RFC 4733 send them."""

from __future__ import annotations

import re

from voice.channels.sip.message import SipMessage
from voice.channels.telephone_keys import TELEPHONE_KEYS

WRITTEN = {"10": "*", "11": "#"}
"""Some send the number of the event instead of the key."""


def is_key(info: SipMessage) -> bool:
    """The INFO bears application/dtmf-relay ("Signal=5") or application/dtmf ("5"); any other is refused."""
    return "dtmf" in info.header("content-type").lower()


def key_of(info: SipMessage) -> str:
    """The key that it tells; "" for none of 0-9 * #, and for more than one sign."""
    text = info.body[:200].decode("ascii", errors="replace")
    signal = re.search(r"(?im)^\s*signal\s*=\s*(\S+)", text)
    written = signal[1] if signal else text.strip()
    key = WRITTEN.get(written, written)
    return key if key in TELEPHONE_KEYS else ""

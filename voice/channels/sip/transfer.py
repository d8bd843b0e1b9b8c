"""Handing a call over to a person (REFER, RFC 3515), and how it went."""

from __future__ import annotations

import asyncio
import re

from voice.channels.sip.dialog import Dialog
from voice.channels.sip.message import Message
from voice.channels.sip.transaction import Transactions

OUTCOME_S = 20.0
"""Seconds in which a transfer is reported to have worked or failed; a peer that reports nothing has accepted it."""


class Transfer:
    """One attempt. To be made in a running event loop."""

    def __init__(self) -> None:
        self._outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def ask(self, target: str, dialog: Dialog, transactions: Transactions) -> bool:
        """Ask the peer to call `target` instead; False when it refuses or fails."""
        refer = dialog.request("REFER", ("refer-to", f"<{target}>"), ("referred-by", dialog.contact))
        response = await transactions.ask(refer, dialog.peer)
        if response is None or response.status >= 300:
            return False
        done, _ = await asyncio.wait([self._outcome], timeout=OUTCOME_S)
        return self._outcome.result() if done else True

    def progress(self, notify: Message) -> None:
        """A NOTIFY: its body is a status line of the new call (RFC 3515, section 2.4.5)."""
        found = re.match(rb"SIP/2\.0 ([2-6])\d\d", notify.body)
        if found:
            self.ended(worked=found[1] == b"2")

    def ended(self, *, worked: bool) -> None:
        """The outcome is known; the first one counts."""
        if not self._outcome.done():
            self._outcome.set_result(worked)

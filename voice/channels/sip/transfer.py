"""Handing a call over to a person (REFER, RFC 3515; RFC 5589), and how it went."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from voice.channels.sip.consultation import FAREWELL_S, Consultation
from voice.channels.sip.dialog import Dialog
from voice.channels.sip.message import SipMessage
from voice.channels.sip.transaction import Transactions

RING_S = 18.0
"""Seconds for which a person's telephone rings."""
OUTCOME_S = 20.0
"""Seconds in which a transfer is reported to have worked or failed; a peer that reports nothing has accepted it."""
ATTENDED_S = 5.0
"""The same where the person has answered already."""


class Transfer:
    """One attempt. To be made in a running event loop."""

    def __init__(self) -> None:
        self._outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def blind(self, target: str, dialog: Dialog, transactions: Transactions) -> bool:
        """Ask the peer to call `target` instead; False when it refuses or fails."""
        return await self._refer(target, dialog, transactions, OUTCOME_S)

    async def attended(
        self, person: Consultation, dialog: Dialog, transactions: Transactions, ringing: Callable[[bool], None]
    ) -> bool:
        """Call the person first; when she answers, ask the peer to take our place. False when she is busy or does not
        answer, when the reader hangs up meanwhile, and when the peer cannot: the reader is ours still then. `ringing`
        is notified when her telephone rings and when no longer."""
        calling = asyncio.create_task(person.call(lambda: ringing(True)))
        try:
            await asyncio.wait([calling, self._outcome], timeout=RING_S, return_when=asyncio.FIRST_COMPLETED)
            if self._outcome.done() or not calling.done() or not calling.result():
                return False
            ringing(False)
            return await self._refer(person.refer_to, dialog, transactions, ATTENDED_S)
        finally:
            ringing(False)
            if calling.done():
                transactions.go_on(person.end(FAREWELL_S if self._worked else 0.0))
            else:
                calling.cancel()

    async def _refer(self, target: str, dialog: Dialog, transactions: Transactions, wait_s: float) -> bool:
        refer = dialog.request("REFER", ("refer-to", f"<{target}>"), ("referred-by", dialog.contact))
        response = await transactions.ask(refer, dialog.peer)
        if response is None or response.status >= 300:
            return False
        await asyncio.wait([self._outcome], timeout=wait_s)
        self.ended(worked=True)
        return self._outcome.result()

    @property
    def _worked(self) -> bool:
        return self._outcome.done() and self._outcome.result()

    def progress(self, notify: SipMessage) -> None:
        """A NOTIFY: its body is a status line of the new call (RFC 3515, section 2.4.5)."""
        found = re.match(rb"SIP/2\.0 ([2-6])\d\d", notify.body)
        if found:
            self.ended(worked=found[1] == b"2")

    def ended(self, *, worked: bool) -> None:
        """The outcome is known; the first one counts."""
        if not self._outcome.done():
            self._outcome.set_result(worked)

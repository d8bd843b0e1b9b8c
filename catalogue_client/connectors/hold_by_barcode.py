"""Books found over SRU, held over SIP2: the one names a record by its number, the other by the bar code of a copy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from catalogue_client.protocols import Circulation
from catalogue_client.values.accounts import Hold
from catalogue_client.values.bibliographic import Record


class HoldByBarcode:
    """The circulation behind it, with holds placed by bar code. Everything else passes."""

    def __init__(self, circulation: Circulation, record: Callable[[str], Awaitable[Record]]) -> None:
        self._circulation = circulation
        self._record = record
        self.identify = circulation.identify
        self.loans, self.renew, self.renew_all = circulation.loans, circulation.renew, circulation.renew_all
        self.holds, self.cancel_hold = circulation.holds, circulation.cancel_hold
        self.register, self.save_preferences = circulation.register, circulation.save_preferences

    async def place_hold(self, ticket: str, record_id: str, place_id: str, *, key: str) -> Hold:
        """For any copy of the record; a record that tells no bar code is tried by its own number."""
        barcodes = (await self._record(record_id)).barcodes
        return await self._circulation.place_hold(ticket, barcodes[0] if barcodes else record_id, place_id, key=key)

"""Books found over SRU, held over SIP2: the one names a record by its number, the other by the bar code of a copy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from catalogue_client.values.bibliographic import Record


def barcode_lookup(record: Callable[[str], Awaitable[Record]]) -> Callable[[str], Awaitable[str]]:
    """Return a function from a record id to the bar code of any copy. `record`: record id -> record.

    A record without bar codes keeps its own number. The function raises what `record` raises.
    """

    async def barcode(record_id: str) -> str:
        barcodes = (await record(record_id)).barcodes
        return barcodes[0] if barcodes else record_id

    return barcode

"""The library as its readers meet it when a library system stands in front of the embedded store.

Search and circulation are chosen one by one: each comes from a library system or from the store. Places, home delivery
and call-backs stay with the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalogue_client.connectors.circuit_breaker import CircuitBreaker
from catalogue_client.connectors.hold_by_barcode import HoldByBarcode
from catalogue_client.connectors.koha.circulation import koha_circulation
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.offline_catalogue import OfflineCatalogue
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.connectors.resilient_catalogue import ResilientCatalogue
from catalogue_client.connectors.resilient_circulation import ResilientCirculation
from catalogue_client.connectors.sip2.circulation import sip2_circulation
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.connectors.sru.catalogue import sru_catalogue
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.embedded_library import Library
from catalogue_client.protocols import Circulation
from catalogue_client.values.accounts import PendingRequestKind
from catalogue_client.values.bibliographic import Record


@dataclass(frozen=True, slots=True)
class LibrarySystem:
    """Which parts a library system does; None is the embedded store."""

    search: SruSettings | None = None
    circulation: Sip2Settings | KohaSettings | None = None


@asynccontextmanager
async def connected(
    library: Library, system: LibrarySystem, home: Path, clock: Callable[[], datetime]
) -> AsyncIterator[Library]:
    """`library` with search and circulation done by `system`, its copy and its wishes kept in `home`.

    Opens without the system being there. Raises StorageError; OSError when a certificate cannot be read.
    """
    if system == LibrarySystem():
        yield library
        return
    both = copy.copy(library)
    async with AsyncExitStack() as stack:
        records = OfflineCatalogue.open(home / "library_system", clock)
        stack.callback(records.close)
        if system.search is not None:
            searched = await stack.enter_async_context(sru_catalogue(system.search))
            catalogue = ResilientCatalogue(searched, records, CircuitBreaker("the SRU server"))
            both.search, both.record = catalogue.search, catalogue.record
            both.shelves, both.new_records = catalogue.shelves, catalogue.new_records
        if system.circulation is not None:
            wishes = PendingRequestStore.open(home / "library_system")
            stack.callback(wishes.close)
            lent = await stack.enter_async_context(_circulation(system, both.record))
            places = _places(system)
            circulation = ResilientCirculation(
                lent,
                wishes,
                both.record,
                CircuitBreaker("the library system"),
                lambda code: places.get(code, code),
                clock,
            )
            both.identify, both.register = circulation.identify, circulation.register
            both.save_preferences = circulation.save_preferences
            both.history = _no_history
            both.loans, both.renew, both.renew_all = circulation.loans, circulation.renew, circulation.renew_all
            both.holds, both.place_hold, both.cancel_hold = (
                circulation.holds, circulation.place_hold, circulation.cancel_hold,
            )  # fmt: skip
            both.wish_news, both.wish_news_heard = circulation.wish_news, circulation.wish_news_heard
            both.unsure = _not_ours
            sending = asyncio.create_task(circulation.send_wishes())
            stack.push_async_callback(_stopped, sending)
        yield both


async def _not_ours(ticket: str, kind: PendingRequestKind, subject: str, *, key: str) -> None:
    """What became of a change in the library system its lists tell."""


async def _no_history(ticket: str) -> None:
    """What was read stays in the library system, if it stays at all: neither SIP2 nor we ask for it."""


@asynccontextmanager
async def _circulation(system: LibrarySystem, record: Callable[[str], Awaitable[Record]]) -> AsyncIterator[Circulation]:
    match system.circulation:
        case Sip2Settings() as settings:
            async with sip2_circulation(settings) as sip2:
                yield HoldByBarcode(sip2, record) if system.search else sip2
        case KohaSettings() as settings:
            async with koha_circulation(settings) as koha:
                yield koha
        case None:
            raise ValueError("no library system lends")


def _places(system: LibrarySystem) -> Mapping[str, str]:
    """Code of a place -> its name, of whichever part was told."""
    told: dict[str, str] = {}
    if system.search is not None:
        told |= system.search.places
    if isinstance(system.circulation, Sip2Settings):
        told |= system.circulation.places
    return told


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

"""The library as its readers meet it when a library system stands in front of the embedded store.

Search and circulation are chosen one by one: each comes from a library system or from the store. Places, home delivery
and call-backs stay with the store.

What speaks to a library system is imported when one is named: an HTTP client takes a tenth of a second to load.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from catalogue_client.connectors.circuit_breaker import CircuitBreaker
from catalogue_client.connectors.hold_by_barcode import barcode_lookup
from catalogue_client.connectors.irbis.settings import IrbisSettings
from catalogue_client.connectors.koha.settings import KohaSettings
from catalogue_client.connectors.offline_catalogue import OfflineCatalogue
from catalogue_client.connectors.pending_requests import PendingRequestStore
from catalogue_client.connectors.resilient_catalogue import ResilientCatalogue
from catalogue_client.connectors.resilient_circulation import ResilientCirculation
from catalogue_client.connectors.sip2.settings import Sip2Settings
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.connectors.z3950.settings import Z3950Settings
from catalogue_client.library import Library
from catalogue_client.protocols import Catalogue, Lending
from catalogue_client.values.bibliographic import Record

SearchSettings = SruSettings | IrbisSettings | Z3950Settings
AnyLibrary = TypeVar("AnyLibrary", bound=Library)


@dataclass(frozen=True, slots=True)
class LibrarySystem:
    """Which parts a library system does; None is the embedded store."""

    search: SearchSettings | None = None
    circulation: Sip2Settings | KohaSettings | IrbisSettings | None = None


@asynccontextmanager
async def connected_library(
    library: AnyLibrary, system: LibrarySystem, home: Path, clock: Callable[[], datetime]
) -> AsyncIterator[AnyLibrary]:
    """Yield `library` with search and circulation done by `system`, its offline copy and pending requests in `home`.

    Opens without the system being there. Raises StorageError; OSError when a certificate cannot be read.
    """
    if system == LibrarySystem():
        yield library
        return
    async with AsyncExitStack() as stack:
        copy = OfflineCatalogue.open(home / "library_system", clock)
        stack.callback(copy.close)
        if system.search is not None:
            catalogue = await stack.enter_async_context(opened_catalogue(system.search))
            breaker = CircuitBreaker("the catalogue's server")
            library = replace(library, catalogue=ResilientCatalogue(catalogue, copy, breaker))
        if system.circulation is not None:
            pending = PendingRequestStore.open(home / "library_system")
            stack.callback(pending.close)
            lending = await stack.enter_async_context(opened_circulation(system, library.catalogue.record))
            names = _place_names(system)
            circulation = ResilientCirculation(
                lending,
                pending,
                library.catalogue.record,
                CircuitBreaker("the library system"),
                lambda code: names.get(code, code),
                clock,
            )
            library = replace(library, circulation=circulation)
            stack.push_async_callback(_stopped, asyncio.create_task(circulation.send_pending()))
        yield library


@asynccontextmanager
async def opened_catalogue(settings: SearchSettings) -> AsyncIterator[Catalogue]:
    """Yield the catalogue that `settings` name, with no copy of it and no breaker in front."""
    match settings:
        case SruSettings():
            from catalogue_client.connectors.sru.catalogue import sru_catalogue

            async with sru_catalogue(settings) as sru:
                yield sru
        case Z3950Settings():
            from catalogue_client.connectors.z3950.catalogue import z3950_catalogue

            async with z3950_catalogue(settings) as z3950:
                yield z3950
        case IrbisSettings():
            from catalogue_client.connectors.irbis.catalogue import irbis_catalogue

            async with irbis_catalogue(settings) as irbis:
                yield irbis


@asynccontextmanager
async def opened_circulation(
    system: LibrarySystem, record: Callable[[str], Awaitable[Record]]
) -> AsyncIterator[Lending]:
    """Yield the circulation of `system`, with no queue and no breaker in front. `record`: record id -> record."""
    match system.circulation:
        case IrbisSettings() as settings:
            from catalogue_client.connectors.irbis.circulation import irbis_circulation

            async with irbis_circulation(settings) as irbis:
                yield irbis
        case Sip2Settings() as settings:
            from catalogue_client.connectors.sip2.circulation import sip2_circulation

            async with sip2_circulation(settings, barcode_lookup(record) if system.search else None) as sip2:
                yield sip2
        case KohaSettings() as settings:
            from catalogue_client.connectors.koha.circulation import koha_circulation

            async with koha_circulation(settings) as koha:
                yield koha
        case None:
            raise ValueError("no library system lends")


def _place_names(system: LibrarySystem) -> Mapping[str, str]:
    """Code of a place -> its name, of whichever part names it."""
    names: dict[str, str] = {}
    if system.search is not None:
        names |= system.search.places
    if isinstance(system.circulation, Sip2Settings | IrbisSettings):
        names |= system.circulation.places
    return names


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

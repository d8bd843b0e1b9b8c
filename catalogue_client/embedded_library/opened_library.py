"""A library that is open: what it does for readers, and what its staff do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalogue_client.books.book_holdings import BookHoldings
from catalogue_client.catalogue.embedded_catalogue import EmbeddedCatalogue
from catalogue_client.catalogue.sync.place_codes import PlaceCodes
from catalogue_client.catalogue.sync.source_runs import SourceRuns
from catalogue_client.catalogue.work_corrections import WorkCorrections
from catalogue_client.circulation.holds import HoldService
from catalogue_client.delivery.dispatch.delivery_service import HomeDeliveries
from catalogue_client.embedded_library.demonstration_removal import Demonstration
from catalogue_client.knowledge.library_answers import LibraryAnswers
from catalogue_client.knowledge.places_in_force import PlacesInForce
from catalogue_client.library import Library
from catalogue_client.seed.collection_statistics import CollectionStatistics
from catalogue_client.store.usage_counts import Usage

if TYPE_CHECKING:
    from catalogue_client.catalogue.sync.importer import Importer
    from catalogue_client.catalogue.sync.synchroniser import Synchroniser


@dataclass(frozen=True, slots=True)
class StaffServices:
    """What staff do with the store, whatever library system stands in front of it."""

    catalogue: EmbeddedCatalogue
    new_synchroniser: Callable[[], Synchroniser]
    """Made when it is wanted: its MARC tables take a twentieth of a second to load, which no reader should wait for."""
    place_codes: PlaceCodes
    source_runs: SourceRuns
    works: WorkCorrections
    stock: CollectionStatistics
    holds: HoldService
    deliveries: HomeDeliveries
    usage: Usage
    demonstration: Demonstration
    """Whether the store is one."""
    answers: LibraryAnswers
    places: PlacesInForce
    books: BookHoldings

    @property
    def importer(self) -> Importer:
        """Brings MARC files into the store."""
        from catalogue_client.catalogue.sync.importer import Importer

        return Importer(self.new_synchroniser())


@dataclass(frozen=True, slots=True)
class OpenedLibrary(Library):
    """Made by `open_library`, usable until it is left."""

    staff: StaffServices

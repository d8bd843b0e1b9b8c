"""What every service of the library works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from catalogue_client.circulation.policy import CirculationPolicy
from catalogue_client.places.place_directory import PlaceDirectory
from catalogue_client.store.audit import Audit
from catalogue_client.store.database import Database
from catalogue_client.store.encryption import Encryption


@dataclass(frozen=True, slots=True)
class StoreContext:
    """One opened store, its clock, and the rules and places of its library."""

    database: Database
    clock: Callable[[], datetime]
    """Aware, in the library's zone."""
    audit: Audit
    encryption: Encryption
    lending_rules: Callable[[], CirculationPolicy]
    """The rules of loans and holds that are in force at the moment."""
    places: PlaceDirectory

    @property
    def policy(self) -> CirculationPolicy:
        """The rules of loans and holds that are in force at the moment."""
        return self.lending_rules()

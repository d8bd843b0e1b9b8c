"""Brings MARC files that have no source of their own into the store: nothing is deleted but what a record says is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from catalogue_client.catalogue.sync.files import from_files
from catalogue_client.catalogue.sync.record_owners import UNNAMED
from catalogue_client.catalogue.sync.source import Source
from catalogue_client.catalogue.sync.sync_report import SyncReport
from catalogue_client.catalogue.sync.synchroniser import Synchroniser

FILES = Source(UNNAMED, complete=False)


class Importer:
    """Imports files into one store: a synchronisation whose source has no name."""

    def __init__(self, synchroniser: Synchroniser) -> None:
        self._synchroniser = synchroniser

    async def import_files(
        self, paths: Iterable[Path], *, encoding: str | None = None, progress: Callable[[str, int], None] | None = None
    ) -> SyncReport:
        """Import MARC21, UNIMARC, RUSMARC or ИРБИС files. `progress` gets the file and how many of its records were
        read. A file that cannot be read at all is one refusal with number 0."""
        report = SyncReport()
        stream = from_files(paths, report, encoding)
        return await self._synchroniser.run(FILES, stream, report=report, progress=progress)

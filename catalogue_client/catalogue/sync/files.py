"""Files and folders of MARC as a source: ISO 2709, MARCXML, ИРБИС's text export, in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalogue_client.catalogue.marc.marc_reader import raw_records
from catalogue_client.catalogue.sync.source import Incoming
from catalogue_client.catalogue.sync.sync_report import Refusal, SyncReport

SUFFIXES = frozenset((".mrc", ".iso", ".marc", ".dat", ".xml", ".marcxml", ".mrx", ".txt", ".irb", ".utf8", ".2709"))
"""Of files in a folder that are read; a file that is named itself may be called anything."""


def from_files(paths: Iterable[Path], report: SyncReport, encoding: str | None = None) -> Iterator[Incoming]:
    """Give the records of files and folders. What cannot be read at all is a refusal with number 0 in `report`.

    `encoding` is one of ENCODINGS, None to find it out for each record.
    """
    for path in paths:
        files = _files_in(path, report) if path.is_dir() else [path]
        if not files:
            report.refuse_whole(path.name, "the folder holds no file of records")
        for file in files:
            yield from _of_file(file, report, encoding)


def _files_in(folder: Path, report: SyncReport) -> list[Path]:
    """Return the files of records in a folder and those below it. A folder or link that leads nowhere is a refusal:
    what it held is not known to be gone."""

    def refuse(error: OSError) -> None:
        report.refuse_whole(Path(str(error.filename)).name, f"the folder cannot be read: {error.strerror or error}")

    found = []
    for top, _, names in os.walk(folder, onerror=refuse):
        for path in (Path(top, name) for name in names if not name.startswith(".")):
            if path.suffix.lower() not in SUFFIXES:
                continue
            if path.is_file():
                found.append(path)
            else:
                report.refuse_whole(path.name, "this is no file that can be read")
    return sorted(found)


def _of_file(path: Path, report: SyncReport, encoding: str | None) -> Iterator[Incoming]:
    good = 0
    try:
        for raw in raw_records(path, encoding):
            yield Incoming(path.name, raw.number, raw.digest, raw.read, cut=raw.cut)
            good += not raw.cut
    except OSError as error:
        report.refusals.append(Refusal(path.name, 0, f"the file cannot be read: {error.strerror or error}"))
    if not good:
        report.fruitless.append(path.name)

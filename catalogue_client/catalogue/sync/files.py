"""Files and folders of MARC as a source: ISO 2709, MARCXML, ИРБИС's text export, in the order of their names."""

from __future__ import annotations

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
        try:
            files = sorted(file for file in path.rglob("*") if _is_records(file)) if path.is_dir() else [path]
        except OSError as error:
            report.refuse_whole(path.name, f"the folder cannot be read: {error.strerror or error}")
            continue
        if not files:
            report.refuse_whole(path.name, "the folder holds no file of records")
        for file in files:
            yield from _of_file(file, report, encoding)


def _is_records(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")


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

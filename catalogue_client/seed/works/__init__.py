"""The works that ship: any number of TSV files in this folder, and how they are read."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORKS = Path(__file__).parent
COLUMNS = ("title", "author", "language", "year", "subjects", "formats", "aliases", "annotation")


@dataclass(frozen=True, slots=True)
class Work:
    """One line of a TSV file."""

    id: str
    """The same for the same title, author and language wherever the line stands."""
    title: str
    author: str
    language: str
    year: int | None
    subjects: tuple[str, ...]
    formats: tuple[str, ...]
    aliases: tuple[str, ...]
    annotation: str


def tsv_files(folder: Path) -> tuple[Path, ...]:
    """The TSV files, in the order of their names."""
    return tuple(sorted(folder.glob("*.tsv")))


def digest(files: tuple[Path, ...]) -> str:
    """Changes when any of the files does."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def read_works(path: Path) -> Iterator[Work]:
    """The works of one file. Raises ValueError, with the line, for a line that is not one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(rows, ())) != COLUMNS:
            raise ValueError(f"{path.name}: the first line must name the columns {', '.join(COLUMNS)}")
        for row in rows:
            if not any(row):
                continue
            if len(row) != len(COLUMNS) or not row[0] or not row[2]:
                raise ValueError(f"{path.name}, line {rows.line_num}: {len(row)} fields, or no title or language")
            title, author, language, year, subjects, formats, aliases, annotation = (field.strip() for field in row)
            yield Work(
                id=work_id(title, author, language),
                title=title,
                author=author,
                language=language,
                year=int(year) if year else None,
                subjects=_several(subjects),
                formats=_several(formats) or ("print",),
                aliases=_several(aliases),
                annotation=annotation,
            )


def work_id(title: str, author: str, language: str) -> str:
    """A record id made of what a work is, so that it stays when lines move."""
    return "w" + hashlib.blake2s("\t".join((title, author, language)).encode(), digest_size=5).hexdigest()


def _several(field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in field.split(";") if part.strip()))

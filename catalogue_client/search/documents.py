"""What goes into the search index, what comes out of it, and what restricts a search."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index needs to know of a record."""

    record_id: str
    title: str
    author: str
    language: str
    year: int | None
    formats: tuple[str, ...]
    subjects: tuple[str, ...]
    aliases: tuple[str, ...]
    added: str
    """ISO date."""
    popularity: int
    annotation: str = ""
    record: str = ""
    """The record as JSON, for answers while the state is away; "" keeps none."""


@dataclass(frozen=True, slots=True)
class Document:
    """An entry as candidates are ranked."""

    number: int
    record_id: str
    titles: tuple[tuple[str, ...], ...]
    """Stems of the title and of each alias."""
    authors: tuple[str, ...]
    """Stems of the authors' names."""
    subjects: tuple[str, ...]
    title: str
    """The title folded."""
    language: str
    popularity: int


def document_of(
    number: int, record_id: str, titles: str, authors: str, subjects: str, title: str, language: str, popularity: int
) -> Document:
    """A document as the index's table holds it: names joined by "|", stems by spaces."""
    names = tuple(tuple(name.split()) for name in titles.split("|"))
    return Document(
        number, record_id, names, tuple(authors.split()), tuple(subjects.split()), title, language, popularity
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What restricts a search beside words; None and "" do not."""

    language: str | None = None
    format: str | None = None
    years: tuple[int, int] | None = None
    added_since: str | None = None

    def clause(self) -> tuple[str, list[object]]:
        """SQL over docs, and its values."""
        parts: list[str] = []
        values: list[object] = []
        if self.language:
            parts.append("language = ?")
            values.append(self.language)
        if self.format:
            parts.append("instr(';' || formats || ';', ?)")
            values.append(f";{self.format};")
        if self.years:
            parts.append("year BETWEEN ? AND ?")
            values += self.years
        if self.added_since:
            parts.append("added >= ?")
            values.append(self.added_since)
        return " AND ".join(parts) or "1", values

"""What goes into the search index, what comes out of it, and what restricts a search."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.works.knowledge_base import WorkKnowledge
from catalogue_client.works.known_work import SeriesPlace
from catalogue_client.works.theme_names import theme_words


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
    signatures: tuple[str, ...] = ()
    """By which it is known to be of one work with others."""
    known: WorkKnowledge | None = None
    """What is known of its work."""
    series: tuple[SeriesPlace, ...] = ()
    """That the record itself names."""
    volume: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name but the title: aliases, and those that are known in other languages."""
        known = (name for _, name in self.known.names) if self.known else ()
        return tuple(dict.fromkeys(name for name in (*self.aliases, *known) if name != self.title))

    @property
    def passage(self) -> str:
        """What its meaning is judged by: the title, the author and what happens, in every language there is."""
        plots = [plot for _, plot in self.known.plots] if self.known else []
        return ". ".join(part for part in (self.title, self.author, *(plots or [self.annotation])) if part)

    @property
    def described(self) -> str:
        """What is written of the book beside its title and author, by whatever somebody may remember it."""
        known = self.known
        parts = [self.annotation, *self.subjects]
        if known is not None:
            parts += [plot for _, plot in known.plots]
            parts += [*known.characters, *(place.name for place in known.series)]
            parts += [word for theme in known.themes for word in theme_words(theme)]
        return " ".join(parts)


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
    work: int
    """The same for all documents of one work."""


def document_of(
    number: int,
    record_id: str,
    titles: str,
    authors: str,
    subjects: str,
    title: str,
    language: str,
    popularity: int,
    work: int,
) -> Document:
    """A document as the index's table holds it: names joined by "|", stems by spaces."""
    names = tuple(tuple(name.split()) for name in titles.split("|"))
    return Document(
        number, record_id, names, tuple(authors.split()), tuple(subjects.split()), title, language, popularity, work
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

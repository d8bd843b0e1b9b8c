"""What joins books beyond one record: series, and what is like a book."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue_client.values.bibliographic import Record


class Likeness(StrEnum):
    """What a book has in common with another."""

    SERIES = "series"
    AUTHOR = "author"
    CHARACTER = "character"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """A book like another one, and the strongest thing that they share."""

    record: Record
    likeness: Likeness
    shared: tuple[tuple[str, str], ...]
    """(language, name of what is shared): of a theme in three languages; a person's or series' name has language ""."""

    def name(self, language: str) -> str:
        """Return what is shared, in a language if it has a name there."""
        names = dict(self.shared)
        return names.get(language) or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True)
class SeriesVolume:
    """One volume of a series or of a work in several volumes."""

    number: int | None
    record: Record


@dataclass(frozen=True, slots=True)
class BookSeries:
    """A series, or a work in several volumes, as far as the library has it."""

    name: str
    volumes: tuple[SeriesVolume, ...]
    """By number; those without one last, the oldest first."""
    is_work: bool = False
    """The volumes are parts of one work."""

    @property
    def numbered(self) -> bool:
        """Whether the order of the volumes is known."""
        return all(volume.number is not None for volume in self.volumes)

    def after(self, record_id: str) -> Record | None:
        """Return the volume after this one; None at the end, or where the order is not known."""
        at = next((volume.number for volume in self.volumes if volume.record.id == record_id), None)
        later = (volume.record for volume in self.volumes if at is not None and (volume.number or 0) > at)
        return next(later, None)

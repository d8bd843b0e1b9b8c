"""How much is known, field by field, and how much must be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalogue_client.works.known_work import WITH_PEOPLE, KnownWork


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """Of how many works a field is known."""

    field: str
    known: int
    works: int
    """That could have it."""
    least: float
    """The share that must be known; 0 where any will do."""

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.known / self.works if self.works else 0.0

    @property
    def enough(self) -> bool:
        """Whether as much is known as must be."""
        return self.share >= self.least


FIELDS: tuple[tuple[str, float, Callable[[KnownWork], object], Callable[[KnownWork], bool]], ...] = (
    ("plot", 0.80, lambda work: work.plot, lambda work: True),
    ("names in other languages", 0.0, lambda work: work.names, lambda work: True),
    ("themes", 0.0, lambda work: work.themes, lambda work: True),
    ("characters of novels and plays", 0.60, lambda work: work.characters, lambda work: work.kind in WITH_PEOPLE),
    ("kind", 0.0, lambda work: work.kind, lambda work: True),
    ("year", 0.0, lambda work: work.year is not None, lambda work: True),
    ("age", 0.0, lambda work: work.age is not None, lambda work: True),
    ("series", 0.0, lambda work: work.series, lambda work: True),
    ("school class", 0.0, lambda work: work.classes, lambda work: True),
    ("screen versions", 0.0, lambda work: work.filmed, lambda work: True),
)
"""(name, least share, what is known of it, whether a work can have it)."""


def coverage(works: Sequence[KnownWork]) -> tuple[FieldCoverage, ...]:
    """Return for each field of how many of the works it is known."""
    found = []
    for name, least, known, can in FIELDS:
        those = [work for work in works if can(work)]
        found.append(FieldCoverage(name, sum(bool(known(work)) for work in those), len(those), least))
    return tuple(found)

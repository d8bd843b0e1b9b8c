"""Where records come from: a source has a name, and gives its records one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalogue_client.catalogue.marc.marc_reader import Piece

MAX_DELETED_SHARE = 0.1
"""Of a source's records: a run that would delete more asks first."""
ALWAYS_DELETED = 10
"""So many are deleted without asking, however small the source."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed of records. What one source brought no other changes or deletes."""

    name: str
    """"" for files that are imported without a name."""
    complete: bool = True
    """It has all its records each time: what is missing is deleted. Else only what it calls deleted is."""
    max_deleted_share: float = MAX_DELETED_SHARE


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record of a source before it is understood, or what is wrong with a file of it."""

    file: str
    number: int
    """1-based in its file; 0 for the file itself."""
    digest: str
    """Of its bytes; "" for what has to be read each time."""
    read: Callable[[], Piece]
    identifier: str = ""
    """By which the source calls it, where that is not in the record (OAI-PMH)."""
    deleted: bool = False
    """The source says only that it is no more."""
    cut: bool = False
    """Behind it something is missing."""

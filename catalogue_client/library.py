"""A library as its readers meet it: one object, whose parts may come from different systems."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_client.protocols import (
    Callbacks,
    Catalogue,
    Circulation,
    HomeDelivery,
    Knowledge,
    Places,
    ReaderLists,
    ReadingRoom,
    Vocabulary,
)


@dataclass(frozen=True, slots=True)
class Library:
    """All that a library does for a reader. A part is exchanged with `dataclasses.replace`."""

    catalogue: Catalogue
    places: Places
    circulation: Circulation
    deliveries: HomeDelivery
    callbacks: Callbacks
    vocabulary: Vocabulary
    knowledge: Knowledge
    reading_room: ReadingRoom
    reader_lists: ReaderLists

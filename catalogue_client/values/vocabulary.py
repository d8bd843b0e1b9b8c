"""The words that readers of a catalogue will say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VocabularyWord:
    """One word, the words of a title, or an author's whole name."""

    word: str
    """Of titles in lower case; an author's name as the record writes it."""
    weight: int
    """Loans of the records that hold it."""
    language: str
    """ISO 639-1 code of the record where it weighs most."""

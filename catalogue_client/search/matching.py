"""How what was said relates to what was found: as a title or a theme, or as words beside a language."""

from __future__ import annotations

from catalogue_client.search.subjects import in_all_languages
from catalogue_client.search.themes import themes
from catalogue_client.values.bibliographic import Record, Results
from languages.folding import fold, folded_words

STEM = 4
"""Letters that a word keeps in every case."""
FIRST = 3
"""Records that are compared: what fits worse was not meant."""


def matched_by(text: str, results: Results) -> str:
    """Return "theme" where `text` names a theme with books about it, "title" where most of its words stand in one of
    the first records, else ""."""
    if themes().named(text).theme and results.records and not results.did_you_mean:
        return "theme"
    return "title" if any(fits(text, record) for record in results.records[:FIRST]) else ""


def fits(text: str, record: Record) -> bool:
    """Whether most of the words said stand in a record's title, author or subjects, in whatever case or script."""
    names = fold(" ".join((record.title, record.author, *in_all_languages(record.subjects))))
    words = [word for word in folded_words(text) if len(word) >= STEM - 1]
    found = sum(word[:STEM] in names for word in words)
    return bool(words) and found * 2 > len(words)


def language_apart(text: str, words: str, language: str | None) -> bool:
    """Whether `text` says nothing but `words` and a language, as in “The Path of Abai in Kazakh”."""
    named = themes().named(text)
    return bool(language) and named.language == language and fold(named.rest) == fold(words)

"""By what the records found fit what was said: a title, an author, a theme, or only closely."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue_client.search.subjects import in_all_languages
from catalogue_client.search.themes import themes
from catalogue_client.values.bibliographic import MatchedBy, Query, Record
from languages.folding import fold, folded_words

MAX_RECORDS_COMPARED = 3
"""Of the first records, as many as a reader hears at once."""
STEM_LETTERS = 4
"""Letters that a word keeps in every case."""


def matched_by(query: Query, records: Sequence[Record], *, is_guess: bool) -> MatchedBy:
    """Return by what `records`, best first, fit `query`; "" when there are none. `is_guess`: nothing fits well.

    A theme is one that was named ("about …") or one that stands among a record's subjects in any language. Words match
    when most of them, in whatever case or script, stand in the record.
    """
    if not records:
        return ""
    if (query.subject or themes().named(query.words).theme) and not is_guess:
        return "theme"
    said = " ".join(filter(None, (query.words, query.title, query.author, query.subject)))
    words = [word[:STEM_LETTERS] for word in folded_words(said) if len(word) >= STEM_LETTERS - 1]
    for record in records[:MAX_RECORDS_COMPARED]:
        if _most_stand_in(words, record.author):
            return "author"
        if _most_stand_in(words, f"{record.title} {record.author}"):
            return "title"
        if _most_stand_in(words, " ".join((record.title, record.author, *in_all_languages(record.subjects)))):
            return "theme"
    return "close"


def _most_stand_in(words: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return bool(words) and sum(word in folded for word in words) * 2 > len(words)

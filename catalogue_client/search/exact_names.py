"""Books whose name was said in full: a title or any other name, in whatever language, alone or beside its author.

Likeness alone cannot find them in a large catalogue: among fifty thousand titles some other one shares more letters
with what was said than the title under which the record stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue_client.search.documents import Document, Filter
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.query_reading import QueryReading
from catalogue_client.works.author_names import author_keys

MOST_NAMED = 200
"""Documents of one name that are looked at."""
AUTHOR_WORDS = 2
"""Most words of an author's name before or behind a title."""


def named_in_full(index: SearchIndex, readings: Sequence[QueryReading], author: str, filter: Filter) -> list[Document]:
    """Return the documents one of whose names is all that was said, or all but words of its author's name.

    With an `author` only theirs.
    """
    surnames = {key.split()[0] for key in author_keys(author)}
    for reading in readings:
        said = reading.stems
        splits = [(said, ())] if author else [(said, ()), *_beside_an_author(said)]
        for name, rest in splits:
            numbers = index.let_through(index.named(name, MOST_NAMED), filter)
            found = [document for document in index.documents(numbers) if set(rest) <= set(document.authors)]
            if found := [document for document in found if not author or surnames & set(document.authors)]:
                return found
    return []


def _beside_an_author(said: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield every way to cut what was said into a name and words of an author, the longest name first."""
    for count in range(1, min(AUTHOR_WORDS, len(said) - 1) + 1):
        yield said[:-count], said[-count:]
        yield said[count:], said[:count]

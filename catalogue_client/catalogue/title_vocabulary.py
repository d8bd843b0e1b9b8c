"""The words that readers will say: of titles, aliases and authors' names, the most read first.

A recogniser that knows them hears "Көшпенділер" where another guesses.
"""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from catalogue_client.store.database import Database
from catalogue_client.store.schema import records
from catalogue_client.values.vocabulary import VocabularyWord

RECORDS = 60_000
"""Most read records whose words are counted."""
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class TitleVocabulary:
    """Implements the protocol Vocabulary: counts words over the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def words(self, limit: int) -> tuple[VocabularyWord, ...]:
        """Return the `limit` weightiest words of titles, aliases and authors."""
        weights: Counter[tuple[str, str]] = Counter()
        async with self._database.reading() as connection:
            for title, author, aliases, language, popularity in await _most_read(connection):
                for word in dict.fromkeys(WORD.findall(f"{title} {author} {aliases}".lower())):
                    weights[word, language] += popularity + 1
        whole: Counter[str] = Counter()
        languages: dict[str, str] = {}
        for (word, language), weight in weights.most_common():
            whole[word] += weight
            languages.setdefault(word, language)
        return tuple(VocabularyWord(word, weight, languages[word]) for word, weight in whole.most_common(limit))

    async def titles(self, limit: int) -> tuple[VocabularyWord, ...]:
        """Return the `limit` most read titles of two words and more, in lower case and without punctuation."""
        weights: Counter[tuple[str, str]] = Counter()
        async with self._database.reading() as connection:
            for title, _, _, language, popularity in await _most_read(connection):
                words = WORD.findall(title.lower())
                if len(words) > 1:
                    weights[" ".join(words), language] += popularity + 1
        return tuple(
            VocabularyWord(title, weight, language) for (title, language), weight in weights.most_common(limit)
        )

    async def author_names(self, limit: int) -> tuple[VocabularyWord, ...]:
        """Return the `limit` most read authors, each with the whole name as the record writes it."""
        weights: Counter[tuple[str, str]] = Counter()
        async with self._database.reading() as connection:
            for _, author, _, language, popularity in await _most_read(connection):
                for name in filter(None, author.split(", ")):
                    weights[name, language] += popularity + 1
        whole: dict[str, VocabularyWord] = {}
        for (name, language), weight in weights.most_common():
            whole.setdefault(name, VocabularyWord(name, weight, language))
        return tuple(whole.values())[:limit]


async def _most_read(connection: AsyncConnection) -> list[tuple[str, str, str, str, int]]:
    columns = (records.c.title, records.c.author, records.c.aliases, records.c.language, records.c.popularity)
    query = select(*columns).order_by(records.c.popularity.desc(), records.c.id).limit(RECORDS)
    return [tuple(row) for row in await connection.execute(query)]

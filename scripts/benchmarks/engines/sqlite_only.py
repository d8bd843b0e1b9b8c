"""What SQLite alone gives: its words, its trigrams, and the index that ships."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.values.bibliographic import Query
from engines import Engine, Row, numbered
from languages.folding import fold


def filled(index: SearchIndex, rows: Sequence[Row]) -> SearchIndex:
    """`index` with all rows in it."""
    entries = [
        IndexEntry(row["id"], row["title"], row["author"], row["language"], row["year"],
              tuple(row["formats"].split(";")),
              tuple(row["subjects"].split(";")), (), row["added"].isoformat(), row["popularity"])
        for row in rows
    ]  # fmt: skip
    for start in range(0, len(entries), 5_000):
        index.update(entries[start : start + 5_000], (), start + 1)
    return index


def found_in(finder: JoinedFinder, text: str) -> list[int]:
    """Positions of the rows that the finder answers with; the generator numbers its ids."""
    return [int(one[1:]) for one in finder.find(Query(words=text, limit=10)).record_ids]


def ours(rows: Sequence[Row], folder: Path) -> Engine:
    """The index that ships."""
    finder = JoinedFinder(filled(SearchIndex(folder / "search.sqlite"), rows))
    return Engine(lambda text: found_in(finder, text), folder)


def plain_fts5(rows: Sequence[Row], folder: Path) -> Engine:
    """What one gets from SQLite without further thought: words OR-ed, ranked by bm25."""
    connection = sqlite3.connect(folder / "plain.sqlite")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(title, author)")
    connection.executemany("INSERT INTO t (rowid, title, author) VALUES (?, ?, ?)", numbered(rows))
    connection.commit()

    def search(text: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        found = connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (words,))
        return [row[0] for row in found]

    return Engine(search, folder)


def folded_trigrams(rows: Sequence[Row], folder: Path) -> Engine:
    """SQLite's own trigram tables over folded text."""
    connection = sqlite3.connect(folder / "trigram.sqlite")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='trigram')")
    folded = ((number, fold(f"{title} {author}")) for number, title, author in numbered(rows))
    connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", folded)
    connection.commit()

    def search(text: str) -> list[int]:
        folded = fold(text)
        grams = " OR ".join(f'"{folded[at : at + 3]}"' for at in range(len(folded) - 2))
        found = (
            connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (grams,)) if grams else ()
        )
        return [row[0] for row in found]

    return Engine(search, folder)

"""The part of the search index that knows works: which documents are one, what is known of each, what they share."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from catalogue_client.search.documents import IndexEntry
from catalogue_client.works.author_names import author_keys
from catalogue_client.works.knowledge_base import WorkKnowledge
from languages.folding import fold

TABLES = """
CREATE TABLE IF NOT EXISTS signatures (signature TEXT, number INTEGER, PRIMARY KEY (signature, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS signatures_by_number ON signatures (number);
CREATE TABLE IF NOT EXISTS tags (tag TEXT, number INTEGER, place INTEGER, PRIMARY KEY (tag, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tags_by_number ON tags (number);
CREATE TABLE IF NOT EXISTS known (number INTEGER PRIMARY KEY, facts TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS docs_by_work ON docs (work);
"""
ALL = ("signatures", "tags", "known")
CLASS, AGE, SERIES, THEME, PERSON, AUTHOR = "class:", "age:", "series:", "theme:", "person:", "author:"
"""What a tag begins with; what follows is folded, a key or a number."""
BATCH = 500
FACTS = TypeAdapter(WorkKnowledge)


def tags_of(entry: IndexEntry) -> dict[str, int | None]:
    """Return what a document may share with others -> its place there, for series alone."""
    tags: dict[str, int | None] = {AUTHOR + key: None for key in author_keys(entry.author)}
    tags |= {SERIES + fold(place.name): place.number for place in entry.series}
    if entry.known is not None:
        tags |= {f"{CLASS}{school}:{number}": None for school, number in entry.known.classes}
        tags |= {SERIES + fold(place.name): place.number for place in entry.known.series}
        tags |= {THEME + theme: None for theme in entry.known.themes}
        tags |= {PERSON + name: None for name in map(fold, entry.known.characters) if name}
        if entry.known.age is not None:
            tags[f"{AGE}{entry.known.age}"] = None
    return tags


def add(connection: sqlite3.Connection, entries: dict[int, IndexEntry]) -> None:
    """Add what is known of new documents: number -> entry."""
    connection.executemany(
        "INSERT OR IGNORE INTO signatures VALUES (?, ?)",
        [(signature, number) for number, entry in entries.items() for signature in entry.signatures],
    )
    connection.executemany(
        "INSERT INTO tags VALUES (?, ?, ?)",
        [(tag, number, place) for number, entry in entries.items() for tag, place in tags_of(entry).items()],
    )
    connection.executemany(
        "INSERT INTO known VALUES (?, ?)",
        [(number, FACTS.dump_json(entry.known).decode()) for number, entry in entries.items() if entry.known],
    )


def remove(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Take out documents."""
    for table in ALL:
        connection.executemany(f"DELETE FROM {table} WHERE number = ?", [(number,) for number in numbers])


def join(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Find again which works there are among documents that are new, or of which others have gone."""
    affected, signatures = set(numbers), defaultdict[str, set[int]](set)
    frontier = sorted(affected)
    while frontier:
        batch, frontier = frontier[:BATCH], frontier[BATCH:]
        query = f"""SELECT DISTINCT other.signature, other.number FROM signatures AS mine
                    JOIN signatures AS other ON other.signature = mine.signature
                    WHERE mine.number IN ({",".join(map(str, batch))})"""
        for signature, number in connection.execute(query):
            signatures[signature].add(number)
            if number not in affected:
                affected.add(number)
                frontier.append(number)
    work = {number: number for number in affected}

    def head(number: int) -> int:
        while work[number] != number:
            work[number] = work[work[number]]
            number = work[number]
        return number

    for members in signatures.values():
        first = head(min(members))
        for number in members:
            one, other = sorted((first, head(number)))
            work[other] = first = one
    connection.executemany(
        "UPDATE docs SET work = ? WHERE number = ? AND work != ?",
        [(head(number), number, head(number)) for number in affected],
    )


def members(connection: sqlite3.Connection, works: Iterable[int], language: str = "") -> dict[int, list[str]]:
    """Return for each work the ids of all its records, those in a language first, then the most read."""
    query = f"""SELECT work, record_id FROM docs WHERE work IN ({",".join(map(str, works))})
                ORDER BY language != ?, popularity DESC, number"""
    found: dict[int, list[str]] = defaultdict(list)
    for work, record_id in connection.execute(query, (language,)):
        found[work].append(record_id)
    return found


def facts(connection: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, WorkKnowledge]:
    """Return what is known of documents, those of which nothing is known left out."""
    query = f"SELECT number, facts FROM known WHERE number IN ({','.join(map(str, numbers))})"
    return {number: FACTS.validate_json(text) for number, text in connection.execute(query)}


def tagged(connection: sqlite3.Connection, tags: Sequence[str], clause: str, values: Sequence[object]) -> list[int]:
    """Return the numbers of documents that have one of the tags and fit a clause over docs, the most read first."""
    query = f"""SELECT DISTINCT docs.number FROM tags JOIN docs ON docs.number = tags.number
                WHERE tag IN ({",".join("?" * len(tags))}) AND {clause} ORDER BY popularity DESC, docs.number"""
    return [row[0] for row in connection.execute(query, [*tags, *values])]


def tags_of_work(connection: sqlite3.Connection, work: int) -> dict[str, int | None]:
    """Return the tags of all documents of a work."""
    query = "SELECT tag, place FROM tags JOIN docs ON docs.number = tags.number WHERE work = ? ORDER BY docs.number"
    return dict(connection.execute(query, (work,)))


def sharing(connection: sqlite3.Connection, tag: str, most: int) -> list[tuple[int, str, int, int | None]]:
    """Return (work, record id, popularity, place) of at most `most` documents with a tag, the most read first."""
    query = """SELECT work, record_id, popularity, place FROM tags JOIN docs ON docs.number = tags.number
               WHERE tag = ? ORDER BY popularity DESC, docs.number LIMIT ?"""
    return [tuple(row) for row in connection.execute(query, (tag, most))]


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """Of which work a document is, and which volume of it."""

    number: int
    work: int
    volume: int | None


def place_of(connection: sqlite3.Connection, record_id: str) -> WorkPlace | None:
    """Return None for a record that is not in the index."""
    row = connection.execute("SELECT number, work, volume FROM docs WHERE record_id = ?", (record_id,)).fetchone()
    return WorkPlace(*row) if row else None


def volumes(connection: sqlite3.Connection, work: int) -> list[tuple[int, int]]:
    """Return (volume, number) of the documents of a work that are volumes."""
    query = "SELECT volume, number FROM docs WHERE work = ? AND volume IS NOT NULL ORDER BY volume, number"
    return [tuple(row) for row in connection.execute(query, (work,))]


def with_tag(connection: sqlite3.Connection, tag: str) -> list[tuple[int, int | None]]:
    """Return (number, place) of the documents with a tag."""
    query = "SELECT number, place FROM tags WHERE tag = ? ORDER BY place, number"
    return [tuple(row) for row in connection.execute(query, (tag,))]


def series_tags(connection: sqlite3.Connection) -> list[str]:
    """Return the tags of all series."""
    query = "SELECT DISTINCT tag FROM tags WHERE tag >= ? AND tag < ?"
    return [row[0] for row in connection.execute(query, (SERIES, SERIES[:-1] + ";"))]


def works(connection: sqlite3.Connection, record_ids: Iterable[str]) -> dict[str, int]:
    """Return record id -> work."""
    ids = list(record_ids)
    query = f"SELECT record_id, work FROM docs WHERE record_id IN ({','.join('?' * len(ids))})"
    return dict(connection.execute(query, ids))

"""The search index of one node: a SQLite file beside the state, made from it and following its changes.

The file holds nothing that could not be made again; when it is lost or of another form, it is.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from catalogue_client.search import trigram_index, work_tables
from catalogue_client.search.content_words import content_stems, keys_of
from catalogue_client.search.documents import Document, Filter, IndexEntry, document_of
from catalogue_client.search.meaning import vectors
from catalogue_client.search.meaning.embedder import SentenceEmbedder
from catalogue_client.search.query_reading import QueryReading
from catalogue_client.search.themes import Theme
from catalogue_client.works.theme_names import theme_words
from languages.folding import folded_words
from languages.numerals import titles_in_words
from languages.stemming import stems

FORM = 6
"""Of the file; another number in it means: make it again."""
BATCH = 500
MOST_PARTS = 40
"""Parts of the gram index before they are merged."""

TABLES = f"""
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS docs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, record_id TEXT UNIQUE NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL,
    titles TEXT NOT NULL, authors TEXT NOT NULL, subjects TEXT NOT NULL, language TEXT NOT NULL, year INTEGER,
    formats TEXT NOT NULL, added TEXT NOT NULL, popularity INTEGER NOT NULL, work INTEGER NOT NULL DEFAULT 0,
    volume INTEGER);
CREATE INDEX IF NOT EXISTS docs_by_added ON docs (added);
CREATE INDEX IF NOT EXISTS docs_by_popularity ON docs (popularity);
CREATE TABLE IF NOT EXISTS shown (record_id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS names (name TEXT, number INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_by_number ON names (number);
CREATE TABLE IF NOT EXISTS words (stem TEXT PRIMARY KEY, docs INTEGER NOT NULL);
{trigram_index.TABLES}
{work_tables.TABLES}
{vectors.TABLES}
CREATE VIRTUAL TABLE IF NOT EXISTS themes USING fts5(subjects, titles, authors, notes, content='', detail='column');
COMMIT;
"""

ANY, AUTHOR, SUBJECT, CHARACTER = "", "a:", "s:", "c:"
"""Fields of the gram index: title, author and aliases together; author alone; subjects; characters."""
THEME_HEADING = 1.05
"""What it is worth that a document is catalogued under a theme."""
THEME_IN = {"titles": 0.97, "notes": 0.9, "authors": 0.87, "": 0.85}
"""The same for a document that has the whole of it in a field; "" for scattered over several fields."""
THEME_IN_PART = 0.65
"""The same when only some of its words stand anywhere."""
THEME_SAID = 0.05
"""More, where the very words that were said stand."""


class SearchIndex:
    """One index file. Not for several threads at once: its owner lets one worker use it."""

    def __init__(self, path: Path | str, edition: int = 0, embedder: SentenceEmbedder | None = None) -> None:
        """Open the file, or make it; one of another `edition` of the knowledge base, or with vectors of another model,
        is made again. Raises sqlite3.Error when it can be neither."""
        self.connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        self.embedder = embedder
        self.vectors = vectors.WorkVectors(self.connection)
        edition ^= zlib.crc32(embedder.model.encode()) if embedder else 0
        self._edition = edition
        if self._of_another_form():
            for table in (
                "docs",
                "shown",
                "grams",
                "words",
                "facts",
                "themes",
                "names",
                *work_tables.ALL,
                *vectors.ALL,
            ):
                self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.connection.executescript(TABLES)
        if (self._fact("form"), self._fact("edition")) != (FORM, edition):
            self.start_again()

    def _of_another_form(self) -> bool:
        """Whether the file holds tables that are not of this form: their columns differ."""
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'facts'").fetchone()[0]
        return bool(tables) and self._fact("form") != FORM

    def close(self) -> None:
        """Close the file; nothing may be asked any more."""
        self.connection.close()

    @property
    def generation(self) -> int:
        """The number of the last change of the state that is in the index."""
        return self._fact("generation")

    def __len__(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM docs").fetchone()[0])

    def update(self, entries: Iterable[IndexEntry], gone: Iterable[str], generation: int) -> None:
        """Put in what is new or changed, take out what is gone, all or nothing."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            if generation > self.generation:
                self._remove(gone)
                self._add(tuple(entries))
                self._store_fact("generation", generation)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def start_again(self) -> None:
        """Forget everything: the next update starts from the first change."""
        self.vectors.forget()
        for table in ("docs", "shown", "grams", "words", "facts", "names", *work_tables.ALL, *vectors.ALL):
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("INSERT INTO themes (themes) VALUES ('delete-all')")
        self._store_fact("form", FORM)
        self._store_fact("edition", self._edition)

    def candidates(self, reading: QueryReading, field: str, filter: Filter, most: int) -> list[int]:
        """Numbers of the documents likeliest to be what was asked, best first."""
        wide = most if filter == Filter() else most * 20
        numbers, _ = trigram_index.best(self.connection, field, reading.words, self.highest + 1, wide)
        return self.let_through([int(number) for number in numbers], filter)[:most]

    @property
    def highest(self) -> int:
        """The highest number that a document has or had."""
        return self._fact("documents")

    def let_through(self, numbers: Sequence[int], filter: Filter) -> list[int]:
        """Those of the documents that fit a filter, in their order."""
        if filter == Filter():
            return list(numbers)
        clause, values = filter.clause()
        query = f"SELECT number FROM docs WHERE {clause} AND number IN ({','.join(map(str, numbers))})"
        fitting = {row[0] for row in self.connection.execute(query, values)}
        return [number for number in numbers if number in fitting]

    def popularity(self, numbers: Iterable[int]) -> dict[int, int]:
        """Number of a document -> how much it is read."""
        query = f"SELECT number, popularity FROM docs WHERE number IN ({','.join(map(str, numbers))})"
        return dict(self.connection.execute(query))

    def on_theme(self, theme: Theme, filter: Filter, most: int) -> dict[int, float]:
        """Numbers of at most `most` documents on a theme, the best and most read first, with what each is worth."""
        said, meant = " AND ".join(theme.said), " AND ".join(theme.meant)
        found = dict.fromkeys(self._where(f"{{subjects}} : ({theme.heading})", filter, most), THEME_HEADING)
        # Where librarians have a heading for it, an annotation that has the word need not be about it.
        elsewhere = ("titles",) if found else ("titles", "notes", "authors", "")
        for field in elsewhere:
            where = f"{{{field}}} : " if field else ""
            for number in self._where(f"{where}(({said}) AND ({meant}))", filter, most):
                found.setdefault(number, THEME_IN[field] + THEME_SAID)
            for number in self._where(f"{where}({meant})", filter, most):
                found.setdefault(number, THEME_IN[field])
        if not found and len(theme.meant) > 1:
            found = dict.fromkeys(self._where(" OR ".join(theme.meant), filter, most), THEME_IN_PART)
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:most])

    def has(self, theme: Theme) -> bool:
        """Whether any document holds the whole of a theme."""
        query = "SELECT 1 FROM themes WHERE themes MATCH ? LIMIT 1"
        return self.connection.execute(query, (" AND ".join(theme.meant),)).fetchone() is not None

    def _where(self, expression: str, filter: Filter, most: int) -> list[int]:
        """Numbers of the documents that an expression over their themes fits, the most read first."""
        clause, values = filter.clause()
        query = f"""SELECT docs.number FROM themes JOIN docs ON docs.number = themes.rowid
                    WHERE themes MATCH ? AND {clause} ORDER BY popularity DESC LIMIT {most}"""
        return [row[0] for row in self.connection.execute(query, [expression, *values])]

    def named(self, name: Sequence[str], most: int) -> list[int]:
        """Numbers of at most `most` documents one of whose names is exactly these stems."""
        query = "SELECT number FROM names WHERE name = ? LIMIT ?"
        return [row[0] for row in self.connection.execute(query, (" ".join(name), most))]

    def documents(self, numbers: Sequence[int]) -> list[Document]:
        """The documents with these numbers that are still there, in this order."""
        query = f"""SELECT number, record_id, titles, authors, subjects, title, language, popularity, work
                    FROM docs WHERE number IN ({",".join(map(str, numbers))})"""
        found = {row[0]: document_of(*row) for row in self.connection.execute(query)}
        return [found[number] for number in numbers if number in found]

    def listed(self, filter: Filter, most: int, newest_first: bool) -> tuple[list[str], int]:
        """Record ids that the filter lets through, the newest or most read first, and how many there are in all."""
        clause, values = filter.clause()
        order = "added DESC, popularity DESC" if newest_first else "popularity DESC"
        query = f"SELECT record_id FROM docs WHERE {clause} ORDER BY {order}, record_id LIMIT ?"
        ids = [row[0] for row in self.connection.execute(query, [*values, most])]
        total = self.connection.execute(f"SELECT count(*) FROM docs WHERE {clause}", values).fetchone()[0]
        return ids, int(total)

    def shown(self, record_ids: Sequence[str]) -> dict[str, str]:
        """Record id -> the record as it was put in, as JSON; those that have none are left out."""
        query = f"SELECT record_id, record FROM shown WHERE record_id IN ({','.join('?' * len(record_ids))})"
        return dict(self.connection.execute(query, list(record_ids)))

    def frequencies(self, asked: Iterable[str]) -> dict[str, int]:
        """Stem -> number of documents that hold it, for stems that any does."""
        asked = list(asked)
        query = f"SELECT stem, docs FROM words WHERE stem IN ({','.join('?' * len(asked))})"
        return dict(self.connection.execute(query, asked))

    def popular(self, most: int) -> Iterator[tuple[str, str, str, int]]:
        """(record id, language, folded author, popularity) of the most read documents, the most read first."""
        query = "SELECT record_id, language, author, popularity FROM docs ORDER BY popularity DESC LIMIT ?"
        yield from self.connection.execute(query, (most,))

    def _add(self, entries: Sequence[IndexEntry]) -> None:
        if not entries:
            return
        self._remove(entry.record_id for entry in entries)
        connection = self.connection
        whole: dict[int, list[str]] = {}
        authors: dict[int, list[str]] = {}
        subjects: dict[int, list[str]] = {}
        counts: dict[str, int] = {}
        added: dict[int, IndexEntry] = {}
        for entry in entries:
            names = [folded_words(name) for name in (entry.title, *entry.names, *titles_in_words(entry.title))]
            author = folded_words(entry.author)
            writers = list(
                dict.fromkeys((*author, *folded_words(" ".join(entry.known.authors if entry.known else ()))))
            )
            themes_known = [
                word for theme in (entry.known.themes if entry.known else ()) for word in theme_words(theme)
            ]
            subject = folded_words(" ".join(dict.fromkeys((*entry.subjects, *themes_known))))
            note = " ".join(folded_words(entry.annotation))
            titles = "|".join(" ".join(stems(name)) for name in names)
            row = (
                entry.record_id, " ".join(names[0]), " ".join(author), titles,
                " ".join(stems(writers)), " ".join(stems(subject)), entry.language, entry.year, ";".join(entry.formats),
                entry.added, entry.popularity, 0, entry.volume,
            )  # fmt: skip
            if entry.record:
                connection.execute("INSERT OR REPLACE INTO shown VALUES (?, ?)", (entry.record_id, entry.record))
            number = connection.execute(f"INSERT INTO docs VALUES (NULL, {','.join('?' * len(row))})", row).lastrowid
            assert number is not None
            themes = (" ".join(subject), " ".join(word for name in names for word in name), " ".join(author), note)
            connection.execute(
                "INSERT INTO themes (rowid, subjects, titles, authors, notes) VALUES (?, ?, ?, ?, ?)", (number, *themes)
            )
            connection.executemany(
                "INSERT OR IGNORE INTO names VALUES (?, ?)", [(n, number) for n in titles.split("|")]
            )
            added[number] = entry
            whole[number] = [word for name in names for word in name] + writers
            authors[number], subjects[number] = writers, subject
            for stem in {*stems(whole[number])}:
                counts[stem] = counts.get(stem, 0) + 1
        part = self._fact("parts") + 1
        people = {number: list(_people(entry)) for number, entry in added.items() if entry.known}
        for field, words in ((ANY, whole), (AUTHOR, authors), (SUBJECT, subjects), (CHARACTER, people)):
            trigram_index.add(connection, field, words, part)
        described = {number: list(keys_of(content_stems(entry.described))) for number, entry in added.items()}
        trigram_index.add_keys(connection, described, part)
        connection.executemany("UPDATE docs SET work = number WHERE number = ?", [(number,) for number in added])
        work_tables.add(connection, added)
        work_tables.join(connection, added)
        if self.embedder:
            heads = self._heads(added)
            self.vectors.queue((number, entry.passage) for number, entry in added.items() if number in heads)
        connection.executemany(
            "INSERT INTO words VALUES (?, ?) ON CONFLICT (stem) DO UPDATE SET docs = docs + excluded.docs",
            counts.items(),
        )
        self._store_fact("documents", max(whole))
        self._store_fact("parts", part)
        if part > MOST_PARTS:
            living = [row[0] for row in connection.execute("SELECT number FROM docs ORDER BY number")]
            trigram_index.merge(connection, np.array(living, dtype=np.uint32))
            self._store_fact("parts", 0)

    def _heads(self, numbers: Iterable[int]) -> set[int]:
        """Those of the documents that stand for their work."""
        query = f"SELECT number FROM docs WHERE work = number AND number IN ({','.join(map(str, numbers))})"
        return {row[0] for row in self.connection.execute(query)}

    def _remove(self, record_ids: Iterable[str]) -> None:
        # Their grams stay until parts are merged; a number without a document is passed over.
        gone = list(record_ids)
        for start in range(0, len(gone), BATCH):
            ids = gone[start : start + BATCH]
            marks = ",".join("?" * len(ids))
            found = self.connection.execute(
                f"SELECT number, work FROM docs WHERE record_id IN ({marks})", ids
            ).fetchall()
            self.connection.execute(f"DELETE FROM shown WHERE record_id IN ({marks})", ids)
            if not found:
                continue
            self.connection.execute(f"DELETE FROM docs WHERE record_id IN ({marks})", ids)
            self.connection.executemany("DELETE FROM names WHERE number = ?", [(number,) for number, _ in found])
            work_tables.remove(self.connection, [number for number, _ in found])
            self.vectors.remove([number for number, _ in found])
            works = ",".join(str(work) for _, work in found)
            left = [row[0] for row in self.connection.execute(f"SELECT number FROM docs WHERE work IN ({works})")]
            self.connection.executemany(
                "UPDATE docs SET work = number WHERE number = ?", [(number,) for number in left]
            )
            work_tables.join(self.connection, left)

    def _fact(self, name: str) -> int:
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def _store_fact(self, name: str, value: int) -> None:
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _people(entry: IndexEntry) -> Iterator[str]:
    """The words of all names of characters, folded."""
    if entry.known is not None:
        for name in entry.known.characters:
            yield from folded_words(name)

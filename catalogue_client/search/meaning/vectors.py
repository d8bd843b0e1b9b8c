"""The part of the search index that holds a vector for each work: what it is about, to be compared with what was said.

New works wait in a queue until somebody has the time to embed them; until then they are found in the other ways. All
vectors are compared, one by one: at fifty thousand works that takes a few milliseconds and 77 MB.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalogue_client.search.meaning.embedder import Vectors

TABLES = """
CREATE TABLE IF NOT EXISTS vectors (number INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS unembedded (number INTEGER PRIMARY KEY, passage TEXT NOT NULL);
"""
ALL = ("vectors", "unembedded")
KEPT = np.float16
LEAST = 10
"""Works with fewer vectors than this say nothing of what is usual."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near works lie to what was said."""

    numbers: npt.NDArray[np.int64]
    deviations: npt.NDArray[np.float32]
    """In standard deviations over all works: the likeness itself lies in a narrow band that differs by sentence."""

    def best(self, most: int) -> dict[int, float]:
        """Return the nearest works with their deviations."""
        order = np.argsort(-self.deviations, kind="stable")[:most]
        return {int(self.numbers[at]): float(self.deviations[at]) for at in order}

    def of(self, numbers: Iterable[int]) -> dict[int, float]:
        """Return the deviations of these works; those without a vector are left out."""
        asked = np.fromiter(numbers, dtype=np.int64)
        found = np.isin(self.numbers, asked)
        return dict(zip(self.numbers[found].tolist(), self.deviations[found].tolist(), strict=True))


class WorkVectors:
    """The vectors of one index. Not for several threads at once, as the index itself."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers = np.empty(0, dtype=np.int64)
        self._matrix: Vectors | None = None

    def queue(self, passages: Iterable[tuple[int, str]]) -> None:
        """Note works that have no vector yet: (number of a document, text)."""
        self._connection.executemany("INSERT OR REPLACE INTO unembedded VALUES (?, ?)", passages)

    def waiting(self, most: int) -> list[tuple[int, str]]:
        """Return at most `most` works of the queue, the most read first."""
        query = """SELECT unembedded.number, passage FROM unembedded JOIN docs ON docs.number = unembedded.number
                   ORDER BY popularity DESC, unembedded.number LIMIT ?"""
        return [tuple(row) for row in self._connection.execute(query, (most,))]

    @property
    def queued(self) -> int:
        """How many works have no vector yet."""
        return int(self._connection.execute("SELECT count(*) FROM unembedded").fetchone()[0])

    def store(self, vectors: Iterable[tuple[int, Vectors]]) -> None:
        """Keep vectors of works that are still in the queue: a work that has gone meanwhile stays gone."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for number, vector in vectors:
                if self._connection.execute("DELETE FROM unembedded WHERE number = ?", (number,)).rowcount:
                    blob = np.asarray(vector, dtype=KEPT).tobytes()
                    self._connection.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (number, blob))
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self.forget()

    def remove(self, numbers: Sequence[int]) -> None:
        """Take out works."""
        for table in ALL:
            self._connection.executemany(f"DELETE FROM {table} WHERE number = ?", [(number,) for number in numbers])
        self.forget()

    @property
    def enough(self) -> bool:
        """Whether there are vectors enough to compare anything with."""
        return len(self._loaded()) >= LEAST

    def forget(self) -> None:
        """Hold no vectors in memory any more: the tables have changed under them."""
        self._matrix = None

    @property
    def held_bytes(self) -> int:
        """The memory that all vectors take."""
        return self._loaded().nbytes

    def likeness(self, vector: Vectors) -> Nearness:
        """Compare what was said with every work; only where there are vectors `enough`."""
        like = self._loaded() @ vector
        spread = float(like.std()) or 1.0
        return Nearness(self._numbers, (like - like.mean()) / spread)

    def _loaded(self) -> Vectors:
        if self._matrix is not None:
            return self._matrix
        rows = self._connection.execute("SELECT number, vector FROM vectors ORDER BY number").fetchall()
        self._numbers = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        whole = np.frombuffer(b"".join(row[1] for row in rows), dtype=KEPT)
        self._matrix = whole.reshape(len(rows), -1).astype(np.float32) if rows else np.empty((0, 0), dtype=np.float32)
        return self._matrix

"""Search by voice on a city's catalogue: ours beside plain FTS5, tantivy and a word-by-word search.

Prints recall@10, hit@1 and milliseconds for 2,000 garbled queries over 49,492 made-up titles, all measured in one run.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from queries import KINDS, Spoken, spoken_queries

from catalogue_client.generating import generated_records
from catalogue_client.records import Query
from catalogue_client.search.documents import Entry
from catalogue_client.search.finder import Finder
from catalogue_client.search.folding import fold
from catalogue_client.search.index import SearchIndex
from catalogue_client.works import WORKS, read_works, tsv_files

Row = dict[str, Any]
Search = Callable[[str], Sequence[int]]
"""A spoken text -> positions of rows, best first, ten at most."""

TODAY = date(2026, 11, 24)


def ours(rows: Sequence[Row], folder: Path) -> Search:
    """The index that ships."""
    index = SearchIndex(folder / "search.sqlite")
    entries = [
        Entry(row["id"], row["title"], row["author"], row["language"], row["year"], tuple(row["formats"].split(";")),
              tuple(row["subjects"].split(";")), (), row["added"].isoformat(), row["popularity"])
        for row in rows
    ]  # fmt: skip
    for start in range(0, len(entries), 5_000):
        index.update(entries[start : start + 5_000], (), start + 1)
    finder = Finder(index)
    return lambda text: [int(one[1:]) for one in finder.find(Query(words=text, limit=10)).record_ids]


def plain_fts5(rows: Sequence[Row], folder: Path) -> Search:
    """What one gets from SQLite without further thought: words OR-ed, ranked by bm25."""
    connection = sqlite3.connect(folder / "plain.sqlite")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(title, author)")
    connection.executemany("INSERT INTO t (rowid, title, author) VALUES (?, ?, ?)", _numbered(rows))

    def search(text: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        found = connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (words,))
        return [row[0] for row in found]

    return search


def folded_trigrams(rows: Sequence[Row], folder: Path) -> Search:
    """SQLite's own trigram tables over folded text."""
    connection = sqlite3.connect(folder / "trigram.sqlite")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='trigram')")
    folded = ((number, fold(f"{title} {author}")) for number, title, author in _numbered(rows))
    connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", folded)

    def search(text: str) -> list[int]:
        folded = fold(text)
        grams = " OR ".join(f'"{folded[at : at + 3]}"' for at in range(len(folded) - 2))
        found = (
            connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (grams,)) if grams else ()
        )
        return [row[0] for row in found]

    return search


def tantivy_words(rows: Sequence[Row], folder: Path) -> Search:
    """tantivy over folded words, each with one letter's difference allowed."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False)
    builder.add_integer_field("number", stored=True)
    (folder / "tantivy").mkdir()
    index = tantivy.Index(builder.build(), path=str(folder / "tantivy"))
    writer = index.writer()
    for number, title, author in _numbered(rows):
        writer.add_document(tantivy.Document(text=fold(f"{title} {author}"), number=number))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[int]:
        words = [
            (tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(index.schema, "text", word, distance=1))
            for word in fold(text).split()
        ]
        hits = searcher.search(tantivy.Query.boolean_query(words), 10).hits if words else []
        return [searcher.doc(address)["number"][0] for _, address in hits]

    return search


ENGINES: dict[str, Callable[[Sequence[Row], Path], Search]] = {
    "plain FTS5": plain_fts5,
    "FTS5 trigrams, folded": folded_trigrams,
    "tantivy, folded, fuzzy": tantivy_words,
    "Dauys": ours,
}


def is_meant(row: Row, spoken: Spoken) -> bool:
    """Whether a row is what the reader meant."""
    right_title = not spoken.title or fold(row["title"]) == fold(spoken.title)
    return right_title and (not spoken.author or row["author"] == spoken.author)


@dataclass(slots=True)
class Measured:
    """How one engine did."""

    ranks: dict[str, list[int]]
    """For each kind of query the ranks of what was meant, 0-based; 99 when it is not among ten."""
    times: list[float]
    """ms by the clock."""
    cpu: list[float]
    """ms of the processor: what the clock would show on a machine with nothing else to do."""


def measure(search: Search, rows: Sequence[Row], asked: Sequence[Spoken]) -> Measured:
    """Ask everything once."""
    measured = Measured(defaultdict(list), [], [])
    for spoken in asked:
        started, working = time.perf_counter(), time.process_time()
        found = search(spoken.text)
        measured.times.append((time.perf_counter() - started) * 1000)
        measured.cpu.append((time.process_time() - working) * 1000)
        rank = next((at for at, one in enumerate(found) if is_meant(rows[one], spoken)), 99)
        measured.ranks[spoken.kind].append(rank)
    return measured


def _numbered(rows: Sequence[Row]) -> list[tuple[int, str, str]]:
    return [(number, row["title"], row["author"]) for number, row in enumerate(rows)]


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--titles", type=int, default=49_492)
    options.add_argument("--queries", type=int, default=2_000)
    options.add_argument("--engine", action="append", choices=list(ENGINES))
    options.add_argument("--misses", type=int, default=0, help="print so many of our misses")
    chosen = options.parse_args(argv)
    works = [work for path in tsv_files(WORKS) for work in read_works(path)]
    rows = list(generated_records(works, chosen.titles, TODAY))
    asked = list(spoken_queries(rows, chosen.queries))
    print(f"{chosen.titles} titles, {chosen.queries} spoken queries\n")
    heads = ("recall@10", "hit@1", "p50 ms", "p95 ms", "p95 CPU", "build s", "MB")
    print(f"{'':24}" + "".join(f"{head:>10}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.engine or ENGINES:
            started, before = time.perf_counter(), _megabytes()
            try:
                search = ENGINES[name](rows, Path(folder))
            except ImportError:
                print(f"{name:24} is not installed")
                continue
            built = time.perf_counter() - started
            measured = measure(search, rows, asked)
            flat = np.array([rank for several in measured.ranks.values() for rank in several])
            p50, p95 = np.percentile(measured.times, (50, 95))
            told = (p50, p95, np.percentile(measured.cpu, 95), built, _megabytes() - before)
            shares = f"{(flat < 10).mean():10.3f}{(flat == 0).mean():10.3f}"
            print(f"{name:24}{shares}" + "".join(f"{one:10.1f}" for one in told), flush=True)
            if name == "Dauys":
                _print_kinds(measured)
                _print_misses(search, rows, asked, chosen.misses)
    return 0


def _megabytes() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print_kinds(measured: Measured) -> None:
    print()
    for kind in KINDS:
        several = np.array(measured.ranks[kind])
        print(f"  {kind:28}{(several < 10).mean():8.3f}{(several == 0).mean():8.3f}")


def _print_misses(search: Search, rows: Sequence[Row], asked: Sequence[Spoken], most: int) -> None:
    missed = 0
    for spoken in asked:
        found = [] if missed >= most else search(spoken.text)
        if missed < most and not any(is_meant(rows[one], spoken) for one in found[:1]):
            missed += 1
            told = "; ".join(f"{rows[one]['title']} / {rows[one]['author']}" for one in found[:2])
            print(f"  {spoken.kind}: {spoken.text!r} meant {spoken.title!r} / {spoken.author!r}, found {told}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

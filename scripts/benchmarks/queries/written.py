"""Queries that people have written: by plot, character, series, school list, name in another language, theme.

Those of `written/` come from somebody who has not seen what is known of the works; those of `tuning/` are ours. They
are asked of all works that ship, among as many made-up ones as a city has, whose plots are made of the same words.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.search.meaning.embedder import SentenceEmbedder
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.seed.works import Work
from catalogue_client.values.bibliographic import Query
from catalogue_client.works.knowledge_base import WorkKnowledge, knowledge_base
from languages.folding import fold

WRITTEN = Path(__file__).with_name("written")
PLOT_WORDS = (12, 24)
FIRST = 3
"""Answers among which the right work must be."""
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """A query as somebody wrote it, and the work that was meant; a school list or theme may mean several."""

    kind: str
    language: str
    text: str
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the queries of one kind did."""

    asked: int
    first: int
    three: int
    wrongly_sure: int


def written_queries(folder: Path) -> Iterator[WrittenQuery]:
    """Yield the queries of all files: kind, language, query, title and author, with tabs between."""
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = [field.strip() for field in line.split("\t")]
            if len(fields) >= 4 and fields[0].lower() != "kind":
                kind, language, text, title, *author = fields
                yield WrittenQuery(kind.lower(), language, text, title, author[0] if author else "")


def shipped_entries(works: Sequence[Work]) -> Iterator[IndexEntry]:
    """Yield the works that ship as they are indexed."""
    for number, work in enumerate(works):
        known, mine = knowledge_base().of((work.title,), work.author)
        yield IndexEntry(
            work.id, work.title, work.author, work.language, work.year, work.formats, in_all_languages(work.subjects),
            work.aliases, "2026-01-01", 1 + number % 50, work.annotation, signatures=mine, known=known,
        )  # fmt: skip


def made_up_entries(rows: Sequence[dict[str, Any]], seed: int = 11) -> Iterator[IndexEntry]:
    """Yield made-up rows, each with a plot of words from the plots of real works."""
    chance = random.Random(seed)
    words = {
        language: [word for work in knowledge_base().works if work.language == language for word in work.plot.split()]
        for language in ("kk", "ru", "en")
    }
    for row in rows:
        pool = words[row["language"]] or ["слово"]
        plot = " ".join(chance.choice(pool) for _ in range(chance.randint(*PLOT_WORDS)))
        names, plots = ((row["language"], row["title"]),), ((row["language"], plot),)
        known = WorkKnowledge(names, (row["author"],), "", plots, (), (), (), None, (), ())
        yield IndexEntry(
            row["id"], row["title"], row["author"], row["language"], row["year"], tuple(row["formats"].split(";")),
            tuple(row["subjects"].split(";")), (), row["added"].isoformat(), row["popularity"], known=known,
        )  # fmt: skip


def index_of(entries: Sequence[IndexEntry], path: Path | str, embedder: SentenceEmbedder | None = None) -> SearchIndex:
    """Return an index of all entries; with an embedder their passages wait for it."""
    index = SearchIndex(path, embedder=embedder)
    for start in range(0, len(entries), BATCH):
        index.update(entries[start : start + BATCH], (), start + 1)
    return index


def embed(index: SearchIndex, embedder: SentenceEmbedder, real: int, kept: Path | None, seed: int = 12) -> float:
    """Give every work a vector: the first `real` documents by the embedder, the made-up ones one drawn at random from
    the normal distribution of those, so that they are neither nearer nor farther. Vectors that `kept` holds are not
    made again. Return ms a passage."""
    known = dict(np.load(kept)) if kept and kept.exists() else {}
    chance, started, made = np.random.default_rng(seed), time.process_time(), 0
    true: list[npt.NDArray[np.float32]] = []
    while waiting := index.vectors.waiting(5_000):
        vectors = []
        for number, passage in sorted(waiting):
            if number <= real:
                key = hashlib.blake2s(passage.encode(), digest_size=12).hexdigest()
                if key not in known:
                    known[key], made = embedder.passage(passage), made + 1
                true.append(known[key])
                vectors.append((number, known[key]))
        made_up = [number for number, _ in waiting if number > real]
        if made_up:
            drawn = chance.multivariate_normal(np.mean(true, axis=0), np.cov(np.array(true).T), len(made_up))
            drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
            vectors += list(zip(made_up, drawn.astype(np.float32), strict=True))
        index.vectors.store(vectors)
    spent = 1000 * (time.process_time() - started)
    if kept:
        np.savez(kept, **known)
    return spent / made if made else 0.0


def ask(
    finder: JoinedFinder, entries: Sequence[IndexEntry], queries: Sequence[WrittenQuery], misses: bool
) -> tuple[dict[str, Outcome], list[float]]:
    """Ask every query once. Return how each kind did, and the CPU ms of each query; misses are printed."""
    by_id = {entry.record_id: entry for entry in entries}
    ranks: dict[str, list[int]] = defaultdict(list)
    wrong: dict[str, int] = defaultdict(int)
    times: list[float] = []
    for query in queries:
        started = time.process_time()
        found = finder.find(Query(words=query.text, spoken=query.language, limit=10))
        times.append((time.process_time() - started) * 1000)
        answers = [by_id[record_id] for record_id in found.record_ids]
        rank = next((at for at, entry in enumerate(answers) if is_meant(entry, query)), 99)
        ranks[query.kind].append(rank)
        wrong[query.kind] += found.sure and rank > 0
        if misses and rank >= FIRST:
            report = "; ".join(f"{entry.title} / {entry.author}" for entry in answers[:FIRST])
            print(
                f"  {query.kind} {query.language}: {query.text!r} meant {query.title!r}, {found.matched_by}: {report}"
            )
    outcomes = {
        kind: Outcome(
            len(several), sum(rank == 0 for rank in several), sum(rank < FIRST for rank in several), wrong[kind]
        )
        for kind, several in ranks.items()
    }
    return outcomes, times


def is_meant(entry: IndexEntry, query: WrittenQuery) -> bool:
    """Whether an entry is the work that was meant, in whatever language."""
    titles = {fold(entry.title), *(fold(name) for name in entry.names)}
    if any(fold(title) in titles for title in query.title.split("|") if title.strip()):
        if not query.author:
            return True
        _, mine = knowledge_base().of([title.strip() for title in query.title.split("|")], query.author)
        return bool(set(mine) & set(entry.signatures)) or fold(entry.author) == fold(query.author)
    return False


def print_outcomes(name: str, outcomes: dict[str, Outcome], times: Sequence[float]) -> None:
    """Print a table: a kind a line."""
    print(f"\n{name}: {'':12}{'asked':>8}{'first':>8}{'three':>8}{'wrongly sure':>14}")
    for kind, one in sorted(outcomes.items()):
        print(f"  {kind:28}{one.asked:8}{one.first / one.asked:8.2f}{one.three / one.asked:8.2f}{one.wrongly_sure:14}")
    if times:
        p50, p95 = np.percentile(times, (50, 95))
        print(f"  p50 {p50:.1f} ms, p95 {p95:.1f} ms of the processor")

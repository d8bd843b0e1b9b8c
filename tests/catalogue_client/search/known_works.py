"""A few works with all that is known of them, in an index of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.index import SearchIndex
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.works.knowledge_base import KnowledgeBase, read_knowledge
from catalogue_client.works.known_work import KnownWork, SeriesPlace

WORKS = Path(__file__).parent.parent / "works_known" / "known.tsv"
BASE = KnowledgeBase(read_knowledge(WORKS))


def entry(
    record_id: str,
    title: str,
    author: str,
    language: str,
    *,
    base: KnowledgeBase = BASE,
    work_titles: Sequence[str] = (),
    isbns: Sequence[str] = (),
    series: Sequence[SeriesPlace] = (),
    volume: int | None = None,
    formats: Sequence[str] = ("print",),
    popularity: int = 10,
) -> IndexEntry:
    """A record as the indexer describes it."""
    known, mine = base.of((title, *work_titles), author, isbns)
    return IndexEntry(
        record_id, title, author, language, None, tuple(formats), (), tuple(work_titles), "2026-01-01", popularity,
        signatures=mine, known=known, series=tuple(series),
        volume=volume,
    )  # fmt: skip


def entries(works: Iterable[KnownWork], base: KnowledgeBase = BASE) -> list[IndexEntry]:
    """A record for each line; its id is the title with the language."""
    return [entry(f"{work.title} {work.language}", work.title, work.author, work.language, base=base) for work in works]


@contextmanager
def finder_of(records: Sequence[IndexEntry]) -> Iterator[JoinedFinder]:
    index = SearchIndex(":memory:")
    index.update(records, (), 1)
    yield JoinedFinder(index)
    index.close()

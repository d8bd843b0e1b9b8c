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
    index_of,
    made_up_entries,
    print_outcomes,
    shipped_entries,
    written_queries,
)

from catalogue_client.search.joined_finder import JoinedFinder
from catalogue_client.seed.synthetic import generated_records
from catalogue_client.seed.works import WORKS, read_works, tsv_files

TODAY = date(2026, 11, 24)


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--titles", type=int, default=49_492, help="works in all; the shipped ones are among them")
    options.add_argument("--queries", type=Path, default=WRITTEN, help="folder of TSV files")
    options.add_argument("--misses", action="store_true", help="print every query that was missed")
    chosen = options.parse_args(argv)
    works = [work for path in tsv_files(WORKS) for work in read_works(path)]
    shipped = list(shipped_entries(works))
    made_up = list(generated_records(works, max(0, chosen.titles - len(shipped)), TODAY))
    entries = [*shipped, *made_up_entries(made_up)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.sqlite"
        index = index_of(entries, path)
        queries = list(written_queries(chosen.queries))
        print(f"{len(entries)} works, {path.stat().st_size / 1e6:.0f} MB index, {len(queries)} written queries")
        outcomes, times = ask(JoinedFinder(index), entries, queries, chosen.misses)
        if queries:
            print_outcomes("what readers remember", outcomes, times)
        index.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

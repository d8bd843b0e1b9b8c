"""By what records fit a query."""

from __future__ import annotations

import pytest

from catalogue_client.search.matching import matched_by
from catalogue_client.values.bibliographic import Query, Record

ABAI = Record("1", "Абай жолы", "Мұхтар Әуезов", "kk", subjects=("тарих",))
SPACE = Record("2", "Звёздный путь", "Юрий Петров", "ru", subjects=("космос",))


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("абай жолын", "title"),
        ("әуезовтің кітабы мұхтар", "author"),
        ("ғарыш", "theme"),  # catalogued in Russian
        ("книги про космос", "theme"),
        ("кочпендлр", "close"),
        ("ой", "close"),  # too short to say anything
    ],
)
def test_it_says_by_what_the_first_records_fit(words: str, by: str) -> None:
    assert matched_by(Query(words=words), (ABAI, SPACE), is_guess=False) == by


def test_a_theme_that_was_only_guessed_at_is_none() -> None:
    about = Query(words="книги про море")
    assert matched_by(about, (ABAI,), is_guess=False) == "theme"
    assert matched_by(about, (ABAI,), is_guess=True) == "close"


def test_records_that_a_reader_does_not_hear_do_not_count() -> None:
    assert matched_by(Query(words="абай жолы"), (SPACE, SPACE, ABAI), is_guess=False) == "title"
    assert matched_by(Query(words="абай жолы"), (SPACE, SPACE, SPACE, ABAI), is_guess=False) == "close"


def test_nothing_found_matches_by_nothing() -> None:
    assert matched_by(Query(words="абай"), (), is_guess=False) == ""

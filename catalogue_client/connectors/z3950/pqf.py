"""Queries in PQF, the prefix notation of yaz-client. Only words in quotes: speech cannot bring operators in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue_client.connectors.spellings import spellings, words_of, years_of
from catalogue_client.connectors.z3950.settings import Z3950Settings
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.values.bibliographic import Query

LONGEST = 8_000
"""Characters that yaz-client reads in a line, with room to spare."""
MOST_SUBJECTS = 4


def wanted(query: Query, names: Z3950Settings, *, every: bool) -> str:
    """What the reader said; `every` word must be there, or any of them will do. "" when nothing was said."""
    link = "@and" if every else "@or"
    subjects = in_all_languages([query.subject])[:MOST_SUBJECTS] if query.subject else ()
    said = [_words(names.anywhere, text, link) for text in (query.words, *query.alternatives[:1]) if text]
    parts = [
        _joined("@or", said),
        _words(names.title, query.title, link),
        _words(names.author, query.author, link),
        _joined("@or", (_words(names.subject, subject, "@and") for subject in subjects)),
    ]
    whole = _joined(link, parts)
    if not whole and query.years:  # what is new; else years are looked at afterwards
        whole = _joined("@or", (f'@attr 1={names.date} "{year}"' for year in years_of(query.years)))
    # Too long for a line: the first hypothesis, as it was said.
    return whole if len(whole) <= LONGEST else _joined("@and", (f'"{word}"' for word in words_of(query.words)))


def numbered(record_id: str, names: Z3950Settings) -> str:
    """The record with that number of its own."""
    plain = re.sub(r'["\\\x00-\x1f]', "", record_id)[:200]
    return f'@attr 1={names.number} "{plain}"'


def _words(index: int, text: str, link: str) -> str:
    ways = ((f'@attr 1={index} "{way}"' for way in spellings(word)) for word in words_of(text))
    return _joined(link, (_joined("@or", way) for way in ways))


def _joined(link: str, parts: Iterable[str]) -> str:
    there = [part for part in parts if part]
    return " ".join([link] * (len(there) - 1) + there)

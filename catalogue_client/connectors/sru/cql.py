"""Queries in CQL (the Contextual Query Language of SRU). Only words in quotes: speech cannot bring operators in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue_client.catalogue.marc.description import LANGUAGES
from catalogue_client.connectors.spellings import spellings, words_of
from catalogue_client.connectors.sru.settings import SruSettings
from catalogue_client.search.subjects import in_all_languages
from catalogue_client.values.bibliographic import Query

MOST_HYPOTHESES = 3


def wanted(query: Query, names: SruSettings, *, every: bool = True) -> str:
    """What the reader said as CQL; `every` word must be there, or any of them will do. "" when nothing was said."""
    link = " and " if every else " or "
    said = [query.words, *query.alternatives[: MOST_HYPOTHESES - 1]] if query.words else []
    heard = [one for text in said if (one := _words(names.anywhere, words_of(text), link))]
    subjects = (_words(names.subject, words_of(subject), " and ") for subject in _subjects(query.subject))
    parts = [
        _any(heard),
        _words(names.title, words_of(query.title), link),
        _words(names.author, words_of(query.author), link),
        _any(filter(None, subjects)),
    ]
    return link.join(f"({part})" for part in parts if part)


def restricted(cql: str, query: Query, names: SruSettings) -> str:
    """`cql` with language and years, where they are asked for."""
    parts = [f"({cql})"] if cql else []
    if query.language:
        codes = [code for code, language in LANGUAGES.items() if language == query.language] or [query.language]
        parts.append(f"({_any(f'{names.language}={_quoted(code)}' for code in codes)})")
    if query.years:
        parts += [f"{names.date} >= {query.years[0]:d}", f"{names.date} <= {query.years[1]:d}"]
    return " and ".join(parts)


def numbered(number: str, names: SruSettings) -> str:
    """The record with that number of its own."""
    return f"{names.number}={_quoted(number)}"


def _words(index: str, words: Iterable[str], link: str) -> str:
    return link.join(f"({_any(f'{index}={_quoted(way)}' for way in spellings(word))})" for word in words)


def _any(parts: Iterable[str]) -> str:
    return " or ".join(parts)


def _subjects(subject: str) -> tuple[str, ...]:
    return in_all_languages([subject])[:6] if subject else ()


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["\\*?^]', "", text) + '"'

"""What is like a book: other works of its series and author, with its characters, on its themes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue_client.search import work_tables
from catalogue_client.search.index import SearchIndex
from catalogue_client.values.works import Likeness
from catalogue_client.works.theme_names import theme_names
from languages.folding import fold

LIKENESS = {
    work_tables.SERIES: (Likeness.SERIES, 3.0),
    work_tables.PERSON: (Likeness.CHARACTER, 2.0),
    work_tables.AUTHOR: (Likeness.AUTHOR, 1.5),
    work_tables.THEME: (Likeness.THEME, 1.0),
}
"""Kind of tag -> what sharing it means, and what it counts beside its rarity."""
RARE = 8.0
"""The rarity of a tag that hardly any other work has counts this much at most; of one that many have, less."""
MOST_SHARING = 400
"""Works of one tag that are looked at, the most read first."""
MOST_OF_AUTHOR = 3
"""Books by the same author before others have their turn."""


@dataclass(frozen=True, slots=True)
class Like:
    """A record like another."""

    record_id: str
    likeness: Likeness
    shared: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series as the index knows it."""

    name: str
    books: tuple[tuple[str, int | None], ...]
    """(record id, place) of one record for each work, or of each volume of a work."""
    is_work: bool


def similar_to(index: SearchIndex, record_id: str) -> list[Like]:
    """Return records of other works, the likest first, one for each work; [] for a record that is not in the index."""
    at = work_tables.place_of(index.connection, record_id)
    if at is None:
        return []
    language, names = index.documents([at.number])[0].language, _names(index, at.number)
    marks: dict[int, float] = defaultdict(float)
    reasons: dict[int, tuple[float, str]] = {}
    for tag in work_tables.tags_of_work(index.connection, at.work):
        kind = tag[: tag.index(":") + 1]
        if kind not in LIKENESS:
            continue
        others = work_tables.sharing(index.connection, tag, MOST_SHARING)
        works = {work for work, _, _, _ in others if work != at.work}
        counts = LIKENESS[kind][1] * min(RARE, math.log1p(len(index) / (1 + len(works))))
        for work in works:
            marks[work] += counts
            reasons[work] = max(reasons.get(work, (0.0, "")), (counts, tag))
    likest = sorted(marks, key=lambda work: -marks[work])[:MOST_SHARING]
    records = work_tables.members(index.connection, likest, language)
    found: list[Like] = []
    later: list[Like] = []
    by_author = 0
    for work in likest:
        like = _like(records[work][0], reasons[work][1], names)
        by_author += like.likeness is Likeness.AUTHOR
        (later if like.likeness is Likeness.AUTHOR and by_author > MOST_OF_AUTHOR else found).append(like)
    return found + later


def series_of(index: SearchIndex, record_id: str) -> KnownSeries | None:
    """Return the volumes of a record's work, or the books of its series; None when there is neither."""
    at = work_tables.place_of(index.connection, record_id)
    if at is None:
        return None
    connection = index.connection
    if volumes := work_tables.volumes(connection, at.work):
        ids = {document.number: document for document in index.documents([number for _, number in volumes])}
        books: dict[int, str] = {}
        for volume, number in volumes:
            books.setdefault(volume, ids[number].record_id)
        return KnownSeries("", tuple((one, volume) for volume, one in books.items()), True)
    tags = work_tables.tags_of_work(connection, at.work)
    series = [tag for tag in tags if tag.startswith(work_tables.SERIES)]
    if not series:
        return None
    language = index.documents([at.number])[0].language
    places: dict[int, int | None] = {}
    for tag in series:
        for work, _, _, place in work_tables.sharing(connection, tag, MOST_SHARING):
            places.setdefault(work, place)
    members = work_tables.members(connection, places, language)
    order = sorted(places, key=lambda work: (places[work] is None, places[work] or 0, work))
    name = _names(index, at.number).get(series[0], series[0].removeprefix(work_tables.SERIES))
    return KnownSeries(name, tuple((members[work][0], places[work]) for work in order), False)


def _like(record_id: str, tag: str, names: Mapping[str, str]) -> Like:
    kind, _, what = tag.partition(":")
    likeness = LIKENESS[kind + ":"][0]
    if likeness is Likeness.THEME:
        return Like(record_id, likeness, tuple((code, several[0]) for code, several in theme_names()[what].items()))
    return Like(record_id, likeness, (("", names.get(tag, "")),))


def _names(index: SearchIndex, number: int) -> dict[str, str]:
    """Tags of characters and series of a document -> their names as they are written."""
    known = work_tables.facts(index.connection, [number]).get(number)
    if known is None:
        return {}
    return {work_tables.PERSON + fold(name): name for name in known.characters} | {
        work_tables.SERIES + fold(place.name): place.name for place in known.series
    }

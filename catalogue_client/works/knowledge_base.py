"""The knowledge base: reads its files, joins the languages of one work, and finds what is known of a record."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue_client.works.author_names import other_names
from catalogue_client.works.identity import signatures
from catalogue_client.works.known_work import COLUMNS, KnownWork, SeriesPlace, UnusableLine, known_work

FOLDER = Path(__file__).with_name("knowledge")


@dataclass(frozen=True, slots=True)
class WorkKnowledge:
    """What is known of one work, from all the languages in which it is described."""

    names: tuple[tuple[str, str], ...]
    """(language, name); names differ."""
    authors: tuple[str, ...]
    """Names of the authors in every spelling."""
    kind: str
    plots: tuple[tuple[str, str], ...]
    """(language, sentence)."""
    themes: tuple[str, ...]
    characters: tuple[str, ...]
    series: tuple[SeriesPlace, ...]
    age: int | None
    classes: tuple[tuple[str, int], ...]
    filmed: tuple[int, ...]

    def plot(self, language: str) -> str:
        """Return the sentence in a language; "" where there is none."""
        return next((plot for code, plot in self.plots if code == language), "")


class KnowledgeBase:
    """All that is known. Made once, never changed."""

    def __init__(self, works: Iterable[KnownWork]) -> None:
        self.works = tuple(works)
        self._by_signature: dict[str, int] = {}
        """Signature -> a line of the work."""
        self._joined_to = list(range(len(self.works)))
        for at, work in enumerate(self.works):
            # Any line that shares a name and the author is of the same work; so are all that were joined to those.
            names = [work.title, *(name for _, name in work.names)]
            for signature in signatures(names, work.author, of_known_work=True):
                other = self._by_signature.setdefault(signature, at)
                self._joined_to[self._head(at)] = self._head(other)
        self._members: dict[int, list[int]] = defaultdict(list)
        for at in range(len(self.works)):
            self._members[self._head(at)].append(at)
        self._known: dict[int, WorkKnowledge] = {}
        self._signatures: dict[int, list[str]] = defaultdict(list)
        for signature, at in self._by_signature.items():
            self._signatures[self._head(at)].append(signature)

    def of(
        self, titles: Sequence[str], author: str, isbns: Sequence[str] = ()
    ) -> tuple[WorkKnowledge | None, tuple[str, ...]]:
        """Return what is known of the work of a record, None for no known work, and the record's signatures."""
        mine = signatures(titles, author, isbns)
        head = self._head_of(signatures(titles, author, isbns, of_known_work=True))
        if head is None:
            return None, mine
        if head not in self._known:
            self._known[head] = _joined([self.works[at] for at in self._members[head]])
        return self._known[head], tuple(dict.fromkeys((*mine, *self._signatures[head])))

    def in_series(self, name: str) -> tuple[KnownWork, ...]:
        """Return the works of a series, in the language in which it has this name."""
        return tuple(work for work in self.works if any(place.name == name for place in work.series))

    def _head_of(self, mine: Sequence[str]) -> int | None:
        at = next((self._by_signature[signature] for signature in mine if signature in self._by_signature), None)
        return None if at is None else self._head(at)

    def _head(self, at: int) -> int:
        """The line that stands for the work of this one."""
        while self._joined_to[at] != at:
            self._joined_to[at] = at = self._joined_to[self._joined_to[at]]
        return at


def read_knowledge(path: Path) -> Iterator[KnownWork]:
    """Yield the works of one file. Raises UnusableLine, with file and line, for a line that breaks a rule."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[0] != "\t".join(COLUMNS):
        raise UnusableLine(f"{path.name}, line 1: the first line must name the columns {', '.join(COLUMNS)}")
    for number, line in enumerate(lines[1:], 2):
        if line:
            try:
                yield known_work(line.split("\t"))
            except UnusableLine as error:
                raise UnusableLine(f"{path.name}, line {number}: {error}") from None


def knowledge_files(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Return the files of the knowledge base in the order of their names."""
    return tuple(sorted(folder.glob("*.tsv")))


@cache
def knowledge_base() -> KnowledgeBase:
    """Return what ships, read once. Raises UnusableLine."""
    return KnowledgeBase(work for path in knowledge_files() for work in read_knowledge(path))


def knowledge_edition() -> int:
    """Return a number that changes with what is known, its names and its rules of joining."""
    whole = hashlib.blake2s(digest_size=7)
    beside = (FOLDER.parent / name for name in ("authors.tsv", "themes.toml", "collective_titles.toml"))
    for path in (*knowledge_files(), *beside):
        whole.update(path.read_bytes())
    return int.from_bytes(whole.digest())


def _joined(works: Sequence[KnownWork]) -> WorkKnowledge:
    names = [pair for work in works for pair in ((work.language, work.title), *work.names)]
    authors = dict.fromkeys(work.author for work in works if work.author)
    return WorkKnowledge(
        names=tuple(dict.fromkeys(names)),
        authors=tuple(dict.fromkeys([*authors, *(name for author in authors for name in other_names(author))])),
        kind=next((work.kind for work in works if work.kind), ""),
        plots=tuple({work.language: work.plot for work in reversed(works) if work.plot}.items()),
        themes=tuple(dict.fromkeys(theme for work in works for theme in work.themes)),
        characters=tuple(dict.fromkeys(name for work in works for name in work.characters)),
        series=tuple(dict.fromkeys(place for work in works for place in work.series)),
        age=min((work.age for work in works if work.age is not None), default=None),
        classes=tuple(dict.fromkeys(pair for work in works for pair in work.classes)),
        filmed=tuple(sorted({year for work in works for year in work.filmed})),
    )

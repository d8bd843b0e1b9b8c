"""What was asked, made ready for the index: folded words without the phrase that carried them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from catalogue_client.search.folding import folded_words
from catalogue_client.search.numbers import spelled
from catalogue_client.search.stemming import stems

CARRIERS = Path(__file__).with_name("carriers.toml")
LONGEST = 400
"""Characters of a query that are looked at."""
MOST_WORDS = 12
DIGITS = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
"""A number as titles hold them; longer ones are nobody's words."""


@dataclass(frozen=True)
class Reading:
    """One way to read what was asked. Words are folded."""

    words: tuple[str, ...]
    carriers: frozenset[str] = frozenset()
    """Words that count little here because they usually carry a request."""

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(stems(self.words))

    @cached_property
    def text(self) -> str:
        return " ".join(self.words)


class Carriers:
    """Takes the carrying words off the edges of an utterance."""

    def __init__(self, path: Path = CARRIERS) -> None:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        self._words = frozenset(word for words in told.values() for phrase in words for word in folded_words(phrase))

    @property
    def words(self) -> frozenset[str]:
        """Every carrying word, folded."""
        return self._words

    def readings(self, text: str) -> tuple[Reading, ...]:
        """The ways to read `text`, the likeliest first: without carriers, as it stands, with numbers in words."""
        words = tuple(folded_words(text[:LONGEST]))[: 2 * MOST_WORDS]
        bare = self._bare(words)
        ways = [bare or words, words]
        if DIGITS.search(text[:LONGEST]):
            ways += [tuple(folded_words(way)) for way in _numbers_in_words(" ".join(ways[0]))]
        light = self._words if bare else frozenset()
        told = dict.fromkeys(way[:MOST_WORDS] for way in ways if way)
        # As it stands, every word counts: "Книга джунглей" is a title.
        return tuple(Reading(way, frozenset() if way == words[:MOST_WORDS] else light) for way in told)

    def _bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        first, last = 0, len(words)
        while first < last and words[first] in self._words:
            first += 1
        while last > first and words[last - 1] in self._words:
            last -= 1
        return words[first:last]


def _numbers_in_words(text: str) -> Iterator[str]:
    for language in ("kk", "ru", "en"):
        yield DIGITS.sub(lambda found, language=language: spelled(int(found.group()), language), text)  # type: ignore[misc]

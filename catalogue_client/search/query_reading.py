"""What was asked, made ready for the index: folded words without the phrase that carried them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from languages.folding import folded_words
from languages.numerals import titles_in_words
from languages.stemming import stems

CARRIERS = Path(__file__).with_name("carriers.toml")
LONGEST = 400
"""Characters of a query that are looked at."""
MOST_WORDS = 12


@dataclass(frozen=True)
class QueryReading:
    """One way to read what was asked. Words are folded."""

    words: tuple[str, ...]
    carriers: frozenset[str] = frozenset()
    """Words that count little here because they usually carry a request."""

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of the words, one a word."""
        return tuple(stems(self.words))

    @cached_property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(self.words)


class Carriers:
    """Takes the carrying words off the edges of an utterance."""

    def __init__(self, path: Path = CARRIERS) -> None:
        phrases = tomllib.loads(path.read_text(encoding="utf-8"))
        self.words = frozenset(word for words in phrases.values() for phrase in words for word in folded_words(phrase))
        """Every carrying word, folded."""

    def readings(self, text: str) -> tuple[QueryReading, ...]:
        """The ways to read `text`, the likeliest first: without carriers, as it stands, with numbers in words."""
        words = tuple(folded_words(text[:LONGEST]))[: 2 * MOST_WORDS]
        bare = self._bare(words)
        ways = [bare or words, words]
        ways += [tuple(folded_words(way)) for way in titles_in_words(" ".join(ways[0]))]
        light = self.words if bare else frozenset()
        several = dict.fromkeys(way[:MOST_WORDS] for way in ways if way)
        # As it stands, every word counts: "Книга джунглей" is a title.
        return tuple(QueryReading(way, frozenset() if way == words[:MOST_WORDS] else light) for way in several)

    def _bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        first, last = 0, len(words)
        while first < last and words[first] in self.words:
            first += 1
        while last > first and words[last - 1] in self.words:
            last -= 1
        return words[first:last]

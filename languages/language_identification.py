"""Which language words are in: the only place where that is decided, for speech, typed words and the greeting alike.

Every word votes for the languages it may belong to: by its letters, by its endings, or because it is known. A word of
one language in a sentence of another decides nothing, and neither does a phrase which everybody borrows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files

from languages.codes import LANGUAGES
from languages.letters import KAZAKH_ONLY

MIN_CLEAR_SHARE = 2 / 3
"""From this share of the votes on, the utterance is in that language whatever the reader's own is."""

BORROWED = "borrowed"
"""The list of words which decide nothing by themselves."""
KAZAKH = re.compile(f"[{KAZAKH_ONLY}]")
RUSSIAN = re.compile("[щъё]|ци|ться|тся|ого$|его$|ая$|ые$|ую$|ть$")


@cache
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("languages") / "language.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def is_borrowed(word: str) -> bool:
    """Whether `word` is said in the sentences of every language: thanks, hello, stop."""
    return word in _words()[BORROWED]


def of_letters(word: str) -> str | None:
    """The language that the letters of `word` give away; None for a Cyrillic word that may be Kazakh or Russian."""
    if not word.isalpha():
        return None
    if word[0].isascii():
        return "en"
    return "kk" if KAZAKH.search(word) else None


def of_word(word: str) -> frozenset[str]:
    """The languages that `word` belongs to by its letters, its endings or the lists; empty when nothing is known."""
    if letters := of_letters(word):
        return frozenset({letters})
    if not word.isalpha():
        return frozenset()
    known = frozenset(language for language in LANGUAGES if word in _words().get(language, ()))
    return known or (frozenset({"ru"}) if RUSSIAN.search(word) else known)


def of_votes(votes: Iterable[Collection[str]], preferred: str | None) -> str:
    """The language of words whose possible languages are given; `preferred` wins when they are mixed."""
    counts: dict[str, float] = {}
    for languages in votes:
        for language in sorted(languages):
            counts[language] = counts.get(language, 0) + 1 / len(languages)
    if not counts:
        return preferred or "kk"
    first, count = max(counts.items(), key=lambda vote: (vote[1], vote[0] == preferred))
    mixed = count < MIN_CLEAR_SHARE * sum(counts.values())
    return preferred if preferred and preferred in counts and mixed else first


def language_of(text: str, otherwise: str, known: Mapping[str, Collection[str]] | None = None) -> str:
    """kk, ru or en: the language of `text`, words in lower case; `otherwise` when they tell nothing or are mixed.

    `known` has the languages of words for which neither letters nor lists tell any.
    """
    words = [word for word in text.lower().split() if not is_borrowed(word)]
    return of_votes([of_word(word) or (known or {}).get(word, ()) for word in words], otherwise)

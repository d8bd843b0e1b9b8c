"""Words of what a book is about, made ready for the index: stems without the words that carry a description."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import snowballstemmer

from languages.folding import folded_words
from languages.letters import KAZAKH_ONLY
from languages.stemming import ENDINGS, stem

CONTENT = "p:"
"""Field of the gram index."""
MOST_STEMS = 40
"""Of a description that are looked up."""
LONGEST = 3_000
BEGINNING = 5
"""Letters by which words of one root mostly begin: необитаемый, обитать, корабль, корабельный."""
WHOLE_COUNTS, BEGINNING_COUNTS = 0.6, 0.4
LEAST = 3
"""Letters that stay of a Kazakh word."""
VERB_ENDINGS = (
    "иатин", "атин", "етин", "гандиги", "гендиги", "ганин", "генин", "ганда", "генде", "гани", "гени", "кани", "кени",
    "ган", "ген", "кан", "кен", "аиди", "еиди", "иди", "ади", "еди", "аип", "еип", "ип", "удан", "уден",
    "уди", "уге", "уга",
)  # fmt: skip
"""Folded, the longest first: -ған, -ады, -йды, -ып, -атын, -уға."""
KAZAKH_LETTER = re.compile(f"[{KAZAKH_ONLY}]")
ENGLISH_LETTER = frozenset("abcdefghijklmnopqrstuvwxyz")


@cache
def _small() -> frozenset[str]:
    table = tomllib.loads((files("catalogue_client.search") / "content_words.toml").read_text(encoding="utf-8"))
    return frozenset(folded for words in table.values() for word in words for folded in folded_words(word))


@lru_cache(maxsize=1)
def _english() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def _stems(word: str) -> tuple[str, ...]:
    """Of a word as it is written, in small letters; English ones lose their endings before they are folded."""
    if ENGLISH_LETTER.issuperset(word):
        word = str(_english().stemWord(word))
        return tuple(folded_words(word))
    if KAZAKH_LETTER.search(word):
        return tuple(_without_kazakh_endings(folded) for folded in folded_words(word))
    return tuple(stem(folded) for folded in folded_words(word))


def _without_kazakh_endings(word: str) -> str:
    """Of verbs too, and of short words: a plot is retold in other forms than those it is written in."""
    for endings in (VERB_ENDINGS, *ENDINGS):
        ending = next((end for end in endings if word.endswith(end) and len(word) - len(end) >= LEAST), "")
        word = word.removesuffix(ending)
    return word


def content_stems(text: str) -> list[str]:
    """Return the distinct stems of the words of `text` that say something, in order."""
    words = text[:LONGEST].lower().replace("ё", "е").replace("’", "'").replace("'s", "").split()
    found: dict[str, None] = {}
    for word in words:
        bare = "".join(letter if letter.isalnum() else " " for letter in word)
        for part in bare.split():
            folded = folded_words(part)
            if folded and not _small().issuperset(folded):
                found |= dict.fromkeys(stem for stem in _stems(part) if len(stem) > 1)
    return list(found)


def keys_of(stems: Iterable[str]) -> dict[str, float]:
    """Return the keys of the gram index for stems, with what each counts."""
    keys: dict[str, float] = {}
    for whole in stems:
        if len(whole) < BEGINNING:
            keys[CONTENT + whole] = 1.0
        else:
            keys[CONTENT + whole] = WHOLE_COUNTS
            keys.setdefault(f"{CONTENT}{whole[:BEGINNING]}*", BEGINNING_COUNTS)
    return keys

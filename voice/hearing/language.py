"""Which language words are in, when one model hears Kazakh and Russian alike."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

KAZAKH = re.compile("[әғқңөұүһі]")
RUSSIAN = re.compile("[щъё]|ци|ться|тся|ого$|его$|ая$|ые$|ую$|ть$")
LATIN = re.compile("[a-z]")


@cache
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("voice.hearing") / "language.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words) for language, words in table.items()}


def language_of(text: str, otherwise: str) -> str:
    """kk, ru or en: the language most of the words belong to; `otherwise` when they tell nothing or as much of each."""
    votes = {"kk": 0, "ru": 0, "en": 0}
    for word in text.lower().split():
        if LATIN.search(word):
            votes["en"] += 1
        elif KAZAKH.search(word):
            votes["kk"] += 2
        elif RUSSIAN.search(word):
            votes["ru"] += 2
        else:
            known = [language for language, words in _words().items() if word in words]
            if len(known) == 1:
                votes[known[0]] += 1
    best = max(votes.values())
    leading = [language for language, count in votes.items() if count == best]
    return leading[0] if best and len(leading) == 1 else otherwise

"""Where a word may be cut, by the dictionaries of its language; never so that print would forbid it.

Russian and English patterns come with liblouis; hyph_ru.dic has those of Debian's hyphen-ru and ё besides. Those for
Kazakh are made from its rules by scripts/make-hyphenation-kk, for nobody had published any. Beyond the patterns a part
has a vowel and two letters at least, three at the end of an English word.
"""

from __future__ import annotations

import functools
from importlib.resources import files

from braille import liblouis
from braille.braille_codes import CYRILLIC
from languages.letters import KAZAKH_ONLY, VOWEL_LETTERS

_VOWELS = VOWEL_LETTERS | frozenset("aeiouyàâäéèêëîïôöùûüáíóú")
_SHORTEST = 2
_SHORTEST_ENGLISH_END = 3
_LONGEST = 90
"""Letters of a word that liblouis still cuts; it refuses longer ones."""


@functools.cache
def _tables(language: str) -> tuple[str, ...]:
    own = str(files("braille").joinpath("hyph_kk.dic"))
    return {"ru": ("ru-litbrl.ctb", "hyph_ru.dic"), "en": ("en-ueb-g1.ctb", "hyph_en_US.dic")}.get(
        language, ("kk.utb", own)
    )


@functools.lru_cache(maxsize=20_000)
def breaks(word: str, language: str = "kk") -> tuple[int, ...]:
    """0-based positions in `word` before which a new row may begin.

    `language` is that of its line: a word in Latin letters is cut as English, one with a Kazakh letter as Kazakh.
    Raises LiblouisMissing.
    """
    letters = word.lower()
    found: list[int] = []
    start = 0
    while start < len(letters):
        end = start
        while end < len(letters) and letters[end].isalpha():
            end += 1
        # Print cuts no abbreviation: ЮНЕСКО.
        if 2 * _SHORTEST <= end - start <= _LONGEST and not word[start:end].isupper():
            found += [start + at for at in _inside(letters[start:end], language)]
        start = end + 1
    return tuple(found)


def _inside(letters: str, language: str) -> list[int]:
    if not CYRILLIC.search(letters):
        language = "en"
    elif language != "ru" or set(letters) & set(KAZAKH_ONLY):
        language = "kk"
    cuts = liblouis.syllables(_tables(language), letters)
    last = len(letters) - (_SHORTEST_ENGLISH_END if language == "en" else _SHORTEST)
    found: list[int] = []
    begin = 0
    for at in cuts:
        rest = letters[at:]
        if _SHORTEST <= at <= last and _has_vowel(letters[begin:at]) and _has_vowel(rest):
            found.append(at)
            begin = at
    return found


def _has_vowel(letters: str) -> bool:
    return not _VOWELS.isdisjoint(letters)

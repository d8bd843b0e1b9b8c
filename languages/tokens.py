"""Cuts what was said or typed into words, and folds the ways of writing one word into one key."""

from __future__ import annotations

import re
import unicodedata

from languages.letters import IN_RUSSIAN_LETTERS

LONGEST_UTTERANCE = 48
"""Words. Nobody asks a library for something in more; what is longer is talk that was overheard."""

_TOKEN = re.compile(r"\d+-?[^\W\d_]+|\d+|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|№")
_LATIN, _CYRILLIC = "aceiopxyhkmtb", "асеіорхуһкмтв"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_ONLY_LATIN = re.compile(r"[dfgjlnqrsuvwz]")
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
_LATIN_LETTER = re.compile(r"[a-z]")


def tokens(text: str) -> list[str]:
    """Words of `text` in lower case, without punctuation; at most LONGEST_UTTERANCE + 1 of them.

    ё becomes е as in the recogniser's vocabulary; letters of the wrong alphabet inside a word are put right.
    """
    # Enough letters for the longest utterance: hostile input must not cost more than a long sentence.
    cleaned = unicodedata.normalize("NFC", text[: LONGEST_UTTERANCE * 40].replace("[unk]", " ").lower()).replace(
        "ё", "е"
    )
    found = []
    for match in _TOKEN.finditer(cleaned):
        found.append(_one_alphabet(match.group().replace("’", "'").replace("ʼ", "'")))
        if len(found) > LONGEST_UTTERANCE:
            break
    return found


def fold(word: str) -> str:
    """One key for all spellings of `word`: Kazakh typed with Russian letters, й typed as и, no apostrophes."""
    return word.translate(IN_RUSSIAN_LETTERS).replace("'", "").replace("й", "и")


def _one_alphabet(word: str) -> str:
    if not (_CYRILLIC_LETTER.search(word) and _LATIN_LETTER.search(word)):
        return word
    return word.translate(_TO_LATIN if _ONLY_LATIN.search(word) else _TO_CYRILLIC)

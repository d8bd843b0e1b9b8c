"""What a book is about, in any of three languages: "про войну" finds titles, subjects and annotations on war.

A word is looked for by its root, as the beginning of words: what was said is taken down to the root, and whatever
ending the catalogue's word has does not matter. Each word may be replaced by the others of its group in subjects.toml.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import snowballstemmer

from catalogue_client.search.subjects import in_all_languages, subject_groups
from languages.folding import fold, folded_words
from languages.letters import KAZAKH_ONLY
from languages.stemming import without_kazakh_endings

THEMES = Path(__file__).with_name("themes.toml")
LONGEST = 400
MOST_WORDS = 6
"""Of a theme; nobody names one in more."""
SURE_ROOT = 4
"""Letters of a root that may go on in any way; a shorter one only by an ending."""
LEAST_OTHER = 3
"""Letters of a word that may stand for another: shorter ones are half of the time another language's (ит, "it")."""
SHORT_ENDINGS = (
    "", "а", "е", "и", "у", "о", "ом", "ов", "ам", "ах", "ми", "ем", "ои", "га", "ге", "да", "де", "ти", "тин",
)  # fmt: skip
KAZAKH_LETTER = re.compile(f"[{KAZAKH_ONLY}]")
LATIN_LETTER = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Theme:
    """What a book should be about."""

    said: tuple[str, ...]
    """For FTS5: each word that was said, in any of its forms."""
    meant: tuple[str, ...]
    """The same, each word or any other for it in three languages."""
    heading: str
    """For FTS5, as librarians' headings have it: these hold every word of a known subject, and no endings."""


@dataclass(frozen=True, slots=True)
class ThemeMention:
    """What an utterance says beside words to look for."""

    theme: str = ""
    """What was said after "about", in the speaker's words; empty when nothing was."""
    language: str = ""
    """In which the book should be."""
    rest: str = ""
    """The utterance without the language."""


class Themes:
    """Reads themes out of what was said."""

    def __init__(self, path: Path = THEMES) -> None:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        self._before = _phrases(data["before"])
        self._after = _phrases(data["after"])
        self._small = frozenset(word for phrase in data["small"] for word in folded_words(phrase))
        self._languages = [
            (phrase, code) for code, several in data["languages"].items() for phrase in _phrases(several)
        ]
        self._languages.sort(key=lambda pair: -len(pair[0]))

    def named(self, text: str) -> ThemeMention:
        """The language and the theme that an utterance names."""
        words = _words(text)
        words, language = self._without_language(words)
        theme: list[str] = []
        folded = [fold(word) for word in words]
        for at in range(len(words)):
            if length := _begins(folded, at, self._before):
                theme = words[at + length :]
                break
            if at and _begins(folded, at, self._after):
                theme = words[:at]
                break
        return ThemeMention(" ".join(theme), language, " ".join(words))

    def theme(self, text: str, beside: frozenset[str] = frozenset()) -> Theme | None:
        """The theme that `text` is, or None for a text without words; words of `beside` (folded) are left out."""
        words = [word for word in _words(text) if not self._is_small(word)][:MOST_WORDS]
        words = [word for word in words if not beside.issuperset(folded_words(word))] or words
        if not words:
            return None
        said = tuple(map(_all, words))
        if others := _groups().get(tuple(map(_root, words))):
            return Theme(said, (_either(" ".join(words), others),), _exactly(others))
        several = [(word, _groups().get((_root(word),), ())) for word in words]
        heading = " AND ".join(_exactly(others) if others else _all(word) for word, others in several)
        return Theme(said, tuple(_either(word, others) for word, others in several), heading)

    def _is_small(self, word: str) -> bool:
        return self._small.issuperset(folded_words(word))

    def _without_language(self, words: list[str]) -> tuple[list[str], str]:
        folded = [fold(word) for word in words]
        for at in range(len(words)):
            for phrase, language in self._languages:
                if tuple(folded[at : at + len(phrase)]) == phrase and len(words) > len(phrase):
                    return words[:at] + words[at + len(phrase) :], language
        return words, ""


@cache
def themes() -> Themes:
    """Those of themes.toml, read once."""
    return Themes()


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w'’-]+", text[:LONGEST].lower()) if folded_words(word)]


def _phrases(phrases: list[str]) -> list[tuple[str, ...]]:
    """Folded, each word as `_words` cuts it, the longest first."""
    return sorted((tuple(fold(word) for word in _words(phrase)) for phrase in phrases), key=len, reverse=True)


def _begins(words: list[str], at: int, phrases: list[tuple[str, ...]]) -> int:
    """How many words the phrase that begins at `at` has; 0 when none does."""
    return next((len(phrase) for phrase in phrases if tuple(words[at : at + len(phrase)]) == phrase), 0)


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


@cache
def _root(word: str) -> str:
    """The part of a word, in lower case and as it is written, that its forms have in common; folded."""
    if LATIN_LETTER.search(word):
        return fold(_stemmer("english").stemWord(word.removesuffix("'s")))
    folded = fold(word)
    if KAZAKH_LETTER.search(word):
        return without_kazakh_endings(folded)
    return str(_stemmer("russian").stemWord(folded))


@cache
def _groups() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Roots of a subject's words -> all words for it."""
    return {tuple(map(_root, _words(name))): in_all_languages((name,)) for group in subject_groups() for name in group}


def _either(said: str, others: tuple[str, ...]) -> str:
    """An FTS5 expression for what was said or any other name for it, each of one word or several."""
    longer = (name for name in others if len(name) >= LEAST_OTHER)
    names = tuple(dict.fromkeys(_all(name, as_it_stands=True) for name in longer))
    if len(said) >= LEAST_OTHER or not names:
        names = (_all(said), *names)
    return "(" + " OR ".join(dict.fromkeys(names)) + ")"


def _exactly(names: tuple[str, ...]) -> str:
    """An FTS5 expression for any of the names in this very form."""
    return (
        "(" + " OR ".join("(" + " AND ".join(f'"{word}"' for word in folded_words(name)) + ")" for name in names) + ")"
    )


def _all(name: str, as_it_stands: bool = False) -> str:
    return "(" + " AND ".join(_beginning(word, as_it_stands) for word in _words(name)) + ")"


def _beginning(word: str, as_it_stands: bool) -> str:
    """An FTS5 expression for the forms of a word. Only letters and digits come out of folding: nothing to escape.

    Kazakh words of subjects.toml are taken `as_it_stands`: балаларға would bring everything that begins with бала.
    """
    root = fold(word) if as_it_stands and KAZAKH_LETTER.search(word) else _root(word)
    if len(root) >= SURE_ROOT:
        return " AND ".join(f'"{part}"*' for part in root.split())
    forms = {fold(word), *(root + ending for ending in SHORT_ENDINGS if len(root) >= LEAST_OTHER)}
    return "(" + " OR ".join(f'"{form}"' for form in sorted(forms)) + ")"

"""Reads what kind of request an utterance is: a school class, an age, a place in a series, a character."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from languages.folding import fold, folded_words
from languages.number_parsing import Numbers
from languages.tokens import tokens

CLASSES, AGES = range(1, 12), range(0, 19)
LONGEST = 400
HOW_FAR = 3
"""Words between a number and the word that it counts."""


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """What an utterance asks for beside words."""

    school_class: int | None = None
    school: str = ""
    """Language in which the school teaches, where it was said."""
    age: int | None = None
    sequel_to: str = ""
    """The book after which the next is wanted."""
    volume: int | None = None
    series: str = ""
    """Words that name a series or a book of it; with `volume` the one of this number."""

    @property
    def is_list(self) -> bool:
        """Whether books of a kind are asked for, and no certain one."""
        return self.school_class is not None or self.age is not None


class Requests:
    """Reads requests.toml once."""

    def __init__(self) -> None:
        text = (files("catalogue_client.search") / "requests.toml").read_text(encoding="utf-8")
        table: dict[str, dict[str, Any]] = tomllib.loads(text)
        self._class = {name: _folded(words) for name, words in table["class"].items()}
        self._age_words, self._for_whom = _folded(table["age"]["words"]), _folded(table["age"]["for_whom"])
        self._before, self._after = _phrases(table["sequel"]["before"]), _phrases(table["sequel"]["after"])
        self._volume_words, self._between = (
            _folded(table["volume"]["words"]),
            frozenset(_folded(table["volume"]["between"])),
        )
        self._series = _phrases(table["series"]["words"])
        self._joining = frozenset(_folded(table["character"]["joining"]))
        self._around = frozenset(word for phrase in table["character"]["around"] for word in folded_words(phrase))

    @cached_property
    def _numbers(self) -> Numbers:
        """Loaded when a word that is counted has been said: most searches need none."""
        return Numbers.load()

    def read(self, text: str) -> WorkRequest:
        """Return what `text` asks for; an empty request when it is nothing of this kind."""
        words = tokens(text[:LONGEST].replace("-", " "))
        folded = [fold(word) for word in words]
        return (
            self._school(words, folded)
            or self._aged(words, folded)
            or self._sequel(words, folded)
            or self._numbered(words, folded)
            or self._whole_series(words, folded)
            or WorkRequest()
        )

    def person(self, text: str) -> list[str]:
        """Return the folded words of `text` that may be a name: those around it are taken off both ends."""
        words = [word for word in folded_words(text[:LONGEST]) if word not in self._joining]
        while words and words[0] in self._around:
            words = words[1:]
        while words and words[-1] in self._around:
            words = words[:-1]
        return words

    def _school(self, words: list[str], folded: list[str]) -> WorkRequest | None:
        for at, word in enumerate(folded):
            if word.startswith(self._class["words"]) and (number := self._number_near(words, at)) in CLASSES:
                said = " ".join(folded)
                school = next((code for code in ("kk", "ru") if any(name in said for name in self._class[code])), "")
                return WorkRequest(school_class=number, school=school)
        return None

    def _aged(self, words: list[str], folded: list[str]) -> WorkRequest | None:
        if not any(word.startswith(self._for_whom) for word in folded):
            return None
        for at, word in enumerate(folded):
            if word.startswith(self._age_words) and (number := self._number_near(words, at)) in AGES:
                return WorkRequest(age=number)
        return None

    def _number_near(self, words: list[str], at: int) -> int:
        """The number before a word, or right behind it; -1 without one. "5-сынып" is one word."""
        for start in range(max(0, at - HOW_FAR), at + 1):
            found = self._numbers.at(words, start)
            if found is not None and found.end >= at:
                return found.value
        behind = self._numbers.at(words, at + 1) if at + 1 < len(words) else None
        return behind.value if behind is not None else -1

    def _sequel(self, words: list[str], folded: list[str]) -> WorkRequest | None:
        for at in range(len(folded)):
            for phrase in self._before:
                if folded[at : at + len(phrase)] == phrase and len(folded) > at + len(phrase):
                    return WorkRequest(sequel_to=" ".join(words[at + len(phrase) :]))
        for phrase in self._after:
            if len(folded) > len(phrase) and folded[-len(phrase) :] == phrase:
                return WorkRequest(sequel_to=" ".join(words[: -len(phrase)]))
        return None

    def _numbered(self, words: list[str], folded: list[str]) -> WorkRequest | None:
        """An ordinal beside a word for a volume, and something else: "вторая книга о Нарнии", "Абай жолы 2 том"."""
        if not any(word.startswith(self._volume_words) for word in folded):
            return None
        for start in range(len(words)):
            found = self._numbers.at(words, start)
            if found is None or not (found.ordinal or words[start].isdigit()) or found.value > 99:
                continue
            first, last = start, found.end
            if last < len(folded) and folded[last].startswith(self._volume_words):
                last += 1
            elif first and folded[first - 1].startswith(self._volume_words):
                first -= 1
            else:
                continue
            rest = [*words[:first], *words[last:]]
            while rest and fold(rest[0]) in self._between:
                rest = rest[1:]
            while rest and fold(rest[-1]) in self._between:
                rest = rest[:-1]
            if rest:
                return WorkRequest(volume=found.value, series=" ".join(rest))
        return None

    def _whole_series(self, words: list[str], folded: list[str]) -> WorkRequest | None:
        for at in range(len(folded)):
            for phrase in self._series:
                if folded[at : at + len(phrase)] == phrase and len(folded) > len(phrase):
                    rest = words[:at] + words[at + len(phrase) :]
                    while rest and fold(rest[0]) in self._between:
                        rest = rest[1:]
                    return WorkRequest(series=" ".join(rest)) if rest else None
        return None


@cache
def requests() -> Requests:
    """Return those of requests.toml, read once."""
    return Requests()


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word) for word in words))


def _phrases(phrases: list[str]) -> list[list[str]]:
    """Folded word by word, the longest first."""
    return sorted((folded_words(phrase) for phrase in phrases), key=len, reverse=True)

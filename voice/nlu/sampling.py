"""Sentences as readers say them, drawn from the phrasebook by chance.

A recogniser learns from them which word follows which. Listing the pairs of words that may follow each other says what
is possible, not what is likely: a recogniser that had learnt so heard "poems order" where "who is the author" was said.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

from languages.codes import LANGUAGES
from languages.number_parsing import Numbers
from languages.tokens import tokens
from voice.nlu.automaton import NUMBER_SLOTS, Wordings
from voice.nlu.phrase_files import PhraseFiles
from voice.nlu.templates import NOTHING, Choice, Repeat, TemplateNode, TemplateReference, TemplateSlot, TemplateWord
from voice.nlu.templates import Sequence as Row

EACH = 400
"""Sentences of every intent in every language: with 40, 57 of 100 pairs of words in Russian requests were known, with
400 there are 74."""
SEARCHES = 4000
"""Of those that look for a book: nothing is said in more ways."""
NUMBERS = 1000
"""Numbers of more digits than one, in every language."""
KEPT = 0.35
"""Chance of what may be left out."""
AGAIN = 0.35
"""Chance that what may be said several times is said once more."""
ANYTHING = "{words}"
"""One word that the phrasebook does not know: a title's, a name's."""
DIGITS = (3, 8)
"""Fewest and most digits said in a row."""

InWords = Callable[[int, str], str]
"""A number and a language -> how it is said."""
Said = list[str] | None
"""Words, or None when the language has no way to say it."""


class Sampler:
    """Draws sentences. The same seed gives the same ones."""

    def __init__(self, vocabulary: PhraseFiles, numbers: Numbers, in_words: InWords, seed: int = 1) -> None:
        self._vocabulary = vocabulary
        self._numbers = numbers
        self._in_words = in_words
        self._chance = random.Random(seed)

    def sentences(self) -> list[str]:
        """Sentences of all intents in three languages, likely ones several times; ANYTHING stands for any word."""
        found = []
        for intent, wordings in self._vocabulary.intents.items():
            for language in LANGUAGES:
                for _ in range(SEARCHES if intent == "search" else EACH):
                    said = self._one_of(_in_language(wordings, language), language)
                    if said:
                        found.append(" ".join(said))
        found += [" ".join(self._long_number(language)) for language in LANGUAGES for _ in range(NUMBERS)]
        return found

    def _said(self, node: TemplateNode, language: str) -> Said:
        match node:
            case TemplateWord(forms):
                return [self._chance.choice(forms)]
            case Row(parts):
                said: list[str] = []
                for part in parts:
                    words = self._said(part, language)
                    if words is None:
                        return None
                    said += words
                return said
            case Choice(parts):
                if parts[-1] == NOTHING and self._chance.random() > KEPT:
                    return []
                return self._one_of([part for part in parts if part != NOTHING], language)
            case Repeat(part):
                said = self._said(part, language) or []
                while said and self._chance.random() < AGAIN:
                    said += self._said(part, language) or []
                return said or None
            case TemplateReference(name):
                return self._one_of(_in_language(self._vocabulary.sets[name], language), language)
            case TemplateSlot(name, mark):
                return self._slot(name, mark, language)

    def _one_of(self, parts: Iterable[TemplateNode], language: str) -> Said:
        """The first, in any order, that the language can say."""
        left = list(parts)
        self._chance.shuffle(left)
        return next((said for part in left if (said := self._said(part, language)) is not None), None)

    def _slot(self, name: str, mark: str, language: str) -> Said:
        if mark == "*":
            return [ANYTHING] * self._chance.choice((1, 2, 2, 3))
        if mark == "#" or name in NUMBER_SLOTS:
            return self._number(name, language)
        values = self._vocabulary.values[name].values()
        return self._one_of([node for wordings in values for node in _in_language(wordings, language)], language)

    def _number(self, kind: str, language: str) -> list[str]:
        if kind == "digits":
            return self._long_number(language)
        said = [form for value, form in self._numbers.plain(language, ordinal=kind == "nth") if 0 < value < 100]
        few = said[: self._chance.choice((5, 10, len(said)))]  # readers choose from the top of a list
        return self._chance.choices(few, k=2 if kind == "ns" else 1)

    def _long_number(self, language: str) -> list[str]:
        """A ticket or a telephone, digit by digit or by twos and threes, or a number up to 9999, as of a year."""
        group = self._chance.choice((1, 1, 2, 3, 4))
        count = 1 if group == 4 else self._chance.randint(*DIGITS) // group
        parts = [self._chance.randrange(10**group) for _ in range(max(count, 1))]
        return [word for part in parts for word in tokens(self._in_words(part, language).replace("-", " "))]


def _in_language(wordings: Wordings, language: str) -> Sequence[TemplateNode]:
    return [*wordings.get(language, ()), *wordings.get("any", ())]

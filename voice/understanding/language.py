"""Which language an utterance is in. A borrowed word does not change it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

LANGUAGES = ("kk", "ru", "en")
CLEAR = 2 / 3
"""From this share of the words on, the utterance is in that language whatever the reader's own is."""

_KAZAKH_LETTERS = frozenset("әғқңөұүһі")


def of_word(word: str) -> str | None:
    """The language that the letters of `word` give away; None for a Cyrillic word that may be Kazakh or Russian."""
    if not word.isalpha():
        return None
    if word[0].isascii():
        return "en"
    return "kk" if _KAZAKH_LETTERS & set(word) else None


def of_utterance(words: Iterable[Collection[str]], preferred: str | None) -> str:
    """The language of words whose possible languages are given; `preferred` wins when they are mixed."""
    votes: dict[str, float] = {}
    for languages in words:
        for language in sorted(languages):
            votes[language] = votes.get(language, 0) + 1 / len(languages)
    if not votes:
        return preferred or "kk"
    first, count = max(votes.items(), key=lambda vote: (vote[1], vote[0] == preferred))
    mixed = count < CLEAR * sum(votes.values())
    return preferred if preferred and preferred in votes and mixed else first

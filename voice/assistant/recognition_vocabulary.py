"""What the speech models listen for: a mode at each place of the conversation, and the words, subjects and titles of a
catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from catalogue_client.protocols import Vocabulary
from catalogue_client.search.subjects import subject_words
from languages.folding import fold
from languages.numerals import cardinal
from languages.tokens import tokens
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.dialogue.key_bindings import labels
from voice.dialogue.turn import ExpectedInput
from voice.nlu.phrasebook import Phrasebook
from voice.recognition.recognition_mode import RecognitionMode

EXPECTATIONS = {
    ExpectedInput.SPEECH: RecognitionMode.OPEN,
    ExpectedInput.ADDRESS: RecognitionMode.OPEN,
    ExpectedInput.NUMBER: RecognitionMode.COMMAND,
    ExpectedInput.SLOT: RecognitionMode.COMMAND,
    ExpectedInput.TICKET: RecognitionMode.NUMBER,
    ExpectedInput.PIN: RecognitionMode.NUMBER,
    ExpectedInput.PHONE: RecognitionMode.NUMBER,
    ExpectedInput.LETTERS: RecognitionMode.LETTERS,
    ExpectedInput.CONFIRMATION: RecognitionMode.CONFIRMATION,
    ExpectedInput.NOTHING: RecognitionMode.COMMAND,
}
"""What the ear listens for when the conversation expects this."""


async def catalogue_words(vocabulary: Vocabulary, limit: int) -> list[tuple[str, float]]:
    """Words and titles with their popularity: the `limit` most read of either, and the words of all subjects.

    Readers ask for subjects all the time: each is as likely as the most read author.
    """
    weights = {word.word: float(word.weight) for word in await vocabulary.words(limit)}
    weights |= dict.fromkeys(subject_words(), max(weights.values(), default=1.0))
    titles = await vocabulary.titles(limit)
    return [*weights.items(), *((title.word, float(title.weight)) for title in titles)]


MIN_NAME_LETTERS = 4
"""A single word shorter than this is no title: it is what recognisers make of noise."""
SINGLE_WORD_WEIGHT = 0.5
"""A single word of the catalogue may be an author, but also a command misheard: it weighs less than a whole title."""


class KnownTitles:
    """What may be said alone as a title or an author. `words` are those of `catalogue_words`."""

    def __init__(self, words: Iterable[tuple[str, float]] = ()) -> None:
        self._known = frozenset(fold(word) for word, _ in words if " " in word or len(word) >= MIN_NAME_LETTERS)

    def weight(self, text: str) -> float:
        """1 for a whole title, less for one word of the catalogue, 0 for words that it does not know."""
        if fold(text) not in self._known:
            return 0.0
        return 1.0 if " " in text else SINGLE_WORD_WEIGHT


def own_sentences() -> tuple[str, ...]:
    """Return what Dauys itself calls things, in the menu and among choices: readers say it after it."""
    return tuple(" ".join(tokens(intent.text)) for intent in labels().values())


def library_words() -> tuple[tuple[str, ...], list[tuple[str, float]]]:
    """Sentences, and words and titles with their popularity, as the starter models are built from them."""
    return (*Phrasebook.load().sentences(cardinal), *own_sentences()), asyncio.run(_words_of_this_library())


async def _words_of_this_library() -> list[tuple[str, float]]:
    settings = load_settings(settings_path())
    async with library_of(settings, dauys_home(), library_clock) as library:
        return await catalogue_words(library.vocabulary, settings.models.vocabulary)

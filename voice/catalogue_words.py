"""What readers say of a catalogue, for the speech models: its words, its subjects and its titles."""

from __future__ import annotations

from catalogue_client.subjects import subject_words
from voice.errands import Library


async def catalogue_words(library: Library, limit: int) -> list[tuple[str, float]]:
    """Words and titles with their popularity: the `limit` most read of either, and the words of all subjects.

    Readers ask for subjects all the time: each is as likely as the most read author.
    """
    weights = {word.word: float(word.weight) for word in await library.vocabulary(limit)}
    weights |= dict.fromkeys(subject_words(), max(weights.values(), default=1.0))
    titles = await library.titles(limit)
    return [*weights.items(), *((title.word, float(title.weight)) for title in titles)]

"""What readers of this library say: the phrases of the phrasebook and the words of its catalogue."""

from __future__ import annotations

import asyncio

from languages.numerals import cardinal
from voice.assistant.recognition_vocabulary import catalogue_words
from voice.configuration.clock import library_clock
from voice.configuration.library_factory import library_of
from voice.configuration.paths import dauys_home
from voice.configuration.settings import load_settings, settings_path
from voice.nlu.phrasebook import Phrasebook


def library_words() -> tuple[tuple[str, ...], list[tuple[str, float]]]:
    """Sentences, and words and titles with their popularity, as the starter models are built from them."""
    return Phrasebook.load().sentences(cardinal), asyncio.run(_catalogue_words())


async def _catalogue_words() -> list[tuple[str, float]]:
    settings = load_settings(settings_path())
    async with library_of(settings, dauys_home(), library_clock) as library:
        return await catalogue_words(library.vocabulary, settings.models.vocabulary)

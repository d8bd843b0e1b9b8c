"""What readers of this library say: the phrases of the phrasebook and the words of its catalogue."""

from __future__ import annotations

import asyncio

from voice.catalogue_words import catalogue_words
from voice.clock import library_clock
from voice.home import dauys_home
from voice.settings import load_settings, settings_path
from voice.settings_library import library_of
from voice.speaking.numerals import cardinal
from voice.understanding.phrasebook import Phrasebook


def library_words() -> tuple[tuple[str, ...], list[tuple[str, float]]]:
    """Sentences, and words and titles with their popularity, as the starter models are built from them."""
    return Phrasebook.load().sentences(cardinal), asyncio.run(_catalogue_words())


async def _catalogue_words() -> list[tuple[str, float]]:
    settings = load_settings(settings_path())
    async with library_of(settings, dauys_home(), library_clock) as library:
        return await catalogue_words(library, settings.models.vocabulary)

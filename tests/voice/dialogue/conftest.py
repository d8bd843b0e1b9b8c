"""A phrasebook, and a caller who has just been greeted."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.callers import calling
from tests.voice.dialogue.playing import Player
from voice.nlu.phrasebook import Phrasebook


@pytest.fixture(scope="module")
def phrasebook() -> Phrasebook:
    return Phrasebook.load()


@pytest.fixture
def caller(phrasebook: Phrasebook) -> Player:
    return calling(phrasebook)

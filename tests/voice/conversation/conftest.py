"""A phrasebook, and a caller who has just been greeted."""

from __future__ import annotations

import pytest

from tests.voice.conversation.callers import calling
from tests.voice.conversation.playing import Player
from voice.understanding.phrasebook import Phrasebook


@pytest.fixture(scope="module")
def phrasebook() -> Phrasebook:
    return Phrasebook.load()


@pytest.fixture
def caller(phrasebook: Phrasebook) -> Player:
    return calling(phrasebook)

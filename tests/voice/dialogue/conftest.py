"""A caller who has just been greeted."""

from __future__ import annotations

import pytest

from tests.voice.dialogue.callers import calling
from tests.voice.dialogue.playing import Player
from voice.nlu.phrasebook import Phrasebook


@pytest.fixture
def caller(phrasebook: Phrasebook) -> Player:
    return calling(phrasebook)

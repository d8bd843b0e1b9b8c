"""What tests of the assistant share."""

from __future__ import annotations

import pytest

from voice.nlu.phrasebook import Phrasebook


@pytest.fixture(scope="session")
def phrasebook() -> Phrasebook:
    """Built once: that takes more than a second, and no conversation changes it."""
    return Phrasebook.load()

"""How likely bytes are Kazakh or Russian text in an encoding: letter pairs, learnt from what this program ships."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from catalogue_client.works.knowledge_base import FOLDER as KNOWLEDGE
from languages.letters import KAZAKH_ALPHABET

PLACE = {letter: place for place, letter in enumerate(KAZAKH_ALPHABET, 1)}
"""Letter -> its row in the table of pairs; 0 is whatever is no Kazakh or Russian letter."""
USUAL = frozenset("«»„“”’‘–—…№§°©·•\xa0\xad\x98")
"""Characters beyond ASCII that stand between words of good text."""
SIGNS = frozenset("–—№…§°©·•")
"""Those that do not touch a small letter behind them: Mac's dash is another encoding's capital."""
STRANGE = -12.0
"""For a character that no Kazakh or Russian text has, as log2 of a probability."""
CAPITAL_INSIDE = -6.0
TWO_ALPHABETS = -6.0
"""For a Latin letter beside a Cyrillic one."""
UNSEEN = 0.05
"""Times that a pair counts which was never seen."""


def likeness(raw: bytes, encoding: str) -> float:
    """Return the mean log2 probability of the pairs of bytes in `raw` of which one at least is beyond ASCII, read in
    `encoding`, an 8-bit one; 0.0 when there are none. Good text has -3 to -5."""
    pairs = np.frombuffer(raw, dtype=np.uint8)
    first, second = pairs[:-1], pairs[1:]
    high = (first | second) >= 0x80
    if not high.any():
        return 0.0
    return float(_table(encoding)[first[high], second[high]].mean())


@cache
def _pairs() -> NDArray[np.float64]:
    """log2 of the probability of a letter after a letter."""
    size = len(PLACE) + 1
    counts = np.full((size, size), UNSEEN)
    for path in sorted(KNOWLEDGE.glob("*.tsv")):
        text = path.read_text(encoding="utf-8").lower()
        places = np.array([PLACE.get(letter, 0) for letter in text])
        np.add.at(counts, (places[:-1], places[1:]), 1)
    counts[0, 0] = counts[0, 1:].sum()  # gaps between words, not columns of English
    logarithms: NDArray[np.float64] = np.log2(counts / counts.sum(axis=1, keepdims=True))
    return logarithms


@cache
def _table(encoding: str) -> NDArray[np.float64]:
    """The same for pairs of bytes."""
    text = [bytes([byte]).decode(encoding, "replace") for byte in range(256)]
    letters = [unicodedata.normalize("NFC", char) for char in text]
    places = np.array([PLACE.get(char.lower(), 0) for char in letters])
    table: NDArray[np.float64] = _pairs()[places[:, None], places[None, :]].copy()
    lower = np.array([place > 0 and char.islower() for place, char in zip(places, letters, strict=True)])
    upper = np.array([place > 0 and char.isupper() for place, char in zip(places, letters, strict=True)])
    latin = np.array([char.isascii() and char.isalpha() for char in letters])
    cyrillic = places > 0
    table[lower[:, None] & upper[None, :]] += CAPITAL_INSIDE
    table[(latin[:, None] & cyrillic[None, :]) | (cyrillic[:, None] & latin[None, :])] += TWO_ALPHABETS
    sign = np.array([char in SIGNS for char in letters])
    table[sign[:, None] & lower[None, :]] += CAPITAL_INSIDE
    strange = np.array(
        [not char.isascii() and not place and char not in USUAL for place, char in zip(places, letters, strict=True)]
    )
    table[:, strange] = STRANGE
    table[strange, :] = STRANGE
    return table

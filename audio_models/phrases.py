"""What Vosk heard with a grammar, brought back to one of the grammar's phrases.

Vosk makes a model of pairs of words from a grammar, not a list: from "three thousand nine hundred" and "nine seven six"
it hears "three seven six" too, which nobody may say. Closed grammars are measured and adapted with here; calls leave
the same to the phrasebook, the ranking of titles and the names of places, which all look for what is closest.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from audio_models.vosk_format.lexicon import UNKNOWN

UNKNOWN_LETTERS = "\N{WHITE SQUARE}" * 3
"""[unk] counts as a word of three letters that no phrase has."""
CLOSE = 0.6
"""Share of letters that must be right: with a tenth less, strangers' phrases come in; with a tenth more, ours are
refused in noise (docs/adr/0087)."""


def closest(heard: str, phrases: Sequence[str]) -> str | None:
    """The phrase that was meant; None when nothing was heard, or too much else. `heard` may hold [unk]."""
    if heard in phrases:
        return heard
    if not heard.replace(UNKNOWN, "").strip():
        return None
    written = heard.replace(UNKNOWN, UNKNOWN_LETTERS)
    found = extractOne(written, phrases, scorer=Levenshtein.normalized_similarity, score_cutoff=CLOSE)
    return found[0] if found else None

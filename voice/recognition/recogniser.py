"""What an engine of speech recognition has to be: Vosk is one (vosk_recogniser.py), any other fits in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DecodedText:
    """One reading of an utterance by one model."""

    text: str
    """As the model writes it, [unk] included."""
    cost: float
    """Negative log likelihood of the whole utterance, from the engine's n-best list: smaller is better."""


class Listener(Protocol):
    """Decodes one utterance at a time. Blocks: to be called in a thread, by one thread at a time."""

    def feed(self, pcm: bytes) -> str:
        """Decode some more 16-bit mono PCM; return what seems to have been said so far."""

    def finish(self) -> tuple[DecodedText, ...]:
        """Return the readings of all that was fed since the last `finish`, best first and never none; the text is ""
        where there was no word. The next `feed` begins again."""


class Recogniser(Protocol):
    """A model, shared by all calls."""

    @property
    def language(self) -> str:
        """What its words are in: kk, ru or en, or kk+ru for a shared one."""

    def knows(self, word: str) -> bool:
        """Return whether the model can hear this word."""

    def grammar(self, phrases: Sequence[str]) -> tuple[str, ...]:
        """Return the phrases of which the model knows every word; the others would be heard in part."""

    def listener(self, rate_hz: int, grammar: Sequence[str] | None = None) -> Listener:
        """Return a listener for PCM at `rate_hz` (8000 or more): to the phrases of `grammar`, all else being [unk], or
        to all words."""

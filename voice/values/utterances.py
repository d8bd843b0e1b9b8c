"""What was heard, as the rest of the assistant sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of an utterance."""

    text: str
    """Lower case, NFC, words separated by one space; [unk] removed."""
    language: str
    """kk, ru or en: the language most of its words belong to."""
    confidence: float
    """0 to 1, rising with the chance to be right; the scale is that of voice/recognition/calibration.toml."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Speech has been going on for long enough to be no cough."""

    at: float
    """Seconds of the monotonic clock at which the first speech frame came in."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What seems to have been said so far; may change."""

    text: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something was said and has ended."""

    hypotheses: tuple[Hypothesis, ...]
    """Best first; empty when there was speech or noise without words of ours."""
    ended_at: float
    """Seconds of the monotonic clock at which the last speech frame came in."""
    recognise_ms: float
    """Time spent decoding after the last speech frame."""
    speech_ms: int = 0
    """Voiced time in it: without words and shorter than half a second it was a cough or a door."""


HearingEvent = SpeechStarted | Partial | Utterance

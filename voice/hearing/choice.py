"""The readings of several models weighed against each other, with a confidence that means something."""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import files

from voice.hearing.decoding import Decoded
from voice.hearing.language import language_of
from voice.hearing.recogniser import UNKNOWN
from voice.hearing.utterance import Hypothesis

MOST_UNKNOWN = 0.5
"""With a larger share of [unk] it was not said to us, or is not in the vocabulary."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the logistic curve in calibration.toml."""

    bias: float
    cost_per_s: float
    unknown: float
    share: float


@cache
def load_calibration() -> Calibration:
    """The weights of calibration.toml."""
    return Calibration(**tomllib.loads((files("voice.hearing") / "calibration.toml").read_text(encoding="utf-8")))


def hypotheses(decoded: Sequence[Decoded], language: str, calibration: Calibration) -> tuple[Hypothesis, ...]:
    """What was probably said, best first, each text once; `language` decides where words tell nothing."""
    best: dict[str, Hypothesis] = {}
    for hypothesis in (h for part in decoded for h in _weighed(part, language, calibration)):
        known = best.get(hypothesis.text)
        if known is None or known.confidence < hypothesis.confidence:
            best[hypothesis.text] = hypothesis
    return tuple(sorted(best.values(), key=lambda hypothesis: -hypothesis.confidence))


def _weighed(part: Decoded, language: str, calibration: Calibration) -> Iterable[Hypothesis]:
    for text, evidence in features(part):
        score = sum(weight * value for weight, value in zip(astuple(calibration), evidence, strict=True))
        own = part.recogniser.language
        yield Hypothesis(text, language_of(text, language if language in own else own[:2]), 1 / (1 + math.exp(-score)))


def features(part: Decoded) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each reading's words without [unk], and what the calibration weighs, in the order of its fields."""
    least = min((reading.cost for reading in part.readings), default=0.0)
    total = sum(math.exp(least - reading.cost) for reading in part.readings)
    for reading in part.readings:
        words = unicodedata.normalize("NFC", reading.text.lower()).split()
        spoken = [word for word in words if word != UNKNOWN]
        unknown = 1 - len(spoken) / len(words) if words else 1.0
        if unknown > MOST_UNKNOWN:
            return  # the readings after it are guesses at what is not for us
        share = least - reading.cost - math.log(total)
        yield " ".join(spoken), (1.0, reading.cost / max(part.seconds, 0.1), unknown, share)

"""The readings of several models weighed against each other, with a confidence that means something."""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import files

from audio_models.vosk_format.lexicon import UNKNOWN
from languages.language_identification import language_of
from voice.recognition.decoder import Decoded
from voice.values.utterances import Hypothesis

Identify = Callable[[str, str], str]
"""Text, and the language where it tells nothing -> its language."""

MOST_UNKNOWN = 0.5
"""With a larger share of [unk] it was not said to us, or is not in the vocabulary."""


@dataclass(frozen=True, slots=True)
class RescoringWeights:
    """Weights of one logistic curve; what each one weighs stands in calibration.toml."""

    bias: float
    cost_per_letter: float
    few_letters: float
    words_per_s: float
    unknown: float
    share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curves for a model that listened to all its words, and for one that listened to a grammar."""

    all_words: RescoringWeights
    grammar: RescoringWeights


@cache
def load_calibration() -> Calibration:
    """The weights of calibration.toml."""
    tables = tomllib.loads((files("voice.recognition") / "calibration.toml").read_text(encoding="utf-8"))
    return Calibration(**{name: RescoringWeights(**table) for name, table in tables.items()})


def hypotheses(
    decoded: Sequence[Decoded], language: str, calibration: Calibration, identify: Identify = language_of
) -> tuple[Hypothesis, ...]:
    """What was probably said, best first, each text once; `language` decides where words tell nothing."""
    best: dict[str, Hypothesis] = {}
    for hypothesis in (h for part in decoded for h in _weighed(part, language, calibration, identify)):
        known = best.get(hypothesis.text)
        if known is None or known.confidence < hypothesis.confidence:
            best[hypothesis.text] = hypothesis
    return tuple(sorted(best.values(), key=lambda hypothesis: -hypothesis.confidence))


def _weighed(part: Decoded, language: str, calibration: Calibration, identify: Identify) -> Iterable[Hypothesis]:
    weights = astuple(calibration.grammar if part.narrow else calibration.all_words)
    for text, evidence in features(part):
        score = sum(weight * value for weight, value in zip(weights, evidence, strict=True))
        own = part.recogniser.language
        yield Hypothesis(text, identify(text, language if language in own else own[:2]), 1 / (1 + math.exp(-score)))


def features(part: Decoded) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each reading's words without [unk], and what the calibration weighs, in the order of the fields of Weights.

    The cost is counted by letter, not by second: two wrong words cost little for the time that they take, so that a
    sentence in one language was heard as two words of another, with confidence.
    """
    least = min((reading.cost for reading in part.readings), default=0.0)
    total = sum(math.exp(least - reading.cost) for reading in part.readings)
    for reading in part.readings:
        words = unicodedata.normalize("NFC", reading.text.lower()).split()
        spoken = [word for word in words if word != UNKNOWN]
        unknown = 1 - len(spoken) / len(words) if words else 1.0
        if unknown > MOST_UNKNOWN:
            return  # the readings after it are guesses at what is not for us
        letters = sum(map(len, spoken))
        share = least - reading.cost - math.log(total)
        words_per_s = len(words) / max(part.seconds, 0.1)
        yield " ".join(spoken), (1.0, reading.cost / letters, 1 / letters, words_per_s, unknown, share)

"""Trains the model of understanding from the corpus, and calibrates it on the development part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random
from types import MappingProxyType
from zlib import crc32

import numpy as np

from languages.number_parsing import Numbers
from languages.tokens import fold
from voice.nlu.learnt.corpus import CorpusLine, labels, written
from voice.nlu.learnt.corpus_noise import CorpusNoise
from voice.nlu.learnt.linear_layer import LinearLayer, softmax
from voice.nlu.learnt.linear_training import LinearRecipe, train_layer
from voice.nlu.learnt.model_file import LearntWeights
from voice.nlu.learnt.reader import SentenceReader
from voice.nlu.learnt.slot_tags import tags_of
from voice.nlu.learnt.splitting import SplitCandidate, best_bias, candidates, fitted, with_bias
from voice.nlu.learnt.tagger_training import TaggedSentence, train_tagger
from voice.nlu.learnt.text_features import WordFeatures, gap_features, sentence_features
from voice.values.intents import SlotValue

LOOKED_UP = ("n", "ns", "language")
UNKNOWN_INTENT_SHARE = 0.1
"""Share of sentences from which the tagger learns without their intent: the classifier may be wrong."""
TEMPERATURES = np.geomspace(0.2, 3.0, 28)
MISSED_PART = 1.5
"""Needless splits that a second part which was not noticed outweighs."""
FOLDS = 2

_INTENTS = LinearRecipe()
_GAPS = LinearRecipe(epochs=6, most=12_000, normed=False, rate=0.1, smoothing=0.01)
_CORRECTIONS = LinearRecipe(epochs=6, most=12_000)


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """How much of what."""

    disturbed_copies: int = 1
    """Copies of each line as it is heard badly."""
    swapped_copies: int = 1
    """Copies of each line that has slots, with other names in them."""
    moved_share: float = 0.6
    """Share of the lines of intents that may be said anywhere which have a copy in another state."""
    joined_share: float = 0.25
    """Sentences joined from two, as a share of the lines."""
    intents: LinearRecipe = _INTENTS
    gaps: LinearRecipe = _GAPS
    corrections: LinearRecipe = _CORRECTIONS
    tagger_epochs: int = 5


def train(
    lines: Sequence[CorpusLine],
    development: Sequence[CorpusLine],
    recipe: TrainingRecipe,
    seed: int,
    say: Callable[[str], None] = lambda text: None,
    names_of_works: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> LearntWeights:
    """Return weights learnt from `lines` and calibrated on `development`, as they are when that is empty.

    `names_of_works`: slot -> names that stand in copies of lines in place of theirs. Lines of development are
    never learnt from. The same lines, recipe and seed give the same weights.
    """
    names = tuple(labels().intents)
    copies = _copies(lines, names_of_works, recipe, seed)
    made = ", ".join(str(len(each)) for each in (copies.disturbed, copies.swapped, copies.joined, copies.moved))
    say(f"{len(lines)} lines; copies disturbed, swapped, joined, moved: {made}")
    number = {name: at for at, name in enumerate(names)}
    parts = [part for line in (*lines, *copies.disturbed, *copies.moved, *copies.joined) for part in _parts(line)]
    features = [sentence_features(part.words, part.state) for part in parts]
    intents = train_layer(features, [number[part.intent] for part in parts], len(names), recipe.intents, seed)
    say("intents are learnt")
    corrections = train_layer(features, [int(part.corrects) for part in parts], 2, recipe.corrections, seed)
    gaps = _train_gaps((*lines, *copies.joined), recipe.gaps, seed)
    judge = _judge(lines, copies.joined, names, recipe, seed)
    say("corrections and boundaries are learnt")
    counts = Counter(crc32(word.encode()) for line in lines for word in set(map(fold, line.tokens)))
    counts = Counter({word: min(times, 65535) for word, times in counts.items() if times > 1})
    marked = [line for line in (*copies.disturbed, *copies.joined) if line.slots]
    parts = [part for line in (*lines, *copies.swapped, *marked) for part in _parts(line)]
    tagger = train_tagger(_tagged(parts, dict(counts), seed), recipe.tagger_epochs, seed)
    say("slots are learnt")
    digest = sha256("\n".join(map(written, lines)).encode()).hexdigest()
    weights = LearntWeights(
        names, intents, corrections, gaps, tagger, dict(counts), _values(lines), judge=judge, made_of=digest
    )
    return calibrated(weights, development) if development else weights


@dataclass(frozen=True, slots=True)
class _Part:
    state: str
    words: tuple[str, ...]
    intent: str
    corrects: bool
    tags: tuple[str, ...]


def _parts(line: CorpusLine) -> Iterator[_Part]:
    intents = line.intents[-len(line.parts) :]
    tags = tags_of(line)
    bounds = [*line.parts, len(line.tokens)]
    for at, intent in enumerate(intents):
        start, end = bounds[at], bounds[at + 1]
        corrects = line.corrects and at == 0
        yield _Part(line.state, line.tokens[start:end], intent, corrects, tuple(tags[start:end]))


@dataclass(frozen=True, slots=True)
class _Copies:
    disturbed: list[CorpusLine]
    swapped: list[CorpusLine]
    joined: list[CorpusLine]
    moved: list[CorpusLine]


def _copies(
    lines: Sequence[CorpusLine], names: Mapping[str, Sequence[str]], recipe: TrainingRecipe, seed: int
) -> _Copies:
    noise = CorpusNoise(lines, seed, names)
    random = Random(seed)
    disturbed = [noise.disturbed(noise.swapped(line)) for line in lines for _ in range(recipe.disturbed_copies)]
    swapped = [noise.swapped(line) for line in lines if line.slots for _ in range(recipe.swapped_copies)]
    joined = [noise.joined(line) for line in lines if random.random() < recipe.joined_share]
    moved = [copy for line in lines if random.random() < recipe.moved_share and (copy := noise.moved(line)) is not line]
    return _Copies(disturbed, swapped, [line for line in joined if len(line.parts) > 1], moved)


def _train_gaps(lines: Sequence[CorpusLine], recipe: LinearRecipe, seed: int) -> LinearLayer:
    features, begins = [], []
    for line in lines:
        for at, gap in enumerate(gap_features(line.tokens, line.state), 1):
            features.append(gap)
            begins.append(int(at in line.parts))
    return train_layer(features, begins, 2, recipe, seed)


def _tagged(parts: Sequence[_Part], counts: dict[int, int], seed: int) -> list[TaggedSentence]:
    words = WordFeatures(counts, Numbers.load())
    random = Random(seed)
    sentences: list[TaggedSentence] = []
    for part in parts:
        intent = "" if random.random() < UNKNOWN_INTENT_SHARE else part.intent
        own = frozenset(map(fold, part.words))
        sentences.append((words.of(part.words, part.state, intent, own), part.tags))
    return sentences


def _values(lines: Sequence[CorpusLine]) -> dict[str, dict[str, SlotValue]]:
    """What the words of marked slots give, the commonest value of each."""
    found: dict[str, dict[str, Counter[SlotValue]]] = {name: defaultdict(Counter) for name in LOOKED_UP}
    for line in lines:
        for mark in line.slots:
            if mark.name in LOOKED_UP:
                key = " ".join(map(fold, line.tokens[mark.start : mark.end]))
                found[mark.name][key][mark.value] += 1
    return {
        name: {key: values.most_common(1)[0][0] for key, values in sorted(keys.items())} for name, keys in found.items()
    }


def calibrated(weights: LearntWeights, development: Sequence[CorpusLine]) -> LearntWeights:
    """Return `weights` with the temperature of the least surprise."""
    reader = SentenceReader(weights)
    number = {name: at for at, name in enumerate(weights.intent_names)}
    parts = [part for line in development for part in _parts(line)]
    scores = np.stack([reader.scores(part.words, part.state) for part in parts])
    right = np.asarray([number[part.intent] for part in parts])
    surprise = [
        -np.log(softmax(scores, float(each))[np.arange(len(right)), right] + 1e-9).mean() for each in TEMPERATURES
    ]
    return replace(weights, temperature=float(TEMPERATURES[int(np.argmin(surprise))]))


def _judge(
    lines: Sequence[CorpusLine], joined: Sequence[CorpusLine], names: Sequence[str], recipe: TrainingRecipe, seed: int
) -> tuple[float, ...]:
    """Weights of the evidence for a second part, learnt from sentences that the layers behind it have not seen."""
    number = {name: at for at, name in enumerate(names)}
    real: list[tuple[Sequence[SplitCandidate], int | None]] = []
    made: list[tuple[Sequence[SplitCandidate], int | None]] = []
    for turn in range(FOLDS):
        first, last = len(lines) * turn // FOLDS, len(lines) * (turn + 1) // FOLDS
        seen, unseen = [*lines[:first], *lines[last:]], lines[first:last]
        mates = {line.text for line in unseen}
        pairs = [line for line in joined if " ".join(line.tokens[: line.parts[1]]) in mates]
        others = [line for line in joined if " ".join(line.tokens[: line.parts[1]]) not in mates]
        parts = [part for line in seen for part in _parts(line)]
        features = [sentence_features(part.words, part.state) for part in parts]
        intents = train_layer(features, [number[part.intent] for part in parts], len(names), recipe.intents, seed)
        gaps = _train_gaps((*seen, *others), recipe.gaps, seed)
        for target, source in ((real, unseen), (made, pairs)):
            for line in source:
                second = line.parts[1] if len(line.parts) > 1 else None
                target.append((candidates(line.tokens, line.state, names, intents, gaps), second))
    examples = [(each.evidence, each.at == second) for found, second in (*real, *made) for each in found]
    judge = fitted([evidence for evidence, _ in examples], [right for _, right in examples])
    return tuple(with_bias(judge, best_bias(real, judge, MISSED_PART)))

"""The file of a learnt model: a mark, the format version, a checksum, then arrays as numpy writes them."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from voice.nlu.errors import IntentModelDamaged, IntentModelMissing, IntentModelOutdated
from voice.nlu.learnt.linear_layer import LinearLayer
from voice.nlu.learnt.splitting import EVIDENCE
from voice.nlu.learnt.tagger import Tagger
from voice.values.intents import SlotValue

FORMAT_VERSION = 2
"""Raised when the features or the arrays change: an older file would be read wrongly."""

_MARK = b"DAUYSNLU"
_HEAD = struct.Struct("<8sI32s")
_LAYERS = ("intents", "corrections", "gaps", "slots")


@dataclass(frozen=True, slots=True)
class LearntWeights:
    """Everything that training finds."""

    intent_names: tuple[str, ...]
    intents: LinearLayer
    corrections: LinearLayer
    """Two classes: plain, a correction."""
    gaps: LinearLayer
    """Two classes: the part goes on, the next begins."""
    tagger: Tagger
    word_counts: Mapping[int, int]
    """crc32 of the folded word -> lines of the corpus that have it."""
    slot_values: Mapping[str, Mapping[str, SlotValue]]
    """Slot -> folded words -> value."""
    temperature: float = 1.0
    """By which scores of intents are divided."""
    judge: tuple[float, ...] = ()
    """Weights of the evidence for a second part; empty for a reader that never splits."""
    made_of: str = ""
    """Checksum of the corpus, for the log and the model card."""


def write_model(path: Path, weights: LearntWeights) -> None:
    """Write the file. Raises OSError."""
    content = _content(weights)
    path.write_bytes(_HEAD.pack(_MARK, FORMAT_VERSION, sha256(content).digest()) + content)


def read_model(path: Path) -> LearntWeights:
    """Return the weights of a file.

    Raises IntentModelMissing, IntentModelOutdated or IntentModelDamaged; each says what to do.
    """
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise IntentModelMissing(
            f"There is no model of understanding at {path} ({error.strerror}); the phrasebook is used alone. "
            "Install Dauys again, or train one with scripts/train-understanding."
        ) from error
    again = "Install Dauys again; until then the phrasebook is used alone."
    if len(whole) < _HEAD.size or not whole.startswith(_MARK):
        raise IntentModelDamaged(f"{path} is no model of understanding. {again}")
    _, version, checksum = _HEAD.unpack_from(whole)
    if version != FORMAT_VERSION:
        raise IntentModelOutdated(
            f"{path} has format {version}, this Dauys reads format {FORMAT_VERSION}. Train it again with "
            "scripts/train-understanding; until then the phrasebook is used alone."
        )
    content = whole[_HEAD.size :]
    if sha256(content).digest() != checksum:
        raise IntentModelDamaged(f"{path} is damaged: its checksum differs. {again}")
    try:
        return _weights(content)
    except (KeyError, ValueError, TypeError, OSError, BadZipFile) as error:
        raise IntentModelDamaged(f"{path} has its checksum and is no model that can be used. {again}") from error


def _content(weights: LearntWeights) -> bytes:
    layers = (weights.intents, weights.corrections, weights.gaps, weights.tagger.layer)
    about = {
        "intent_names": weights.intent_names,
        "tags": weights.tagger.tags,
        "slot_values": {name: dict(values) for name, values in weights.slot_values.items()},
        "temperature": weights.temperature,
        "judge": weights.judge,
        "made_of": weights.made_of,
    }
    arrays: dict[str, NDArray[Any]] = {
        "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        "transitions": weights.tagger.transitions,
        "counted": np.asarray(list(weights.word_counts.keys()), np.uint32),
        "counts": np.asarray(list(weights.word_counts.values()), np.uint16),
    }
    for name, layer in zip(_LAYERS, layers, strict=True):
        arrays |= {f"{name}_ids": layer.ids, f"{name}_weights": layer.weights, f"{name}_scales": layer.scales}
    written = io.BytesIO()
    np.savez(written, allow_pickle=False, **arrays)
    return written.getvalue()


def _weights(content: bytes) -> LearntWeights:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        intents, corrections, gaps, slots = (
            LinearLayer(arrays[f"{name}_ids"], arrays[f"{name}_weights"], arrays[f"{name}_scales"]) for name in _LAYERS
        )
        counts = dict(zip(arrays["counted"].tolist(), arrays["counts"].tolist(), strict=True))
        tagger = Tagger(tuple(about["tags"]), slots, arrays["transitions"])
    names = tuple(about["intent_names"])
    if len(about["judge"]) not in (0, EVIDENCE):
        raise ValueError("the judge weighs other evidence")
    expected = ((intents, len(names)), (corrections, 2), (gaps, 2), (slots, len(tagger.tags)))
    for layer, classes in expected:
        if layer.weights.shape != (len(layer.ids), classes) or layer.scales.shape != layer.ids.shape:
            raise ValueError("an array has another shape than its names")
    return LearntWeights(
        names,
        intents,
        corrections,
        gaps,
        tagger,
        counts,
        about["slot_values"],
        float(about["temperature"]),
        tuple(map(float, about["judge"])),
        str(about["made_of"]),
    )

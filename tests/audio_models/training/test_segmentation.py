"""Words cut out of sentences stand where the sentence says them."""

from __future__ import annotations

import itertools
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest

from tests.audio_models.speech import said

torch = pytest.importorskip("torch", reason="training needs PyTorch, which is not installed")

from audio_models.acoustic_units import CYRILLIC  # noqa: E402
from audio_models.starter import shipped  # noqa: E402
from audio_models.training.corpus_store import fill  # noqa: E402
from audio_models.training.features import log_mel  # noqa: E402
from audio_models.training.reading_back import read_network  # noqa: E402
from audio_models.training.segmentation import aligned, pieces  # noqa: E402


@pytest.mark.parametrize("labels", [[1, 2], [1, 1], [2, 1, 2]])
def test_the_path_is_the_best_of_all(labels):
    scores = np.log(np.random.default_rng(3).dirichlet((1, 1, 1), 6)).astype(np.float32)

    def says(path: tuple[int, ...]) -> list[int]:
        return [unit for unit, _ in itertools.groupby(path) if unit]

    ways = [path for path in itertools.product(range(3), repeat=6) if says(path) == labels]
    costs = {path: -sum(scores[time, unit] for time, unit in enumerate(path)) for path in ways}
    best = min(costs, key=costs.__getitem__)
    cost, spans = aligned(scores, labels)
    assert cost == pytest.approx(costs[best], abs=1e-5)
    assert [best[first] for first, _ in spans] == labels
    assert all(set(best[first:past]) == {label} for (first, past), label in zip(spans, labels, strict=True))
    assert sum(past - first for first, past in spans) == sum(unit > 0 for unit in best)


def test_pieces_are_the_words_they_are_called(tmp_path: Path):
    network = read_network(shipped("dauys-starter-kk-ru") / "am" / "final.mdl", len(CYRILLIC))
    network.eval()
    text = "найдите вторую книгу абая"
    energies = log_mel(said(text, "ru").samples)
    shelf = fill(tmp_path / "shelf", [("ru", "extra-anna", text, energies)])
    found = [piece for seed in range(8) for piece in pieces(shelf, tmp_path / "copies", network, seed)]
    assert {len(words.split()) for _, _, words, _ in found} >= {1, 2}

    def read(piece: np.ndarray) -> str:
        with torch.no_grad():
            units = network(torch.from_numpy(piece)[None])[0].argmax(dim=1).tolist()
        return "".join(CYRILLIC[unit - 1] for unit, _ in itertools.groupby(units) if unit)

    for language, voice, words, piece in found:
        assert (language, voice) == ("ru", "cut-extra-anna")
        assert words in text
        # a vowel after a vowel may lose its edge, but no other word of the sentence is as near
        others = [other for other in text.split() if other not in words]
        likeness = SequenceMatcher(None, read(piece), words.replace(" ", "")).ratio()
        assert all(likeness > SequenceMatcher(None, read(piece), other).ratio() for other in others)
        assert likeness > 0.7

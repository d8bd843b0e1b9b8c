"""Adaptation: a few minutes of one person's recordings make the model better for that person, or nothing changes.

The shipped network is read back from its file and trained a little further on the recordings, mixed with machine speech
so that it does not forget everybody else. Every fourth recording is kept apart; the adapted model takes over only when
it hears more of these and no less of our own test.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio_models.errors import BadRecordings
from audio_models.sample_texts import library_texts
from audio_models.scoring import summary, test_models
from audio_models.spelling import spell
from audio_models.starter import Starter, acoustic_part
from audio_models.synthetic_test_set import make_own_test
from audio_models.training.batches import Batches, Example
from audio_models.training.corpus_store import CorpusStore, fill
from audio_models.training.examples import units_of
from audio_models.training.export import export
from audio_models.training.extra_corpus import read_sound
from audio_models.training.fit import Schedule, fit
from audio_models.training.preparation import make_copy
from audio_models.training.reading_back import read_network
from audio_models.training.tts_voices import espeak
from audio_models.transcribed_recordings import TranscribedRecording, read_recordings

FEWEST = 12
"""Recordings; fewer teach nothing that can be measured."""
COPIES = 4
OTHERS = 300
"""Sentences of machine speech in each language, against forgetting."""
PERSON_WEIGHT = 4.0
MAY_LOSE = 0.01
"""Share of our own test that the adapted model may lose."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares heard right with a grammar of all phrases, before and after."""

    person: tuple[float, float]
    others: tuple[float, float]

    @property
    def better(self) -> bool:
        """Better for the person and no worse for others."""
        return self.person[1] > self.person[0] and self.others[1] >= self.others[0] - MAY_LOSE


def adapt(
    root: Path, starter: Starter, recordings: Sequence[TranscribedRecording], seconds: float, report: Report
) -> Comparison:
    """Adapt a starter model of the store `root` to recordings; it is put in place only when it is better.

    `seconds` is how long to train. Nothing of the recordings is kept. Raises BadRecordings when there are too few.
    """
    mine = [recording for recording in recordings if recording.language in starter.languages]
    if len(mine) < FEWEST:
        raise BadRecordings(
            f"Adapting {starter.name} needs {FEWEST} recordings in its languages; here are {len(mine)}."
        )
    kept_apart, learnt = mine[::4], [recording for place, recording in enumerate(mine) if place % 4]
    with tempfile.TemporaryDirectory(prefix="dauys-adapt-") as name:
        folder = Path(name)
        person = fill(folder / "person", ((r.language, r.speaker, r.text, read_sound(r.path)) for r in learnt))
        chance = random.Random(1)
        texts = {language: library_texts(language, OTHERS, seed=3) for language in starter.languages}
        share, accents = dict.fromkeys(texts, OTHERS), {language: [language] for language in texts}
        others = fill(
            folder / "others", espeak(texts, share, accents, ["m1", "m3", "f2", "f5"], (120, 200), (30, 70), chance)
        )
        for shelf in (person, others):
            for number in range(COPIES):
                make_copy(folder / "copies", shelf, number)
        network = read_network(acoustic_part(root, starter.name) / "am" / "final.mdl", len(units_of(starter.units)))
        batches = Batches((person, others), folder / "copies", _examples((person, others), starter), seed=1)
        fit(network, batches, Schedule(seconds, rate=3e-4), folder / "checkpoint", report)
        adapted = folder / "store" / "adapted" / starter.name
        export(network, adapted)
        own = [r for r in read_recordings(make_own_test(folder / "own")) if r.language in starter.languages]
        comparison = Comparison(_both(root, folder / "store", kept_apart), _both(root, folder / "store", own))
        if comparison.better:
            _put_in_place(adapted, root / "adapted" / starter.name)
    return comparison


def undo(root: Path, starter: Starter) -> bool:
    """Go back to the model that ships; False when it was not adapted. The graph is built again at the next start."""
    adapted = root / "adapted" / starter.name
    shutil.rmtree(adapted, ignore_errors=True)
    return not adapted.exists()


def _examples(shelves: Sequence[CorpusStore], starter: Starter) -> list[Example]:
    found = []
    for place, shelf in enumerate(shelves):
        spellings = spell((word for u in shelf.utterances for word in u.text.split()), starter.units)
        for number, utterance in enumerate(shelf.utterances):
            words = utterance.text.split()
            if all(word in spellings for word in words):
                row = tuple(unit for word in words for unit in spellings[word][0])
                found.append(Example(place, number, row, PERSON_WEIGHT if place == 0 else 1.0))
    return found


def _both(old: Path, new: Path, recordings: Sequence[TranscribedRecording]) -> tuple[float, float]:
    before, after = (summary(test_models(root, recordings, (), ()))["accuracy_closed"] for root in (old, new))
    return before, after


def _put_in_place(adapted: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    incoming = place.with_name(f".new-{place.name}")
    shutil.rmtree(incoming, ignore_errors=True)
    shutil.copytree(adapted, incoming)
    shutil.rmtree(place, ignore_errors=True)
    incoming.rename(place)

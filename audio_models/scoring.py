"""How well a model hears: word error rate, phrases right, false accepts and rejects, real-time factor."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from audio_models.decoding import Decoder, Heard, normalised
from audio_models.errors import BadRecordings
from audio_models.sound_files import PcmAudio, read_sound
from audio_models.starter import STARTERS, Weighted, prepare
from audio_models.transcribed_recordings import TranscribedRecording

OPEN_WORDS = 5000
"""Size of the open vocabulary in which the words of a test are put."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording, heard with all words and with a grammar."""

    recording: TranscribedRecording
    open: Heard
    closed: Heard
    seconds: float
    """Length of the recording."""

    @property
    def errors(self) -> int:
        """Words wrong, missing or too many in the open reading."""
        return Levenshtein.distance(normalised(self.open.text).split(), normalised(self.recording.text).split())

    @property
    def right(self) -> bool:
        """The closed reading is the phrase, to the letter."""
        return not self.closed.unknown and normalised(self.closed.text) == normalised(self.recording.text)


def summary(trials: Sequence[Trial]) -> dict[str, float | int]:
    """utterances, wer_open and accuracy_closed (0 to 1), rtf (processor time by length of the audio)."""
    words = sum(len(normalised(trial.recording.text).split()) for trial in trials)
    seconds = sum(trial.seconds for trial in trials)
    return {
        "utterances": len(trials),
        "wer_open": round(sum(trial.errors for trial in trials) / max(words, 1), 4),
        "accuracy_closed": round(sum(trial.right for trial in trials) / max(len(trials), 1), 4),
        "rtf": round(sum(trial.open.seconds for trial in trials) / max(seconds, 1e-9), 4),
    }


def report_on(trials: Sequence[Trial]) -> dict[str, object]:
    """The summary of all, and of every language and speaker."""

    def grouped(key: Callable[[Trial], str]) -> dict[str, dict[str, float | int]]:
        names = sorted({key(trial) for trial in trials})
        return {name: summary([trial for trial in trials if key(trial) == name]) for name in names}

    return {
        **summary(trials),
        "by_language": grouped(lambda trial: trial.recording.language),
        "by_speaker": grouped(lambda trial: trial.recording.speaker),
    }


def test_models(
    store_root: Path,
    recordings: Sequence[TranscribedRecording],
    phrases: Sequence[str],
    vocabulary: Weighted,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    change: Callable[[PcmAudio], PcmAudio] = lambda sound: sound,
) -> list[Trial]:
    """Hear every recording with the starter model of its language.

    The graphs are built for the test, elsewhere: the words of the recordings put into a vocabulary of 5,000 (of
    `phrases` and `vocabulary`), and without the sentences of the recordings. The closed grammar is exactly the distinct
    texts of the recordings in the models' languages, and [unk]. `change` is done to every sound first: a noise, a
    telephone line. Raises BadRecordings for an empty folder or a broken file.
    """
    if not recordings:
        raise BadRecordings("There is no recording to test with: transcripts.tsv has no line.")
    trials: list[Trial] = []
    with tempfile.TemporaryDirectory(prefix="dauys-test-") as folder:
        root = Path(folder)
        if (store_root / "adapted").is_dir():
            (root / "adapted").symlink_to(store_root / "adapted")
        prepare(root, phrases, open_vocabulary(recordings, phrases, vocabulary))
        for starter in STARTERS:
            mine = [recording for recording in recordings if recording.language in starter.languages]
            if not mine:
                continue
            decoder = Decoder(root / starter.name)
            grammar = sorted({normalised(recording.text) for recording in mine})
            for recording in mine:
                sound = change(read_sound(recording.path))
                heard = decoder.hear(sound), decoder.hear(sound, grammar)
                trials.append(Trial(recording, *heard, sound.seconds))
                progress(len(trials), len(recordings))
    return trials


def open_vocabulary(
    recordings: Iterable[TranscribedRecording], phrases: Sequence[str], vocabulary: Weighted
) -> Weighted:
    """Words and titles for `prepare`: together with the phrases' and the recordings' words they make 5,000 words.

    The most popular of the catalogue come first, each with its own popularity; a word of the recordings that neither
    knows has a middling one. Of the titles those are in whose words all are.
    """
    popular = {text: weight for text, weight in vocabulary if " " not in text}
    needed = {word for recording in recordings for word in normalised(recording.text).split()}
    said = {word for phrase in phrases for word in normalised(phrase).split()}
    words = needed | said
    for word in sorted(popular, key=lambda word: (-popular[word], word)):
        if len(words) >= OPEN_WORDS:
            break
        words.add(word)
    middling = sorted(popular.values())[len(popular) // 2] if popular else 1.0
    strange = needed - popular.keys() - said
    titles = [(text, weight) for text, weight in vocabulary if " " in text and words.issuperset(text.split())]
    return [
        *((word, popular[word]) for word in sorted(words & popular.keys())),
        *((word, middling) for word in sorted(strange)),
        *titles,
    ]
